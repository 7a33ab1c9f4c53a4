"""Le signataire retire un rapport qu'il a signé pour la mauvaise personne."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.forms_silences import FormulaireRetraitRapport
from dossiers.pages import entrer, soumettre
from espaces.views.clinique import clinicienne_de


class FormulaireRetraitSignataire(FormulaireRetraitRapport):
    """Le motif, et la confirmation que rien ne se reprend."""

    confirme = forms.BooleanField(
        label="Je retire mon dernier rapport de ce dossier. Je sais que je ne pourrai plus le lire."
    )


@require_http_methods(["GET", "POST"])
def retirer(request: HttpRequest, reference: str) -> HttpResponse:
    """Une page, un motif, une confirmation; ensuite, l'accès que la signature ouvrait est fermé."""
    personne = clinicienne_de(request)
    dossier, _ = entrer(request, reference, "rapport.retirer")
    form = FormulaireRetraitSignataire(request.POST or None, dossier=dossier, personne=personne)
    if request.method == "POST" and form.is_valid():
        fait, _ = soumettre(request, form, "retirer_rapport", dossier, motif=form.cleaned_data["motif"])
        if fait:
            messages.success(request, "Le rapport est retiré. L'équipe du dossier est avisée.")
            return redirect("clinique")
    return render(request, "espaces/clinique_retrait.html", {"dossier": dossier, "form": form})
