"""Le portrait de la situation, lu par la clinique pendant qu'elle remplit le rapport, si la personne le montre."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dossiers.models import Piece
from dossiers.pages import entrer


@require_http_methods(["GET"])
def lire(request: HttpRequest, reference: str) -> HttpResponse:
    """Les portraits du dossier, du plus récent au plus ancien; l'accord se juge à chaque lecture."""
    dossier, _droits = entrer(request, reference, "portrait.lire")
    portraits = Piece.portraits().filter(dossier=dossier).select_related("versee_par__organisme").order_by("-versee_le")
    return render(request, "formulaires/portrait.html", {"dossier": dossier, "portraits": list(portraits)})
