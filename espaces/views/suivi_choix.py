"""Les choix de la personne autour de sa demande : apprendre la décision, l'argent qui presse, se plaindre.

Source : `ecrans-et-lettres.md` B8.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import Alerte, Plainte
from dossiers.pages import soumettre
from espaces.forms_choix import AnnonceForm, PlainteForm, UrgenceForm
from espaces.suivi import peut_demander_revision
from espaces.views.suivi import commun, mien
from referentiels import lecture as referentiels
from socle import horloge

lire_ou_envoyer = require_http_methods(["GET", "POST"])
PROTECTEUR = "protecteur_citoyen"
# Expressions datées : ce qui peut se dire de la date d'effet sans rien promettre.
RETROACTIVITE = ("retroactivite_lettre", "retroactivite_avant", "retroactivite_sans_promesse")


@lire_ou_envoyer
def annonce(request: HttpRequest) -> HttpResponse:
    """Choisir comment, et avec qui, apprendre la décision."""
    dossier, droits = mien(request)
    if not droits.peut("consentement.ecrire"):
        raise Http404
    demande = dossier.courante_lue
    if (demande is None or demande.etat not in (*AVANT_DECISION, Etat.EN_REVISION)) and request.method == "GET":
        return redirect("suivi")
    forme = AnnonceForm(request.POST or None, initial=AnnonceForm.depuis(dossier.annonce))
    if forme.is_valid() and soumettre(request, forme, "changer_annonce", dossier, comment=forme.dite())[0]:
        messages.success(request, "C'est noté. Vous pouvez changer d'avis jusqu'à la décision.")
        return redirect("suivi")
    return render(request, "espaces/suivi_annonce.html", commun(dossier, form=forme, parler=True))


@lire_ou_envoyer
def argent(request: HttpRequest) -> HttpResponse:
    """Manquer d'argent maintenant, et à partir de quand la décision comptera : dit, sans promesse."""
    dossier, droits = mien(request)
    forme = UrgenceForm(request.POST or None)
    if request.method == "POST" and not droits.peut("alerte.signaler"):
        raise Http404
    if forme.is_valid():
        donnees = {"code": Alerte.Code.URGENCE, "precision": forme.cleaned_data["precision"]}
        if soumettre(request, forme, "signaler_alerte", dossier, **donnees)[0]:
            messages.success(request, "C'est noté : votre équipe voit que c'est urgent. Appelez-nous aussi.")
            return redirect("suivi_argent")
    jour = horloge.aujourd_hui()
    signalee = Alerte.objects.filter(dossier=dossier, code=Alerte.Code.URGENCE, close_le__isnull=True).first()
    donnees = commun(
        dossier,
        form=forme,
        aides=referentiels.lignes_aide(jour, crise=False),
        signalee=signalee,
        retroactivite=[referentiels.vocabulaire(code, jour) for code in RETROACTIVITE],
    )
    return render(request, "espaces/suivi_argent.html", donnees)


@lire_ou_envoyer
def plainte(request: HttpRequest) -> HttpResponse:
    """Se plaindre du service, et lire la réponse; ce n'est pas une révision."""
    dossier, droits = mien(request)
    if not droits.peut("plainte.deposer"):
        raise Http404
    forme = PlainteForm(request.POST or None)
    if forme.is_valid():
        donnees = {nom: forme.cleaned_data[nom] for nom in ("sujet", "texte", "souhait")}
        if soumettre(request, forme, "deposer_plainte", dossier, **donnees)[0]:
            messages.success(request, "Nous avons reçu votre plainte. Votre agent ne la voit pas.")
            return redirect("suivi_plainte")
    faites = Plainte.objects.filter(dossier=dossier).order_by("-pk")[:10]
    donnees = commun(
        dossier,
        form=forme,
        plaintes=list(faites),
        protecteur=referentiels.ligne_aide(PROTECTEUR, horloge.aujourd_hui()),
        contestable=peut_demander_revision(dossier.courante_lue),
    )
    return render(request, "espaces/suivi_plainte.html", donnees)
