"""Adresses de l'agent d'aide financière."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_http_methods

from espaces.views import agent, sommaire

lire_ou_envoyer = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("travail/", agent.travail, name="travail"),
    path("travail/suivant/", agent.prendre_suivant, name="prendre_suivant"),
    path("rechercher/", lire_ou_envoyer(agent.rechercher), name="rechercher"),
    path("dossiers/<str:reference>/", sommaire.sommaire, name="dossier_sommaire"),
]
