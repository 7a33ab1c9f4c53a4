"""Adresses des comptes."""

from __future__ import annotations

from django.urls import path

from comptes.views import accueil

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
]
