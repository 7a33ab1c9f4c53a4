"""Une règle datée, lue du jour, dans un gabarit : aucun nombre réglable ne s'y écrit en dur."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template

from referentiels import lecture
from socle import horloge

register = template.Library()


@register.simple_tag
def regle(code: str, le: dt.date | None = None) -> Any:
    """Valeur de la règle de ce code, en vigueur le jour `le` (aujourd'hui par défaut)."""
    return lecture.regle(code, le or horloge.aujourd_hui())


@register.simple_tag
def mot(code: str, le: dt.date | None = None, langue: str = "") -> str:
    """Expression de la loi en vigueur le jour `le` (aujourd'hui par défaut), dans la langue de la page ou `langue`."""
    return lecture.vocabulaire(code, le or horloge.aujourd_hui(), langue or None)
