"""Une page de `docs/` engendrée du code : l'écrire, ou échouer si elle est périmée."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class PageEngendree(BaseCommand):
    """Écrit la page nommée par `fichier` (dans `docs/`), ou vérifie qu'elle est à jour (`--verifier`, sortie 1)."""

    fichier = ""

    def document(self) -> str:
        """Le texte entier de la page, en Markdown."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verifier", action="store_true", help="échoue si le fichier est périmé")

    def handle(self, *args: Any, **options: Any) -> None:
        chemin = Path(settings.BASE_DIR) / "docs" / self.fichier
        texte = self.document()
        if not options["verifier"]:
            chemin.write_text(texte, encoding="utf-8")
            self.stdout.write(f"{chemin.name} écrit.")
            return
        if not chemin.exists() or chemin.read_text(encoding="utf-8") != texte:
            commande = type(self).__module__.rpartition(".")[2]
            self.stderr.write(f"docs/{self.fichier} est périmé : lancez « manage.py {commande} ».")
            sys.exit(1)
