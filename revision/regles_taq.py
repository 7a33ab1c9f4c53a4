"""Règles pures du recours au Tribunal."""

from __future__ import annotations

from decisions.regles import taq_maintient
from referentiels.droit import CAS, regle_de_droit

RENVOI = "renvoi"


@regle_de_droit(
    "interet_tribunal",
    "Un intérêt peut être dû quand le Tribunal change la décision",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 119; règlement r. 1, art. 31",
    exige=(CAS,),
)
def interets_a_verifier(issue: str) -> bool:
    """Vrai si le Tribunal change la décision : un intérêt peut être dû. Un renvoi ne décide encore de rien.

    Source : loi sur l'aide aux personnes et aux familles, art. 119. Le montant se calcule ailleurs.
    """
    return issue.strip().casefold() != RENVOI and not taq_maintient(issue)
