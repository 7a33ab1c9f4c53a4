"""Travaux du jour : chaque app inscrit les dossiers visés et l'acte que le système y joue.

Rattrapage compris : un travail constate tout ce qui est dépassé, pas seulement la veille (`epreuves.md` T06).
"""

from __future__ import annotations

from collections.abc import Callable

from comptes.lecture import compte_systeme
from dossiers import suivi
from dossiers.models import Dossier
from dossiers.porte import executer
from dossiers.requetes import DossierQuerySet
from socle import passages

_TRAVAUX: list[tuple[Callable[[], DossierQuerySet], str]] = []


def inscrire(vises: Callable[[], DossierQuerySet], acte: str) -> None:
    """Inscrit un travail du jour; appelé dans `ready()`."""
    if (vises, acte) not in _TRAVAUX:
        _TRAVAUX.append((vises, acte))


def jouer(dossier: Dossier | None = None) -> int:
    """Joue les travaux du jour, sur un dossier ou sur tous; rend le nombre d'actes joués.

    Dans un travail planifié, un dossier en échec est nommé et n'arrête ni les suivants, ni les autres travaux.
    """
    suivi.rendre_balles_echues(dossier)
    systeme = compte_systeme()
    joues = 0
    for vises, acte in _TRAVAUX:
        cibles = vises()
        if dossier is not None:
            cibles = cibles.filter(pk=dossier.pk)
        for cible in cibles.iterator(chunk_size=200):
            try:
                executer(acte, acteur=systeme, dossier=cible)
                joues += 1
            except Exception as erreur:
                if dossier is not None:
                    raise
                passages.echec(erreur, f"{cible.reference} {acte}")
    return joues
