"""« English / Français » : changer la langue des pages, d'un bouton, avant ou après être entré."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from comptes.langue import CLE, EN, FR


@login_not_required
@require_POST
def changer(request: HttpRequest) -> HttpResponse:
    """Garde la langue voulue en séance, puis rend la page d'où l'on vient, si elle est du site.

    Une langue inconnue ne change rien.
    """
    voulue = request.POST.get("langue", "")
    if voulue in (FR, EN):
        request.session[CLE] = voulue
    retour = request.POST.get("retour", "")
    sur = url_has_allowed_host_and_scheme(retour, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(retour if sur and retour.startswith("/") else "suivi")
