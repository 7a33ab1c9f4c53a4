"""Les actes du dossier : seule porte d'écriture de cette app. Un module par famille d'actes.

Source : `cas/LISEZMOI.md`, tableau des actes et « Précisions ».
"""

from dossiers.actes import (
    appels,
    code_suivi,
    codes,
    consentements,
    demandes,
    frais,
    lectures,
    lettres,
    mandats,
    occasions,
    pieces,
    plaintes,
    plus_de_temps,
    renseignements,
    travail,
    trousse,
)

__all__ = [
    "appels",
    "code_suivi",
    "codes",
    "consentements",
    "demandes",
    "frais",
    "lectures",
    "lettres",
    "mandats",
    "occasions",
    "pieces",
    "plaintes",
    "plus_de_temps",
    "renseignements",
    "travail",
    "trousse",
]
