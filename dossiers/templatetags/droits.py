"""Filtre `peut` : montrer un geste seulement à qui en a le droit."""

from __future__ import annotations

from django import template

from dossiers.acces import Droits

register = template.Library()


@register.filter
def peut(droits: Droits, droit: str) -> bool:
    """Vrai si la personne a ce droit sur le dossier de la page."""
    return droits.peut(droit)
