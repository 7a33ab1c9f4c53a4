"""`manage.py peupler --volume N` : charger un grand volume fictif, pour mesurer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cse.peuplement.chargement import DejaPeuplee, peupler

VOLUME_MINIMAL = 10


class Command(BaseCommand):
    """Charge N dossiers fictifs par COPY, dans une base vide ou dédiée."""

    help = "Charge un grand nombre de dossiers fictifs par COPY, de la même façon à chaque fois."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire le volume."""
        parser.add_argument("--volume", type=int, required=True, help="nombre de dossiers")
        parser.add_argument("--forcer", action="store_true", help="charger même si la base porte déjà des dossiers")

    def handle(self, *args: Any, **options: Any) -> None:
        """Charger, en disant la durée de chaque table."""
        if options["volume"] < VOLUME_MINIMAL:
            raise CommandError(f"le volume va de {VOLUME_MINIMAL} dossiers à autant que le disque en tient.")
        try:
            peupler(options["volume"], self.stdout.write, forcer=options["forcer"])
        except DejaPeuplee as erreur:
            raise CommandError(
                "cette base porte déjà des dossiers : peuplez une base vide, "
                "ou ajoutez --forcer si elle ne sert qu'à mesurer."
            ) from erreur
