"""Composer une seule fois le SQL d'une requête que chaque page pose.

Composer une longue requête coûte à Django plus que PostgreSQL n'en met à y répondre. Ici, le SQL composé se garde
par processus, sous une clé qui dit **tout** ce que Python y a écrit (la personne, le jour…) : les faits, eux, se
relisent à chaque fois en base. PostgreSQL la prépare aussi, une fois par liaison : la planifier lui coûtait plus que
la lire.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection

GARDEES = 1_000
# Tient la place d'un numéro dans une requête gardée; aucune ligne n'a ce numéro.
ICI = -(2**53) + 1

_gardees: OrderedDict[Hashable, tuple[str, tuple[Any, ...]] | None] = OrderedDict()
_verrou = threading.Lock()


def lire(
    cle: Hashable, composer: Callable[[], Any], remplacer: Mapping[int, int] | None = None
) -> list[tuple[Any, ...]]:
    """Lignes de la requête que rend `composer`, composée au plus une fois par `cle`.

    `remplacer` met des numéros à la place des marques (`ICI`) écrites dans la requête. Les valeurs rendues sont
    celles de la base : ne s'en servir que pour des types que psycopg rend déjà en Python.
    """
    requete = _composee(cle, composer)
    if requete is None:
        return []
    sql, parametres = requete
    voulus = remplacer or {}
    with _curseur() as curseur:
        curseur.execute(sql, [voulus.get(un, un) if isinstance(un, int) else un for un in parametres])
        return list(curseur.fetchall())


class _Preparee(psycopg.Cursor[Any]):
    """Un curseur qui fait préparer ce qu'il exécute."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Comme le curseur ordinaire, requête préparée."""
        rendu = super().execute(query, params, **options | {"prepare": True})
        if connection.queries_logged:
            self._query = self._convert_query(query, params)  # ce que Django montre d'une requête comptée
        return rendu


def _curseur() -> Any:
    """Un curseur préparé de la liaison de Django, compté et journalisé comme les autres."""
    connection.ensure_connection()
    liaison = connection.connection
    # Django le laisse à None : jamais de préparation. Ses propres curseurs n'en tiennent pas compte.
    liaison.prepare_threshold = 0
    brut: Any = _Preparee(liaison)
    return connection.make_debug_cursor(brut) if connection.queries_logged else connection.make_cursor(brut)


def _composee(cle: Hashable, composer: Callable[[], Any]) -> tuple[str, tuple[Any, ...]] | None:
    with _verrou:
        if cle in _gardees:
            _gardees.move_to_end(cle)
            return _gardees[cle]
    try:
        requete = composer().query.sql_with_params()
    except EmptyResultSet:
        requete = None
    with _verrou:
        _gardees[cle] = requete
        while len(_gardees) > GARDEES:
            _gardees.popitem(last=False)
    return requete


def oublier() -> None:
    """Vide ce qui est gardé."""
    with _verrou:
        _gardees.clear()
