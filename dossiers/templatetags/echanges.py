"""Balise `mes_echanges` : combien de fils attendent la personne, en haut de son espace, en une requête."""

from __future__ import annotations

from typing import Any

from django import template

from comptes.models import Compte
from dossiers.echanges import en_attente

register = template.Library()
PLUS_QUE = 99


@register.inclusion_tag("dossiers/_mes_echanges.html", takes_context=True)
def mes_echanges(context: dict[str, Any]) -> dict[str, Any]:
    """Nombre de fils à lire et de réponses attendues, bornés; rien à montrer s'il n'y en a pas."""
    personne = context["request"].user
    if not isinstance(personne, Compte):
        return {}
    trouves = en_attente(personne, PLUS_QUE + 1)
    return {
        "a_lire": sum(1 for non_lu, _ in trouves if non_lu),
        "a_repondre": sum(1 for _, attendue in trouves if attendue is not None),
        "davantage": len(trouves) > PLUS_QUE,
    }
