"""Adresses. Chaque app de la maison publie les siennes dans son `urls.py`, du haut vers le bas."""

from __future__ import annotations

from importlib import import_module

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from cse import regles_vues, views

APPS = (
    "espaces",
    "revision",
    "evaluation",
    "decisions",
    "formulaires",
    "dossiers",
    "correspondance",
    "comptes",
    "referentiels",
    "journal",
    "socle",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante/", views.sante, name="sante"),
    path("reglages/regles/", regles_vues.regles, name="regles"),
    path("reglages/regles/<slug:famille>/<slug:code>/", regles_vues.regle, name="regle"),
    path("reglages/propositions/<int:numero>/", regles_vues.proposition, name="regles_proposition"),
    path("reglages/delegations/", regles_vues.deleguer, name="regles_delegations"),
    path("administration/", admin.site.urls),
    *(path("", include(f"{app}.urls")) for app in APPS if module_has_submodule(import_module(app), "urls")),
    path("compte/", include("allauth.urls")),
]

handler400 = "cse.views.demande_illisible"
handler500 = "cse.views.en_panne"
