"""Limites de saisie et de gestion qui se lisaient dans le programme."""

from typing import Any

from .regles import _regle

HYGIENE: list[dict[str, Any]] = [
    _regle(
        "temporaire_saisie_max_mois",
        60,
        "mois",
        "Mois d'une contrainte temporaire au-delà desquels la saisie est tenue pour une faute de frappe",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "delegation_max_jours",
        90,
        "jours civils",
        "Durée la plus longue d'une délégation pour publier une règle",
        "Choix de conception",
        "choix",
    ),
]
