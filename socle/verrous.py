"""Un verrou consultatif de PostgreSQL, tenu jusqu'à la fin de la transaction : deux envois au même nom se suivent."""

from __future__ import annotations

from django.db import connection


def verrouiller(nom: str) -> None:
    """Attend son tour pour ce nom; à appeler dans une transaction, qui le rend en finissant."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [nom])
