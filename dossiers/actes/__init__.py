"""Les actes du dossier : seule porte d'écriture de cette app. Un module par famille d'actes.

Source : `cas/LISEZMOI.md`, tableau des actes et « Précisions ».
"""

from dossiers.actes import (
    appels,
    codes,
    codes_confies,
    conflits,
    consentements,
    demandes,
    frais,
    fusions,
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
    temoignages,
    travail,
    trousse,
    vie,
)

__all__ = [
    "appels",
    "codes",
    "codes_confies",
    "conflits",
    "consentements",
    "demandes",
    "frais",
    "fusions",
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
    "temoignages",
    "travail",
    "trousse",
    "vie",
]
