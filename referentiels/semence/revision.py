"""Règles de la révision ajoutées après le départ : ce qui suit une décision renversée."""

from __future__ import annotations

from typing import Any

REGLES_REVISION: list[dict[str, Any]] = [
    {
        "code": "interets_verification_jours_ouvrables",
        "valeur": 10,
        "unite": "jours ouvrables",
        "libelle": "De l'émission d'une révision qui change la décision à la vérification de l'intérêt dû",
        "source": (
            "Choix de conception; l'intérêt lui-même : Loi sur l'aide aux personnes et aux familles (A-13.1.1), "
            "art. 119, et règlement r. 1, art. 31"
        ),
        "certitude": "choix",
    },
]
