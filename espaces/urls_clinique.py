"""Adresses du professionnel de la santé."""

from __future__ import annotations

from django.urls import path

from espaces.views import clinique, clinique_code, clinique_depot, clinique_retrait

urlpatterns = [
    path("clinique/", clinique.liste, name="clinique"),
    path("clinique/code/", clinique_code.entrer_un_code, name="clinique_code"),
    path("clinique/nouvelle-demande/", clinique_depot.deposer, name="clinique_depot"),
    path("clinique/dossiers/<str:reference>/", clinique.dossier, name="clinique_dossier"),
    path("clinique/dossiers/<str:reference>/retour/", clinique.retour, name="clinique_retour"),
    path("clinique/dossiers/<str:reference>/retirer/", clinique_retrait.retirer, name="clinique_retrait"),
]
