"""`manage.py graphe_etats` : engendre `docs/etats.md` depuis les transitions du code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django_fsm import RETURN_VALUE

from dossiers.etats import STATUT_PUBLIC, Etat
from dossiers.models import Demande
from dossiers.regles import BALLE_PAR_ETAT


def transitions() -> list[tuple[str, str, str]]:
    """Triplets (état de départ, état d'arrivée, acte), dans l'ordre des états."""
    ordre = {etat: rang for rang, etat in enumerate(Etat.values)}
    trouvees = set()
    for une in Demande._meta.get_field("etat").get_all_transitions(Demande):
        cibles = une.target.allowed_states if isinstance(une.target, RETURN_VALUE) else (une.target,)
        for cible in cibles:
            trouvees.add((str(une.source), str(cible), une.custom["acte"]))
    return sorted(trouvees, key=lambda t: (ordre[t[0]], ordre[t[1]], t[2]))


def document() -> str:
    """Le document entier, en Markdown, avec un diagramme Mermaid."""
    lignes = [
        "# États d'une demande",
        "",
        "Engendré par `manage.py graphe_etats`; ne pas modifier à la main.",
        "",
        "| état | statut public | prochaine étape |",
        "|---|---|---|",
    ]
    lignes += [
        f"| `{etat.value}` | {STATUT_PUBLIC[etat]} | {BALLE_PAR_ETAT.get(etat, ('', 'Répondre'))[1]} |" for etat in Etat
    ]
    lignes += ["", "```mermaid", "stateDiagram-v2", f"    [*] --> {Etat.RECUE.value}: deposer_demande"]
    lignes += [f"    {depart} --> {arrivee}: {acte}" for depart, arrivee, acte in transitions()]
    lignes += ["```", ""]
    return "\n".join(lignes)


class Command(BaseCommand):
    """Écrit le graphe, ou vérifie qu'il est à jour (`--verifier`)."""

    help = "Engendre docs/etats.md depuis les transitions du code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verifier", action="store_true", help="échoue si le fichier est périmé")

    def handle(self, *args: Any, **options: Any) -> None:
        chemin = Path(settings.BASE_DIR) / "docs" / "etats.md"
        texte = document()
        if not options["verifier"]:
            chemin.write_text(texte, encoding="utf-8")
            self.stdout.write(f"{chemin.name} écrit.")
            return
        if not chemin.exists() or chemin.read_text(encoding="utf-8") != texte:
            self.stderr.write("docs/etats.md est périmé : lancez « manage.py graphe_etats ».")
            sys.exit(1)
