"""L'aidant et la révision : la demander avec la personne, la compléter, prendre du temps.

Source : `ecrans-et-lettres.md` B7; manuel, sujet 43378 (le temps pris fait repartir les délais).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.etats import Etat
from dossiers.models import Dossier, Echeance
from dossiers.pages import soumettre
from espaces.organisme_forms import DelaiForm, ObservationsForm, RevisionForm
from espaces.views.organisme import entrer_par_mandat
from revision.lecture import delais_pris

PAS_DE_REVISION = "Aucune révision n'est en cours pour cette personne."


@require_http_methods(["GET", "POST"])
def revision(request: HttpRequest, reference: str) -> HttpResponse:
    """Demander une révision avec la personne; tardive, elle est reçue quand même."""
    ouvert, _droits, _mandat = entrer_par_mandat(request, reference, "revision.demander")
    formulaire = RevisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        lues = {nom: formulaire.cleaned_data[nom] or None for nom in ("motifs", "impossibilite_agir")}
        if soumettre(request, formulaire, "demander_revision", ouvert, forme="ressource", **lues)[0]:
            messages.success(request, "La demande de révision est reçue et datée d'aujourd'hui.")
            return redirect("organisme_dossier", reference)
    echeance = Echeance.objects.filter(dossier=ouvert, code=Echeance.Code.DEMANDER_REVISION).order_by("-date").first()
    contexte = {"form": formulaire, "dossier": ouvert, "echeance": echeance}
    return render(request, "espaces/organisme_revision.html", contexte)


def en_revision(dossier: Dossier) -> bool:
    """Vrai si une demande du dossier est en révision."""
    return bool(dossier.demandes.filter(etat=Etat.EN_REVISION).exists())


@require_http_methods(["GET", "POST"])
def observations(request: HttpRequest, reference: str) -> HttpResponse:
    """Écrire des observations avec la personne; l'équipe de révision les lit avant de décider."""
    ouvert, droits, _mandat = entrer_par_mandat(request, reference, "revision.demander")
    # Un envoi tardif va jusqu'à l'acte : refusé, il garde ce qui est écrit.
    if request.method == "GET" and not en_revision(ouvert):
        messages.info(request, PAS_DE_REVISION)
        return redirect("organisme_dossier", reference)
    formulaire = ObservationsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        texte = formulaire.cleaned_data["texte"]
        if soumettre(request, formulaire, "presenter_observations", ouvert, texte=texte)[0]:
            messages.success(request, "Les observations sont reçues. L'équipe de révision les lira avant de décider.")
            return redirect("organisme_dossier", reference)
    prise = delais_pris().filter(demande__dossier=ouvert).order_by("-pk").first()
    contexte = {
        "form": formulaire,
        "dossier": ouvert,
        "jusqu_au": prise.le_jour if prise is not None else None,
        "verse": droits.peut("piece.verser"),
    }
    return render(request, "espaces/organisme_observations.html", contexte)


@require_http_methods(["GET", "POST"])
def delai(request: HttpRequest, reference: str) -> HttpResponse:
    """Prendre, avec la personne, du temps pour compléter la révision."""
    ouvert, _droits, _mandat = entrer_par_mandat(request, reference, "revision.demander")
    if request.method == "GET" and not en_revision(ouvert):
        messages.info(request, PAS_DE_REVISION)
        return redirect("organisme_dossier", reference)
    formulaire = DelaiForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        jusqu_au = formulaire.cleaned_data["jusqu_au"]
        if soumettre(request, formulaire, "demander_delai", ouvert, jusqu_au=jusqu_au)[0]:
            messages.success(request, "C'est noté. L'équipe de révision attendra jusqu'à cette date.")
            return redirect("organisme_dossier", reference)
    return render(request, "espaces/organisme_delai.html", {"form": formulaire, "dossier": ouvert})
