"""Le tirage des références publiques : cryptographique, sauf graine fixée pour une démonstration ou un essai.

Une référence publique n'ouvre rien seule (`conception.md` §5); la fixer rend deux démonstrations identiques.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_fixe: ContextVar[random.Random | None] = ContextVar("hasard_fixe", default=None)
_graine: ContextVar[str | None] = ContextVar("hasard_graine", default=None)


def tirer(alphabet: str, longueur: int) -> str:
    """Rend `longueur` signes tirés d'`alphabet`."""
    choisir = (_fixe.get() or secrets).choice
    return "".join(choisir(alphabet) for _ in range(longueur))


def sur_cent(sujet: str) -> int:
    """Rend un entier de 0 à 99; graine fixée, il ne tient qu'à elle et au sujet, sans décaler les autres tirages."""
    graine = _graine.get()
    if graine is None:
        return secrets.randbelow(100)
    return random.Random(f"{graine} {sujet}").randrange(100)  # noqa: S311 - rejeu, voulu répétable


@contextmanager
def fixer_parts(graine: str) -> Iterator[None]:
    """Rendre `sur_cent` répétable dans ce bloc (rejeu d'un cas); les références restent tirées au sort."""
    jeton = _graine.set(graine)
    try:
        yield
    finally:
        _graine.reset(jeton)


@contextmanager
def fixer(graine: str) -> Iterator[None]:
    """Rendre les tirages du bloc répétables; propre au fil courant. Jamais hors d'une démonstration ou d'un essai."""
    jeton = _fixe.set(random.Random(graine))  # noqa: S311 - références fictives, voulues répétables
    try:
        with fixer_parts(graine):
            yield
    finally:
        _fixe.reset(jeton)
