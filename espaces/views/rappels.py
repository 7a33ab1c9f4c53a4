"""Marquer ses rappels comme lus."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dossiers.actes.rappels import marquer_lus
from dossiers.pages import personne_de
from espaces import rappels

LUS_MAX = 2 * rappels.MAXIMUM


@require_POST
def lus(request: HttpRequest) -> HttpResponse:
    """Les rappels montrés ne reviennent plus; ceux nés depuis restent, et chacun ne touche que les siens."""
    montres = [int(un) for un in request.POST.getlist("un")[:LUS_MAX] if un.isascii() and un.isdigit() and len(un) < 19]
    marquer_lus(rappels.non_lus(personne_de(request)).filter(pk__in=montres))
    return redirect("accueil")
