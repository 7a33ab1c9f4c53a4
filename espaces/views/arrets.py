"""La page « Où les personnes s'arrêtent » du chef d'équipe."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from espaces import arrets as lecture
from espaces.views.equipe import chef_de
from socle import horloge


@require_GET
def arrets(request: HttpRequest) -> HttpResponse:
    """Par motif et par étape, avec et sans aide; aucun nom, aucun petit nombre."""
    chef = chef_de(request)
    jour = horloge.aujourd_hui()
    contexte = {"lignes": lecture.lignes(chef, jour), "seuil": lecture.cellule_min(jour)}
    return render(request, "espaces/arrets.html", contexte)
