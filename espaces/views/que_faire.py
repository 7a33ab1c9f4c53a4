"""« Nouvelle demande ou révision? » : la page de la personne, et celle de l'agent qui l'aide au téléphone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from dossiers.pages import contexte, entrer
from espaces.que_faire import guide
from espaces.views.suivi import commun, mien


@require_safe
def de_la_personne(request: HttpRequest) -> HttpResponse:
    """Ce que les règles indiquent, pourquoi, et deux chemins de même poids."""
    dossier, _ = mien(request)
    return render(request, "espaces/suivi_que_faire.html", commun(dossier, guide=guide(dossier)))


@require_GET
def de_l_agent(request: HttpRequest, reference: str) -> HttpResponse:
    """La même chose, à dire de vive voix; l'agent reste neutre et consigne ce que la personne choisit."""
    dossier, droits = entrer(request, reference)
    if not droits.peut("dossier.traiter"):
        raise Http404
    donnees = contexte(request, dossier, droits) | {"guide": guide(dossier)}
    return render(request, "espaces/agent_que_faire.html", donnees)
