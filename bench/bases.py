"""Les bases du banc : une au volume demandé, une petite pour la croissance; gardées d'une course à l'autre."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connection

from comptes.models import Bureau
from cse.peuplement.chargement import peupler
from dossiers.models import Dossier

NOM = "cse_bench"
REFERENCE = 10_000  # dossiers : le volume contre lequel la croissance se mesure
TABLES = "dossiers_dossier, comptes_compte, comptes_bureau, journal_entree, journal_sceau"


def petit_volume(volume: int) -> int:
    """10 000, ou la moitié d'un volume plus petit que le double."""
    return REFERENCE if volume >= 2 * REFERENCE else volume // 2


def nom_de(volume: int, petite: bool) -> str:
    """Nom de la base : celle de DATABASE_URL si elle est nommée pour mesurer, sinon `cse_bench`."""
    nommee = str(connection.settings_dict["NAME"])
    base = nommee if "bench" in nommee else NOM
    base = base.removesuffix("_petite")
    return f"{base}_petite" if petite else base


@contextmanager
def base(volume: int, *, petite: bool = False) -> Iterator[None]:
    """Brancher Django sur la base de ce volume, créée, migrée et peuplée s'il le faut."""
    avant = connection.settings_dict["NAME"]
    nom = nom_de(volume, petite)
    connection.close()
    _creer(nom, str(avant))
    connection.settings_dict["NAME"] = nom
    try:
        call_command("migrate", verbosity=0, interactive=False)
        _ajuster(volume)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = avant


def _creer(nom: str, depuis: str) -> None:
    reglages = connection.settings_dict
    with psycopg.connect(
        host=reglages["HOST"] or None,
        port=reglages["PORT"] or None,
        user=reglages["USER"],
        password=reglages["PASSWORD"],
        dbname=depuis,
        autocommit=True,
    ) as liaison:
        if not liaison.execute("SELECT 1 FROM pg_database WHERE datname = %s", [nom]).fetchone():
            liaison.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(nom)))


def _ajuster(volume: int) -> None:
    """Repeupler seulement si le volume diffère."""
    present = Dossier.objects.count()
    if present == volume:
        return
    if present and not Bureau.objects.filter(code="peuple-00").exists():
        raise SystemExit(
            f"La base {connection.settings_dict['NAME']} porte des dossiers qui ne viennent pas du peuplement."
        )
    if present:
        with connection.cursor() as curseur:
            curseur.execute("SET statement_timeout = 0")
            curseur.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
    print(f"Peuplement de {volume} dossiers dans {connection.settings_dict['NAME']}")
    peupler(volume, lambda ligne: print(f"  {ligne}"))
