"""Les actes du dossier : seule porte d'écriture de cette app. Un module par famille d'actes.

Source : `cas/LISEZMOI.md`, tableau des actes et « Précisions ».
"""

from dossiers.actes import (
    appels,
    codes,
    consentements,
    demandes,
    frais,
    immobiles,
    lectures,
    lettres,
    mandats,
    occasions,
    pauses,
    pieces,
    rappels,
    renseignements,
    silences,
    travail,
    trousse,
    vie,
)

__all__ = [
    "appels",
    "codes",
    "consentements",
    "demandes",
    "frais",
    "immobiles",
    "lectures",
    "lettres",
    "mandats",
    "occasions",
    "pauses",
    "pieces",
    "rappels",
    "renseignements",
    "silences",
    "travail",
    "trousse",
    "vie",
]
