"""Adresses des espaces : chaque rôle publie les siennes dans son module `urls_<role>.py`."""

from __future__ import annotations

from importlib import import_module

from django.urls import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule

import espaces

MODULES = ("urls_equipe", "urls_clinique", "urls_organisme", "urls_suivi", "urls_agent")

urlpatterns: list[URLPattern | URLResolver] = [
    adresse
    for nom in MODULES
    if module_has_submodule(espaces, nom)
    for adresse in import_module(f"espaces.{nom}").urlpatterns
]
