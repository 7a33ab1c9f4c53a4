"""Adresses des pages communes."""

from __future__ import annotations

from django.urls import path

from socle import views

urlpatterns = [
    path("composants/", views.composants, name="composants"),
    path("accessibilite/", views.accessibilite, name="accessibilite"),
    path("raccourcis/", views.raccourcis, name="raccourcis"),
    path("seance/prolonger/", views.prolonger_seance, name="prolonger_seance"),
    path("sortie/", views.sortie_rapide, name="sortie_rapide"),
]
