"""Adresses. Chaque app de la maison publie les siennes dans son `urls.py`, du haut vers le bas."""

from __future__ import annotations

from importlib import import_module

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from cse import views

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
    path("administration/", admin.site.urls),
    *(path("", include(f"{app}.urls")) for app in APPS if module_has_submodule(import_module(app), "urls")),
    path("compte/", include("allauth.urls")),
]

handler400 = "cse.views.demande_illisible"
handler500 = "cse.views.en_panne"
