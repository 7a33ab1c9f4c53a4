"""Adresses de la décision : chaque signataire publie les siennes."""

from __future__ import annotations

from importlib import import_module

from django.urls import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule

import decisions

MODULES = ("urls_csems", "urls_agent")

urlpatterns: list[URLPattern | URLResolver] = [
    adresse
    for nom in MODULES
    if module_has_submodule(decisions, nom)
    for adresse in import_module(f"decisions.{nom}").urlpatterns
]
