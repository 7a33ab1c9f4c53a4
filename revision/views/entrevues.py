"""L'entrevue de révision : la prévoir avec la personne, la déplacer, l'annuler, la noter.

Source : `ecrans-et-lettres.md` B5; manuel, sujet 43364 (environ 40 minutes, au téléphone d'ordinaire).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.acces import Droits
from dossiers.models import Dossier
from dossiers.pages import soumettre
from referentiels import lecture as referentiels
from revision.actes.entrevues import prevue_de
from revision.forms import AnnulerEntrevueForm, EntrevueForm, PrevoirForm
from revision.models import EntrevuePrevue, Revision
from revision.views.commun import contexte_revision, entrer_en_revision
from socle import horloge
from socle.dates_en_mots import date_heure


@require_http_methods(["GET", "POST"])
def noter(request: HttpRequest, reference: str) -> HttpResponse:
    """Noter une entrevue tenue; la personne peut ajouter des pièces jusqu'à la signature."""
    ouvert, droits, revision = entrer_en_revision(request, reference)
    prevue = prevue_de(revision)
    formulaire = EntrevueForm(request.POST or None, initial={"mode": prevue.mode} if prevue else None)
    if request.method == "POST" and formulaire.is_valid():
        donnees = {champ: formulaire.cleaned_data[champ] for champ in ("mode", "note")}
        reussi, _ = soumettre(request, formulaire, "tenir_entrevue", ouvert, **donnees)
        if reussi:
            messages.success(request, "L'entrevue est notée au dossier.")
            return redirect("revision_dossier", reference)
    contexte = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": formulaire,
        "prevue": prevue,
        "minutes": _minutes(),
    }
    return render(request, "revision/entrevue.html", contexte)


@require_http_methods(["GET", "POST"])
def prevoir(request: HttpRequest, reference: str) -> HttpResponse:
    """Noter la date convenue; une nouvelle date déplace l'entrevue, et elle s'annule avec sa raison."""
    ouvert, droits, revision = entrer_en_revision(request, reference)
    prevue = prevue_de(revision)
    if request.method == "POST" and request.POST.get("geste") == "annuler":
        return _annuler(request, ouvert, droits, revision, prevue)
    formulaire = PrevoirForm(request.POST or None, initial=_depart(prevue))
    if request.method == "POST" and formulaire.is_valid():
        reussi, _ = soumettre(request, formulaire, "planifier_entrevue", ouvert, **formulaire.donnees())
        if reussi:
            messages.success(request, "L'entrevue est prévue. La personne la voit dans son suivi.")
            return redirect("revision_dossier", reference)
    return _page(request, ouvert, droits, revision, prevue, formulaire, AnnulerEntrevueForm(auto_id="annuler_%s"))


def _annuler(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, prevue: EntrevuePrevue | None
) -> HttpResponse:
    annulation = AnnulerEntrevueForm(request.POST, auto_id="annuler_%s")
    if annulation.is_valid():
        raison = annulation.cleaned_data["raison"]
        reussi, _ = soumettre(request, annulation, "annuler_entrevue", ouvert, raison=raison)
        if reussi:
            messages.success(request, "L'entrevue est annulée. Dites-le à la personne.")
            return redirect("revision_dossier", ouvert.reference)
    return _page(request, ouvert, droits, revision, prevue, PrevoirForm(initial=_depart(prevue)), annulation)


def _page(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    prevue: EntrevuePrevue | None,
    formulaire: PrevoirForm,
    annulation: AnnulerEntrevueForm,
) -> HttpResponse:
    contexte = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": annulation if annulation.is_bound else formulaire,
        "prevoir": formulaire,
        "annulation": annulation,
        "prevue": prevue,
        "prevue_dite": date_heure(prevue.prevue_le) if prevue else "",
        "minutes": _minutes(),
    }
    return render(request, "revision/prevoir.html", contexte)


def _minutes() -> int:
    """La durée à prévoir, de la règle du jour (manuel, sujet 43364)."""
    return int(referentiels.regle("entrevue_revision_minutes", horloge.aujourd_hui()))


def _depart(prevue: EntrevuePrevue | None) -> dict[str, object]:
    """Ce que la page propose : l'entrevue prévue telle quelle, ou la durée de la règle."""
    if prevue is None:
        return {"minutes": _minutes()}
    local = prevue.prevue_le.astimezone(horloge.FUSEAU)
    return {
        "jour": local.date(),
        "heure": local.strftime("%H:%M"),
        "mode": prevue.mode,
        "minutes": prevue.minutes,
        "precisions": prevue.precisions,
    }
