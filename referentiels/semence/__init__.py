"""Contenu de départ des référentiels. Figé : on ne le corrige qu'en publiant une ligne nouvelle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from .calendrier import JOURS_FERIES
from .decision import PROGRAMMES, REGLES_DECISION
from .echanges import REGLES_ECHANGES, TYPES_QUESTION
from .formulaires import DOMAINES, NIVEAUX, OBJETS, PORTEES, SUJETS_APPEL, TITRES
from .grille import QUESTIONS_GRILLE, REGLES_GRILLE
from .hygiene import HYGIENE
from .lettres import DIAGNOSTICS, ELEMENTS, LIGNES, MOTIFS, VOCABULAIRE
from .mandats import GABARITS_CLINICIEN, TYPES_REPRESENTANT
from .pieces import PIECES
from .regions import REGIONS
from .regles import REGLES
from .regles_silences import SILENCES
from .revision import REGLES_REVISION
from .urgences import CONSIGNES, MOTS, REGLES_RENCONTRES

DEPUIS = dt.date(2000, 1, 1)

CONTENU: dict[str, list[dict[str, Any]]] = {
    "Regle": [
        *REGLES,
        *SILENCES,
        *PIECES,
        *REGLES_ECHANGES,
        *REGLES_RENCONTRES,
        *REGLES_GRILLE,
        *REGLES_DECISION,
        *REGLES_REVISION,
        *HYGIENE,
    ],
    "Motif": MOTIFS,
    "ElementManquant": ELEMENTS,
    "DiagnosticEvident": DIAGNOSTICS,
    "TitreProfessionnel": TITRES,
    "DomaineLimitation": DOMAINES,
    "NiveauLimitation": NIVEAUX,
    "ObjetConsentement": OBJETS,
    "PorteeMandat": PORTEES,
    "Vocabulaire": [*VOCABULAIRE, *MOTS],
    "LigneAide": LIGNES,
    "Region": REGIONS,
    "JourFerie": JOURS_FERIES,
    "SujetAppel": SUJETS_APPEL,
    "TypeRepresentant": TYPES_REPRESENTANT,
    "GabaritClinicien": GABARITS_CLINICIEN,
    "ConsigneAlerte": CONSIGNES,
    "TypeQuestion": TYPES_QUESTION,
    "QuestionGrille": QUESTIONS_GRILLE,
    "ProgrammeAide": PROGRAMMES,
}


def semer(modele: Callable[[str], Any]) -> int:
    """Ajoute chaque code encore absent; rend le nombre de lignes ajoutées.

    `modele` donne la classe d'un nom de modèle : celle de la migration, ou celle du jour.
    Rejouable sans effet : un code déjà connu, même fermé, n'est pas touché.
    """
    ajoutees = 0
    for nom, lignes in CONTENU.items():
        try:
            classe = modele(nom)
        except LookupError:  # une migration ancienne ne connaît pas les listes nées après elle
            continue
        connus = set(classe._base_manager.values_list("code", flat=True))
        nouvelles = [
            classe(**{"en_vigueur_du": DEPUIS, **({"rang": rang} if nom not in SANS_RANG else {}), **ligne})
            for rang, ligne in enumerate(lignes, start=1)
            if ligne["code"] not in connus
        ]
        classe._base_manager.bulk_create(nouvelles)
        ajoutees += len(nouvelles)
    return ajoutees


SANS_RANG = frozenset({"Regle", "Vocabulaire"})
