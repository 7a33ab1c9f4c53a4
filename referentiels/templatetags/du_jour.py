"""Une règle datée, lue du jour, dans un gabarit : aucun nombre réglable ne s'y écrit en dur."""

from __future__ import annotations

from typing import Any

from django import template

from referentiels import lecture
from socle import horloge

register = template.Library()


@register.simple_tag
def regle(code: str) -> Any:
    """Valeur de la règle de ce code, en vigueur aujourd'hui."""
    return lecture.regle(code, horloge.aujourd_hui())
