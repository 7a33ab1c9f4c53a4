"""« On m'a demandé de payer » : la personne note des frais demandés pour remplir son rapport, ou annule une erreur."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.forms_frais import FormulaireFrais
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, personne_de, soumettre
from espaces.views.suivi import commun, mien


@require_http_methods(["GET", "POST"])
def frais(request: HttpRequest) -> HttpResponse:
    """Ce qui est déjà noté, la règle du jour; noter un montant, ou annuler celui noté par erreur."""
    dossier, droits = mien(request)
    if dossier.courante_lue is None or not droits.peut("frais.noter"):
        raise Http404
    if request.method == "POST" and "annuler" in request.POST:
        return _annuler(request, dossier)
    form = FormulaireFrais(
        request.POST if request.method == "POST" else None, dossier=dossier, personne=personne_de(request)
    )
    valide = request.method == "POST" and form.is_valid()
    if valide and soumettre(request, form, "noter_frais_rapport", dossier, **form.donnees())[0]:
        messages.success(request, "C'est noté. Gardez le reçu, si vous en avez un.")
        return redirect("suivi_frais")
    annulables = [(un, uuid4()) for un in form.notes]
    return render(request, "espaces/suivi_frais.html", commun(dossier, form=form, annulables=annulables))


def _annuler(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    form = FormulaireActe(request.POST)
    vise = request.POST.get("annuler", "")
    if form.is_valid() and soumettre(request, form, "annuler_frais_rapport", dossier, frais=vise)[0]:
        messages.success(request, "C'est annulé.")
    else:
        messages.warning(request, "Ce montant n'est plus sur votre liste. Rien n'a changé.")
    return redirect("suivi_frais")
