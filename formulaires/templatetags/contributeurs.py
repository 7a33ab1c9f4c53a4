"""Qui peut signer une contribution, en mots, selon la règle du jour."""

from __future__ import annotations

from django import template

from formulaires import lecture
from socle import horloge

register = template.Library()


@register.simple_tag
def titres_contributeurs(langue: str = "fr") -> str:
    """« ergothérapeute, travailleur social ou psychologue »; vide si aucun titre n'est désigné."""
    *avant, dernier = lecture.titres_contributeurs(horloge.aujourd_hui(), langue) or [""]
    return f"{', '.join(avant)} {'or' if langue == 'en' else 'ou'} {dernier}" if avant else dernier
