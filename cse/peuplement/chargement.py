"""Charger par `COPY` : index et clés étrangères déposés puis refaits, tout dans une seule transaction.

Refaire vérifie : une ligne qui ne respecte pas une contrainte annule tout le chargement.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from comptes.models import Bureau, Compte
from cse.peuplement import faits, lignes
from dossiers.models import Demande, Dossier
from dossiers.recherche import refaire_vocabulaire
from journal.actes import condenser
from journal.models import Sceau
from socle import horloge

LOT = 2000  # lignes par envoi
SANS_VALEUR = (
    ("comptes_compte", "gestionnaire_organisme", "false"),
    ("dossiers_dossier", "annonce", "''"),
    ("dossiers_dossier", "contact_sur", "''"),
)
CONTRAINTES = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u') ORDER BY contype DESC, conname
"""
INDEX = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'p', 'x'))
    ORDER BY 1
"""


class DejaPeuplee(Exception):
    """La base porte déjà des dossiers."""


def _premier(modele: Any) -> int:
    dernier = modele.objects.order_by("-pk").values_list("pk", flat=True).first()
    return int(dernier or 0) + 1


def _base() -> lignes.Base:
    bureaux = Bureau.objects.bulk_create(
        Bureau(code=f"peuple-{rang:02}", nom=f"Bureau fictif {rang:02}", region=faits.REGIONS[rang % 17])
        for rang in range(faits.BUREAUX)
    )
    agents = _premier(Compte)
    return lignes.Base(
        jour=horloge.aujourd_hui(),
        bureaux=bureaux[0].pk,
        agents=agents,
        comptes=agents + faits.BUREAUX * faits.AGENTS_PAR_BUREAU,
        dossiers=_premier(Dossier),
        demandes=_premier(Demande),
    )


@contextmanager
def _sans_index(noms: list[str]) -> Iterator[None]:
    """Dépose clés étrangères, unicités et index des tables, puis les refait."""
    with connection.cursor() as curseur:
        curseur.execute(CONTRAINTES, [noms])
        contraintes = curseur.fetchall()
        curseur.execute(INDEX, [noms])
        index = curseur.fetchall()
        for table, nom, _ in reversed(contraintes):
            curseur.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{nom}"')
        for nom, _ in index:
            curseur.execute(f"DROP INDEX {nom}")
        yield
        for _, definition in index:
            curseur.execute(definition)
        for table, nom, definition in contraintes:
            curseur.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{nom}" {definition}')


def _copier(table: lignes.Table) -> int:
    fixes = [(colonne, valeur) for nom, colonne, valeur in SANS_VALEUR if nom == table.nom]
    for colonne, valeur in fixes:
        with connection.cursor() as curseur:
            curseur.execute(f"ALTER TABLE {table.nom} ALTER COLUMN {colonne} SET DEFAULT {valeur}")
    nombre = 0
    colonnes = ", ".join(table.colonnes)
    with connection.cursor() as curseur, curseur.copy(f"COPY {table.nom} ({colonnes}) FROM STDIN") as copie:
        lot: list[str] = []
        for ligne in table.lignes:
            lot.append("\t".join(map(str, ligne)))
            nombre += 1
            if len(lot) >= LOT:
                copie.write("\n".join(lot) + "\n")
                lot.clear()
        if lot:
            copie.write("\n".join(lot) + "\n")
    for colonne, _ in fixes:
        with connection.cursor() as curseur:
            curseur.execute(f"ALTER TABLE {table.nom} ALTER COLUMN {colonne} DROP DEFAULT")
    return nombre


def _suites(noms: list[str]) -> None:
    with connection.cursor() as curseur:
        for nom in noms:
            # S608 : des noms de tables de nos modèles, rien qui vienne du dehors.
            curseur.execute(
                f"SELECT setval(pg_get_serial_sequence('{nom}', 'id'), (SELECT coalesce(max(id), 1) FROM {nom}))"  # noqa: S608
            )


def _hors_scellement() -> None:
    """Un maillon vide : ce qui précède ne sera jamais scellé, ce qui suit l'est comme d'habitude."""
    if not Sceau.objects.exists():
        Sceau.objects.create(
            scelle_le=horloge.maintenant(), premiere=0, derniere=0, nombre=0, empreinte=condenser("", []), precedente=""
        )


def charger(volume: int, dire: Callable[[str], None]) -> list[str]:
    """Charge `volume` dossiers fictifs dans une transaction; rend les tables touchées."""
    with transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '512MB'")
            curseur.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL synchronous_commit = off")
        a_charger = lignes.tables(_base(), volume)
        noms = [table.nom for table in a_charger]
        with _sans_index(noms):
            for table in a_charger:
                depart = time.monotonic()
                dire(f"{table.nom} : {_copier(table)} lignes en {time.monotonic() - depart:.1f} s")
            depart = time.monotonic()
        dire(f"index et contraintes : {time.monotonic() - depart:.1f} s")
        _suites(noms)
        _hors_scellement()
    return noms


def peupler(volume: int, dire: Callable[[str], None], *, forcer: bool = False) -> None:
    """Charge `volume` dossiers fictifs, puis renseigne l'optimiseur.

    Lève `DejaPeuplee` si la base porte déjà des dossiers, sauf `forcer`.
    """
    if Dossier.objects.exists() and not forcer:
        raise DejaPeuplee
    debut = time.monotonic()
    noms = charger(volume, dire)
    dire(f"vocabulaire des noms : {refaire_vocabulaire()} mots")
    with connection.cursor() as curseur:
        curseur.execute("SET statement_timeout = 0")
        curseur.execute("VACUUM (ANALYZE) " + ", ".join(noms) + ", comptes_bureau, dossiers_motnom")
        curseur.execute("RESET statement_timeout")
    dire(f"total : {time.monotonic() - debut:.1f} s")
