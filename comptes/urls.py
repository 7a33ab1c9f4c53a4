"""Adresses des comptes."""

from __future__ import annotations

from django.urls import path

from comptes.views import accueil, gestion, travaux

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("gestion/comptes/", gestion.comptes, name="gestion_comptes"),
    path("gestion/comptes/nouveau/", gestion.creer, name="gestion_creer"),
    path("gestion/comptes/<int:numero>/", gestion.compte, name="gestion_compte"),
    path("gestion/comptes/<int:numero>/<slug:nom>/", gestion.geste, name="gestion_geste"),
    path("gestion/lieux/", gestion.lieux, name="gestion_lieux"),
    path("gestion/travaux/", travaux.travaux, name="gestion_travaux"),
]
