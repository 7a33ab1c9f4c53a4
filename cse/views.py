"""Pages de la maison elle-même."""

from __future__ import annotations

import errno
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.defaults import server_error


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


def en_panne(request: HttpRequest) -> HttpResponse:
    """La page de la maison pour une faute : 507 si le disque est plein pendant la réception d'un fichier, sinon 500."""
    faute = sys.exc_info()[1]
    if isinstance(faute, OSError) and faute.errno in (errno.ENOSPC, errno.EDQUOT):
        return render(request, "507.html", status=507)
    return server_error(request)


def demande_illisible(request: HttpRequest, exception: Exception) -> HttpResponse:
    """La page de la maison pour un envoi que Django refuse de lire : 413 s'il est trop long, sinon 400.

    Rien n'en a été lu, donc rien n'en est gardé ni écrit aux journaux.
    """
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", {"texte": True}, status=413)
    return render(request, "400.html", status=400)
