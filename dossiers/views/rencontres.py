"""Le fichier d'agenda d'un rendez-vous."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from dossiers import agenda, rencontres
from dossiers.models import Rencontre
from dossiers.pages import entrer


@require_GET
def fichier_agenda(request: HttpRequest, reference: str, rencontre: int) -> HttpResponse:
    """Le rendez-vous à mettre à l'agenda, ou à en retirer; 404 tant qu'aucun moment n'est choisi."""
    dossier, _ = entrer(request, reference, "rencontre.repondre")
    visee = get_object_or_404(Rencontre, pk=rencontre, dossier=dossier)
    creneau = rencontres.rendez_vous(visee)
    if creneau is None:
        raise Http404
    reponse = HttpResponse(agenda.fichier(visee, creneau), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    reponse["Cache-Control"] = "no-store"
    return reponse
