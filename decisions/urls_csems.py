"""Adresses de la signature au centre d'évaluation."""

from __future__ import annotations

from django.urls import path

from decisions import views_csems

urlpatterns = [
    path("dossiers/<str:reference>/decision/", views_csems.decision, name="decision_csems"),
    path("dossiers/<str:reference>/decision/rouvrir/", views_csems.rouvrir, name="decision_rouvrir"),
]
