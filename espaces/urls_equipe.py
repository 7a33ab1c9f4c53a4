"""Adresses du chef d'équipe."""

from __future__ import annotations

from django.urls import path

from espaces.views import equipe, plaintes

urlpatterns = [
    path("equipe/", equipe.accueil, name="equipe"),
    path("equipe/dossiers/", equipe.liste, name="equipe_liste"),
    path("equipe/plaintes/", plaintes.liste, name="equipe_plaintes"),
    path("equipe/<str:reference>/plaintes/<int:numero>/", plaintes.repondre, name="equipe_plainte"),
    path("equipe/<str:reference>/evaluateur/", equipe.evaluateur, name="equipe_evaluateur"),
    path("equipe/<str:reference>/reviseurs/", equipe.reviseurs, name="equipe_reviseurs"),
]
