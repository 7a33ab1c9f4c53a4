"""Les actes du dossier : seule porte d'écriture de cette app. Un module par famille d'actes.

Source : `cas/LISEZMOI.md`, tableau des actes et « Précisions ».
"""

from dossiers.actes import (
    appels,
    codes,
    codes_confies,
    consentements,
    demandes,
    frais,
    lectures,
    lettres,
    mandats,
    occasions,
    pieces,
    renseignements,
    temoignages,
    travail,
    trousse,
)

__all__ = [
    "appels",
    "codes",
    "codes_confies",
    "consentements",
    "demandes",
    "frais",
    "lectures",
    "lettres",
    "mandats",
    "occasions",
    "pieces",
    "renseignements",
    "temoignages",
    "travail",
    "trousse",
]
