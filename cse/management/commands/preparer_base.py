"""`manage.py preparer_base` : les tables de la démonstration et les droits de l'application, en un seul processus."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cse.demarrage.migrations import migrations_rapides


class Command(BaseCommand):
    """Migre puis accorde, sous le rôle propriétaire; la production les lance un à un (`docs/production.md`)."""

    help = "Crée les tables de la démonstration et accorde ses droits à l'application."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuser hors d'une démonstration; sinon migrer et accorder."""
        if not settings.DEMONSTRATION:
            raise CommandError("cette commande ne sert que sous les réglages cse.reglages.demonstration.")
        with migrations_rapides():
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        call_command("accorder_droits", stdout=self.stdout, stderr=self.stderr)
