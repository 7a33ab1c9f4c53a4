"""La démonstration, de bout en bout, en une commande."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cse.demarrage.demonstration import DemonstrationImpossible, ServeurImpossible, demonstration


class Command(BaseCommand):
    """Prépare la base, la peuple de personnes fictives et sert le site jusqu'à Ctrl-C."""

    help = "Prépare et sert la démonstration locale."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire l'hôte et le port, des arguments ou de l'environnement."""
        parser.add_argument("--hote", default=os.environ.get("HOTE") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, **options: Any) -> None:
        """Servir; chaque panne prévisible se dit en une phrase."""
        if not settings.DEMONSTRATION:
            raise CommandError("cette commande ne sert que sous les réglages cse.reglages.demonstration.")
        if not str(options["port"]).isdigit():
            raise CommandError(f"PORT doit être un nombre, pas « {options['port']} ».")
        try:
            demonstration(options["hote"], int(options["port"]), self.annoncer)
        except (DemonstrationImpossible, ServeurImpossible) as erreur:
            sys.exit(f"Erreur : {erreur}")
        except KeyboardInterrupt:
            self.stdout.write("\nTout est arrêté. À bientôt.")

    def annoncer(self, adresse: str) -> None:
        """Dire l'adresse, et les personnes que l'on peut être."""
        from comptes.models import Compte

        self.stdout.write(f"\n  Le site est prêt : {adresse}\n")
        self.stdout.write("  Personnes fictives que vous pouvez être (page « Choisir une personne ») :")
        comptes = Compte.objects.filter(is_active=True).exclude(role="systeme").order_by("role", "pk")
        for compte in comptes[:30]:
            self.stdout.write(f"    {compte.get_role_display()} — {compte}")
        self.stdout.write("\n  Ctrl-C arrête tout.\n")
        self.stdout.flush()
