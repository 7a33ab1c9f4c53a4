"""Les lettres qu'une page garde fermées un moment à quelqu'un qui a pourtant le droit de les lire.

Le droit (`matrice.py`) ne change pas : seul l'écran attend. Une app plus haute sait seule pourquoi et s'inscrit ici;
la révision le fait, pour qu'un réviseur réponde aux questions de la loi avant de lire la première décision
(`ecrans-et-lettres.md` B5.4).
"""

from __future__ import annotations

from collections.abc import Callable

from comptes.models import Compte
from dossiers.models import Dossier

# Rend les identifiants des lettres fermées à cette personne, pour le moment.
Retenue = Callable[[Dossier, Compte], frozenset[int]]
_RETENUES: list[Retenue] = []


def inscrire(retenue: Retenue) -> None:
    """Inscrit une raison d'attendre; appelé dans `ready()`."""
    if retenue not in _RETENUES:
        _RETENUES.append(retenue)


def lettres_retenues(dossier: Dossier, personne: Compte) -> frozenset[int]:
    """Identifiants des lettres que l'écran n'ouvre pas encore à cette personne."""
    return frozenset[int]().union(*(retenue(dossier, personne) for retenue in _RETENUES))
