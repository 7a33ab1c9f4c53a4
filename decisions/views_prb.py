"""`/dossiers/<référence>/revenu-de-base/` : les mois comptés, d'où vient chacun, et ce qui manque."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions import prb
from decisions.models import MoisSolidarite
from dossiers.forms import FormulaireGeste, SansChamp, radios
from dossiers.models import Dossier
from dossiers.pages import contexte, entrer, soumettre
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate


class FormulaireMois(FormulaireGeste):
    """Des mois qui se suivent, leur source, et le document lu."""

    source = radios("D'où viennent ces mois?")
    du = ChampDate(label="Premier mois", help_text="N'importe quel jour du mois.")
    au = ChampDate(label="Dernier mois", help_text="Le même jour, si un seul mois compte.")
    note = forms.CharField(
        label="Quel document le montre?", max_length=160, help_text="Par exemple : « Relevé de prestations de 2025 »."
    )

    def preparer(self) -> None:
        self.offrir("source", list(MoisSolidarite.Source.choices))


def _etat(dossier: Dossier) -> dict[str, Any]:
    """Le compte du jour, et les mois de la fenêtre, du plus récent au plus ancien."""
    jour = horloge.aujourd_hui()
    regles = {code: referentiels.ligne_regle(code, jour) for code in ("prb_mois_requis", "prb_fenetre_mois")}
    requis, fenetre = (referentiels.regle(code, jour) for code in regles)
    vivants = list(
        MoisSolidarite.objects.filter(dossier=dossier, retire_le__isnull=True).select_related("par").order_by("-mois")
    )
    compte = prb.compter((un.mois for un in vivants), jour, requis, fenetre)
    dedans = [un for un in vivants if compte.du <= un.mois <= compte.au]
    return {
        "compte": compte,
        "mois": dedans,
        "hors": len(vivants) - len(dedans),
        "source_regle": regles["prb_mois_requis"].source,
    }


@require_http_methods(["GET", "POST"])
def revenu_de_base(request: HttpRequest, reference: str) -> HttpResponse:
    """Compter, ajouter, retirer; la page ne décide rien et ne promet rien."""
    dossier, droits = entrer(request, reference)
    if not droits.peut("dossier.traiter"):
        raise Http404
    geste = request.POST.get("geste", "")
    form = FormulaireMois(request.POST if geste == "ajouter" else None, dossier=dossier, personne=droits.personne)
    retrait = SansChamp(request.POST if geste == "retirer" else None, dossier=dossier, personne=droits.personne)
    if geste == "ajouter" and form.is_valid():
        fait, _ = soumettre(request, form, "consigner_mois_solidarite", dossier, **form.donnees())
        if fait:
            messages.success(request, "Les mois sont comptés.")
            return redirect("revenu_de_base", dossier.reference)
    if geste == "retirer" and retrait.is_valid():
        donnees = {"mois": request.POST.get("mois", "")}
        if soumettre(request, retrait, "retirer_mois_solidarite", dossier, **donnees)[0]:
            messages.success(request, "Le mois ne compte plus. Sa trace reste au dossier.")
            return redirect("revenu_de_base", dossier.reference)
        messages.error(request, "Ce mois n'est plus au compte. Voici le compte du moment.")
    page = contexte(request, dossier, droits) | {"form": form, "retrait": retrait, **_etat(dossier)}
    return render(request, "decisions/revenu_de_base.html", page)
