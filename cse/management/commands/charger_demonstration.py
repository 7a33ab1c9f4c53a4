"""`manage.py charger_demonstration` : inscrire les personnes fictives et jouer leurs dossiers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cse.demo import charge
from socle import horloge

PROCESSUS_MAX = 4


class Command(BaseCommand):
    """Charge la démonstration une seule fois; reprend un chargement interrompu."""

    help = "Peuple la base de personnes et de dossiers fictifs, par les mêmes actes que les écrans."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire le nombre de processus; `--part` est pour les processus que la commande lance elle-même."""
        parser.add_argument("--processus", type=int, default=min(os.cpu_count() or 1, PROCESSUS_MAX))
        parser.add_argument("--part", default="", help="rang/nombre, par exemple 0/2")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ne rien faire si tout est chargé; refuser hors d'une démonstration."""
        if not settings.DEMONSTRATION:
            raise CommandError("cette commande ne sert que sous les réglages cse.reglages.demonstration.")
        if options["part"]:
            part, parts = (int(nombre) for nombre in options["part"].split("/"))
            charge.jouer_part(horloge.aujourd_hui(), part, parts)
            return
        if not charge.restants():
            return
        debut = time.monotonic()
        self.stdout.write("  Personnes et dossiers fictifs…", ending="")
        self.stdout.flush()
        charge.preparer(horloge.aujourd_hui())
        self._jouer(max(1, options["processus"]))
        duree = f"{time.monotonic() - debut:.1f}".replace(".", ",")
        self.stdout.write(f" fait ({duree} s)")

    def _jouer(self, parts: int) -> None:
        """Un processus par part : le rendu des lettres et les actes se partagent les cœurs."""
        connection.close()
        lances = [
            subprocess.Popen(
                [sys.executable, str(settings.RACINE / "manage.py"), "charger_demonstration", f"--part={part}/{parts}"],
                cwd=settings.RACINE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for part in range(parts)
        ]
        fautes = [erreur for lance in lances if (erreur := lance.communicate()[1]) and lance.returncode]
        if fautes:
            raise CommandError("le chargement s'est arrêté; relancez pour le reprendre.\n" + "\n".join(fautes))
