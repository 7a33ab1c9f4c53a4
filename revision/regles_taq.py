"""Règles pures du recours au Tribunal."""

from __future__ import annotations

from decisions.regles import taq_maintient

RENVOI = "renvoi"


def interets_a_verifier(issue: str) -> bool:
    """Vrai si le Tribunal change la décision : un intérêt peut être dû. Un renvoi ne décide encore de rien.

    Source : loi sur l'aide aux personnes et aux familles, art. 119. Le montant se calcule ailleurs.
    """
    return issue.strip().casefold() != RENVOI and not taq_maintient(issue)
