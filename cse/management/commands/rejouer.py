"""`manage.py rejouer CHEMIN…` : joue des cas et compare à l'attendu."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cse.demarrage.demonstration import DemonstrationImpossible, preparer_base
from cse.rejeu.fichier import Cas, FichierMalForme, lire, trouver
from cse.rejeu.jeu import Resultat, rejouer


class Command(BaseCommand):
    """Sort 0 si tout concorde, 1 sinon, 2 si un fichier est mal formé."""

    help = "Joue des dossiers fictifs à travers les actes et compare à ce qui est attendu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "chemins", nargs="+", metavar="CHEMIN", help="fichiers .yaml ou dossiers qui en contiennent"
        )
        parser.add_argument("--json", action="store_true", dest="en_json", help="résultat en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cas = self._lire(options["chemins"])
        except FichierMalForme as defaut:
            self.stderr.write(str(defaut))
            sys.exit(2)
        self._preparer()
        resultats = [rejouer(un) for un in cas]
        if options["en_json"]:
            self.stdout.write(json.dumps([un.en_json() for un in resultats], ensure_ascii=False, indent=2))
        else:
            for un in resultats:
                self._dire(un)
        if not all(un.concorde for un in resultats):
            sys.exit(1)

    def _preparer(self) -> None:
        """Migre une base neuve; le progrès va à l'erreur standard, le JSON reste seul à la sortie."""
        try:
            with redirect_stdout(sys.stderr):
                preparer_base()
        except DemonstrationImpossible as panne:
            raise CommandError(str(panne)) from panne

    def _lire(self, chemins: list[str]) -> list[Cas]:
        lus: dict[str, Cas] = {}
        for fichier in trouver(chemins):
            un = lire(fichier)
            if un.code in lus:
                raise FichierMalForme(fichier, 1, "cas", f"le code {un.code} est déjà celui de {lus[un.code].fichier}.")
            lus[un.code] = un
        return list(lus.values())

    def _dire(self, resultat: Resultat) -> None:
        marque = "concorde" if resultat.concorde else "DIFFÈRE"
        self.stdout.write(f"{resultat.cas} : {marque} — {resultat.titre}")
        for ecart in resultat.ecarts:
            self.stdout.write(f"    {ecart['cle']}")
            self.stdout.write(f"        attendu : {json.dumps(ecart['attendu'], ensure_ascii=False)}")
            self.stdout.write(f"        obtenu  : {json.dumps(ecart['obtenu'], ensure_ascii=False)}")
