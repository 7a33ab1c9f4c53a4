#!/usr/bin/env python
"""Commandes de la maison; démarre le PostgreSQL embarqué quand `DATABASE_URL` manque."""

import os
import sys

SANS_BASE = {
    "--help",
    "--version",
    "check",
    "collectstatic",
    "compilemessages",
    "demo",
    "help",
    "makemessages",
    "version",
}


def principal() -> None:
    """Exécuter la commande, dans un serveur embarqué si elle en a besoin."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cse.reglages.demonstration")
    from django.core.management import execute_from_command_line

    commande = sys.argv[1] if len(sys.argv) > 1 else "help"
    production = os.environ["DJANGO_SETTINGS_MODULE"].endswith(".production")
    inutile = commande in SANS_BASE or production or bool(os.environ.get("DATABASE_URL"))
    if inutile:
        execute_from_command_line(sys.argv)
        return
    from cse.demarrage.postgres import ServeurImpossible, serveur

    try:
        with serveur():
            execute_from_command_line(sys.argv)
    except ServeurImpossible as erreur:
        sys.exit(f"Erreur : {erreur}")


if __name__ == "__main__":
    principal()
