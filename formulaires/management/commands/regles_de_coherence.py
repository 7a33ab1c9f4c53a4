"""`manage.py regles_de_coherence` : engendre `docs/regles-de-coherence.md` depuis la table des règles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from formulaires.coherence import REGLES, Gravite, Regle
from formulaires.saisie import TITRES

SENS = {
    Gravite.BLOQUE: "Ce que la signature exige déjà; la page le demande avant de continuer.",
    Gravite.INTERROMPT: "Une contradiction : la page d'interruption demande de corriger ou de garder. Gardée, elle "
    "est dite à l'évaluateur. Seule `duree_incoherente` fait refuser l'acte qui ne la maintient pas.",
    Gravite.SUGGERE: "Ce que l'évaluateur pourrait chercher encore : une note discrète, jamais un refus.",
}


def _ligne(regle: Regle) -> str:
    element = f"`{regle.element}`" if regle.element else "—"
    juge = " ".join((regle.juge.__doc__ or "").split())
    cases = (
        f"`{regle.code}`",
        str(regle.version),
        TITRES[regle.page],
        juge,
        f"{regle.message}<br>{regle.message_en}",
        element,
        regle.source,
    )
    return f"| {' | '.join(case.replace('|', chr(92) + '|') for case in cases)} |"


def document() -> str:
    """Le document entier, en Markdown : une table par gravité."""
    lignes = [
        "# Règles de cohérence du SR-2100",
        "",
        "Engendré par `manage.py regles_de_coherence`; ne pas modifier à la main.",
        "",
        "Un mot entre accolades est un fait du rapport ou une valeur datée des référentiels.",
    ]
    for gravite, sens in SENS.items():
        lignes += ["", f"## {gravite.value.capitalize()}", "", sens, ""]
        lignes += [
            "| code | version | page | se déclenche | message | élément prévu | source |",
            "|---|---|---|---|---|---|---|",
        ]
        lignes += [_ligne(regle) for regle in REGLES if regle.gravite == gravite]
    return "\n".join([*lignes, ""])


class Command(BaseCommand):
    """Écrit la page, ou vérifie qu'elle est à jour (`--verifier`)."""

    help = "Engendre docs/regles-de-coherence.md depuis la table des règles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verifier", action="store_true", help="échoue si le fichier est périmé")

    def handle(self, *args: Any, **options: Any) -> None:
        chemin = Path(settings.BASE_DIR) / "docs" / "regles-de-coherence.md"
        texte = document()
        if not options["verifier"]:
            chemin.write_text(texte, encoding="utf-8")
            self.stdout.write(f"{chemin.name} écrit.")
            return
        if not chemin.exists() or chemin.read_text(encoding="utf-8") != texte:
            self.stderr.write("docs/regles-de-coherence.md est périmé : lancez « manage.py regles_de_coherence ».")
            sys.exit(1)
