"""Limites réglables de l'évaluation, lues des règles datées."""

from __future__ import annotations

from datetime import date

from referentiels import lecture as referentiels
from socle import horloge


def raison_max(le: date | None = None) -> int:
    """Longueur permise, en signes, d'une raison que la personne lira (règle `motif_lettre_max_caracteres`)."""
    return int(referentiels.regle("motif_lettre_max_caracteres", le or horloge.aujourd_hui()))
