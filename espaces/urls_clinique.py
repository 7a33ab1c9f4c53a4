"""Adresses du professionnel de la santé."""

from __future__ import annotations

from django.urls import path

from espaces.views import clinique

urlpatterns = [
    path("clinique/", clinique.liste, name="clinique"),
    path("clinique/dossiers/<str:reference>/", clinique.dossier, name="clinique_dossier"),
    path("clinique/dossiers/<str:reference>/retour/", clinique.retour, name="clinique_retour"),
]
