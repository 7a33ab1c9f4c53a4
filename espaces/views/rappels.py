"""Marquer ses rappels comme lus."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dossiers.pages import personne_de
from espaces import rappels
from socle import horloge


@require_POST
def lus(request: HttpRequest) -> HttpResponse:
    """Les rappels montrés ne reviennent plus; chacun ne touche que les siens."""
    rappels.non_lus(personne_de(request)).update(lu_le=horloge.maintenant())
    return redirect("accueil")
