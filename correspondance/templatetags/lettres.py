"""Filtres des lettres : dates du contenu figé (ISO) en mots, numéros insécables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import translation
from django.utils.formats import date_format

from socle import dates_en_mots, horloge

register = template.Library()


def _jour(valeur: Any) -> date | None:
    """Une date civile depuis une date, un instant avisé ou un texte ISO; sinon `None`."""
    if isinstance(valeur, datetime):
        return horloge.jour_civil(valeur)
    if isinstance(valeur, date):
        return valeur
    try:
        return date.fromisoformat(str(valeur)[:10])
    except ValueError:
        return None


def _dire(valeur: Any, francais: Any, anglais: str) -> str:
    jour = _jour(valeur)
    if jour is None:
        return str(valeur or "")
    if (translation.get_language() or "fr").startswith("en"):
        return date_format(jour, anglais, use_l10n=False)
    return str(francais(jour))


@register.filter
def en_lettres(valeur: Any) -> str:
    """« lundi 28 décembre 2026 », depuis une date ou un texte ISO."""
    return _dire(valeur, dates_en_mots.date_longue, "l, F j, Y")


@register.filter
def jour(valeur: Any) -> str:
    """« 28 décembre 2026 », depuis une date ou un texte ISO."""
    return _dire(valeur, dates_en_mots.date_moyenne, "F j, Y")


@register.filter
def insecable(valeur: Any) -> str:
    """Garder un numéro sur une ligne : espaces insécables."""
    return str(valeur or "").replace(" ", "\u00a0")


@register.simple_tag
def dire(francais: str, anglais: str) -> str:
    """Un texte court dans la langue de la lettre; les deux langues se lisent côte à côte au gabarit."""
    return anglais if (translation.get_language() or "fr").startswith("en") else francais
