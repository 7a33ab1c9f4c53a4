"""La seule horloge de la maison.

Un instant est un `datetime` avisé, en UTC. Une date civile est celle du Québec
(`America/Toronto`) : un jour de délai finit à 23:59:59 à cette heure.
Source : `conception.md` §4; `epreuves.md` T01, T03, T04.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

FUSEAU = ZoneInfo("America/Toronto")

_fige: ContextVar[datetime | None] = ContextVar("horloge_figee", default=None)


def maintenant() -> datetime:
    """L'instant présent, avisé, en UTC; l'instant figé s'il y en a un."""
    fige = _fige.get()
    return datetime.now(UTC) if fige is None else fige


def aujourd_hui() -> date:
    """La date civile du jour, en `America/Toronto`."""
    return jour_civil(maintenant())


def jour_civil(instant: datetime) -> date:
    """La date civile d'un instant avisé; `ValueError` s'il n'a pas de fuseau."""
    return _avise(instant).astimezone(FUSEAU).date()


def heure_locale(jour: date, heure: int = 0, minute: int = 0) -> datetime:
    """L'instant (UTC) où les horloges du Québec marquent cette heure, ce jour-là.

    Une heure qui arrive deux fois (retour à l'heure normale) vaut la première; une
    heure sautée vaut celle que donnerait le décalage d'avant.
    """
    return datetime.combine(jour, time(heure, minute), tzinfo=FUSEAU).astimezone(UTC)


@contextmanager
def figer(instant: datetime) -> Iterator[datetime]:
    """Arrêter l'horloge à `instant` pour le bloc; s'imbrique, propre au fil courant.

    Sert au rejeu des cas et aux essais. `ValueError` si l'instant n'a pas de fuseau.
    """
    jeton = _fige.set(_avise(instant).astimezone(UTC))
    try:
        yield maintenant()
    finally:
        _fige.reset(jeton)


def _avise(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("Un instant doit porter son fuseau horaire.")
    return instant
