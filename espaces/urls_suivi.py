"""Adresses de la personne, et de l'entrée en démonstration."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from espaces.views import connexion, demonstration

urlpatterns: list[URLPattern] = [
    path("suivi/connexion/", connexion.connexion, name="suivi_connexion"),
    path("suivi/connexion/code/", connexion.code, name="suivi_code"),
]
# La démonstration seule : ailleurs, l'adresse n'existe pas.
if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", demonstration.choisir, name="demonstration"))
