"""Pages de la maison elle-même."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """Dire si le processus sert et si la base répond; 503 sinon. Ne dit rien d'autre."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except Error:
        return JsonResponse({"etat": "base injoignable"}, status=503)
    return JsonResponse({"etat": "en service"})
