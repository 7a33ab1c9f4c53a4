"""« On m'a demandé de payer » : la personne note des frais demandés pour remplir son rapport."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.forms_frais import FormulaireFrais
from dossiers.pages import personne_de, soumettre
from espaces.views.suivi import commun, mien


@require_http_methods(["GET", "POST"])
def frais(request: HttpRequest) -> HttpResponse:
    """Ce qui est déjà noté, la règle du jour, et noter un paiement."""
    dossier, droits = mien(request)
    if dossier.courante_lue is None or not droits.peut("frais.noter"):
        raise Http404
    form = FormulaireFrais(
        request.POST if request.method == "POST" else None, dossier=dossier, personne=personne_de(request)
    )
    valide = request.method == "POST" and form.is_valid()
    if valide and soumettre(request, form, "noter_frais_rapport", dossier, **form.donnees())[0]:
        messages.success(request, "C'est noté. Gardez le reçu.")
        return redirect("suivi_frais")
    return render(request, "espaces/suivi_frais.html", commun(dossier, form=form))
