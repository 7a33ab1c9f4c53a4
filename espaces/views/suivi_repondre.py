"""La personne répond avant une décision, demande un appel, dépose une demande ou la retire.

Source : `ecrans-et-lettres.md` B8; `cas/LISEZMOI.md`, colonne « prestataire ».
"""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import Demande
from espaces import suivi as lecture
from espaces.forms_suivi import ConfirmationForm, TexteForm
from espaces.views.suivi import commun, mien
from espaces.views.suivi_commun import exiger, jouer, lire_ou_envoyer, page, sa_demande
from socle import horloge


@lire_ou_envoyer
def occasion(request: HttpRequest) -> HttpResponse:
    """Répondre avant une décision défavorable; « je n'ai rien d'autre » est une réponse."""
    dossier, _ = mien(request)
    offerte = lecture.occasion_ouverte(sa_demande(dossier))
    # Un envoi tardif va jusqu'à l'acte : refusé, il garde ce qui est écrit; déjà reçu, il le dit.
    if offerte is None and request.method == "GET":
        return redirect("suivi")
    forme = TexteForm(request.POST or None, etiquette="Ce que vous voulez nous dire")
    if forme.is_valid():
        dit = (
            "Nous avons reçu votre réponse. Elle sera lue avant la décision."
            if offerte
            else "Nous avons reçu votre réponse. Elle est à votre dossier."
        )
        suite = jouer(request, forme, "repondre_occasion", dossier, dit, texte=forme.cleaned_data["texte"])
        if suite is not None:
            return suite
    elements = lecture.elements_en_mots(offerte.elements, horloge.jour_civil(offerte.offerte_le)) if offerte else []
    return page(
        request,
        dossier,
        forme,
        "Répondez avant que nous décidions",
        ["Voici ce qui manque à votre dossier. Vous pouvez aussi écrire que vous n'avez rien à ajouter."],
        "Envoyer ma réponse",
        elements=elements,
        avant=offerte.jusqu_au if offerte else None,
        offrir_temps=uuid4() if offerte else "",
        parler=True,
        documents=True,
    )


@lire_ou_envoyer
def demande(request: HttpRequest) -> HttpResponse:
    """Faire une première demande, ou une nouvelle."""
    dossier, droits = mien(request)
    exiger(droits, "demande.deposer")
    forme = ConfirmationForm(request.POST or None)
    nature = Demande.Type.INITIALE if dossier.courante_lue is None else Demande.Type.NOUVELLE
    if forme.is_valid():
        dit = "Nous avons reçu votre demande. Une lettre le confirmera."
        suite = jouer(request, forme, "deposer_demande", dossier, dit, canal=Demande.Canal.EN_LIGNE, type=nature)
        if suite is not None:
            return suite
    intro = [
        "Votre demande compte à partir d'aujourd'hui.",
        "Ensuite, un professionnel de la santé décrit vos limitations, et vous parlez de vos études et emplois.",
        "Une urgence pour vous loger ou manger ? Appelez-nous : n'attendez pas la décision.",
    ]
    return page(request, dossier, forme, "Faire une demande", intro, "Déposer ma demande")


@lire_ou_envoyer
def desistement(request: HttpRequest) -> HttpResponse:
    """Retirer sa demande, ou sa demande de révision : une pause avant un geste qui ferme."""
    dossier, _ = mien(request)
    courante = sa_demande(dossier)
    if courante.etat not in (*AVANT_DECISION, Etat.EN_REVISION) and request.method == "GET":
        return redirect("suivi")
    en_revision = courante.etat == Etat.EN_REVISION
    forme = TexteForm(request.POST or None, etiquette="Pourquoi ?", requis=False, maximum=300)
    if forme.is_valid():
        dit = "Votre demande de révision est retirée." if en_revision else "Votre demande est retirée."
        suite = jouer(request, forme, "se_desister", dossier, dit, motif=forme.cleaned_data["texte"])
        if suite is not None:
            return suite
    return render(request, "espaces/suivi_desistement.html", commun(dossier, form=forme, en_revision=en_revision))
