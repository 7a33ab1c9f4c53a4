"""`manage.py ecrire_fhir --langue fr|en [--le AAAA-MM-JJ]` : le SR-2100 en `Questionnaire` FHIR R4."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from formulaires.fhir.questionnaire import SansFormulaire, questionnaire
from formulaires.fhir.textes import LANGUES
from socle import horloge


class Command(BaseCommand):
    """Écrit la ressource sur la sortie standard, une fois validée."""

    help = "Écrit le SR-2100 en Questionnaire FHIR R4 (JSON), pour un dossier médical électronique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire la langue mise en avant et le jour dont on veut la version."""
        parser.add_argument("--langue", choices=sorted(LANGUES), default="fr")
        parser.add_argument("--le", type=date.fromisoformat, help="jour, AAAA-MM-JJ; aujourd'hui par défaut")

    def handle(self, *args: Any, **options: Any) -> None:
        """Engendrer, valider, écrire."""
        try:
            ressource = questionnaire(options["le"] or horloge.aujourd_hui(), options["langue"])
        except SansFormulaire as cause:
            raise CommandError(str(cause)) from cause
        self.stdout.write(json.dumps(ressource, ensure_ascii=False, indent=2))
