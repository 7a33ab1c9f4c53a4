"""`manage.py lire_fhir FICHIER --dossier REF --clinicien COURRIEL` : une réponse FHIR devient un brouillon."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comptes.models import Compte
from formulaires.coherence import Gravite
from formulaires.fhir.depot import Depot, deposer
from formulaires.fhir.forme import lire_json
from formulaires.fhir.problemes import Probleme, ReponseRefusee, depuis_refus, operation_outcome
from formulaires.saisie import TITRES
from socle.dates_en_mots import date_moyenne
from socle.refus import Refus

REFUSEE = 2


class Command(BaseCommand):
    """Sortie 0 : le brouillon attend à l'écran. Sortie 2 : un `OperationOutcome`, et rien d'écrit."""

    help = "Lit une QuestionnaireResponse FHIR R4 dans le brouillon du SR-2100 d'un clinicien. Ne signe jamais."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire le fichier, le dossier et le compte; sans `--remplacer`, un brouillon commencé n'est pas touché."""
        parser.add_argument("fichier", help="QuestionnaireResponse en JSON, UTF-8; « - » lit l'entrée standard")
        parser.add_argument("--dossier", required=True, help="référence du dossier")
        parser.add_argument("--clinicien", required=True, help="courriel du compte du clinicien, ou de son délégué")
        parser.add_argument("--remplacer", action="store_true", help="remplacer le brouillon déjà commencé")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lire, ranger, résumer; ou dire champ par champ ce qui empêche."""
        octets = self._octets(options["fichier"])
        personne = Compte.objects.filter(email__iexact=options["clinicien"]).first()
        try:
            depot = deposer(
                lire_json(octets), reference=options["dossier"], personne=personne, remplacer=options["remplacer"]
            )
        except Refus as refus:
            self._refuser([depuis_refus(refus)])
        except ReponseRefusee as refusee:
            self._refuser(refusee.problemes)
        else:
            self.stdout.write("\n".join(resume(depot, options["dossier"])))

    def _octets(self, fichier: str) -> bytes:
        try:
            return sys.stdin.buffer.read() if fichier == "-" else Path(fichier).read_bytes()
        except OSError as cause:
            raise CommandError(f"Le fichier « {fichier} » ne peut pas être lu : {cause.strerror}.") from cause

    def _refuser(self, problemes: list[Probleme]) -> None:
        self.stdout.write(json.dumps(operation_outcome(problemes), ensure_ascii=False, indent=2))
        sys.exit(REFUSEE)


def resume(depot: Depot, reference: str) -> Iterator[str]:
    """Ce qui a été lu, sans donnée clinique, et ce qui reste à faire à l'écran."""
    pages = ", ".join(TITRES[nom] for nom in depot.lue.saisie.a_confirmer)
    if depot.inchange:
        yield f"Dossier {reference} : le brouillon disait déjà la même chose. Rien n'a changé."
    else:
        yield f"Dossier {reference} : brouillon gardé, version {depot.brouillon.version}."
    yield f"Pages à confirmer : {pages}."
    yield f"Gardé jusqu'au {date_moyenne(depot.brouillon.expire_le)}. Rien n'est signé."
    for reste in depot.lue.restes:
        yield f"À finir à l'écran : {reste.dit}"
    for constat in depot.constats:
        # Le nom de la règle, jamais son message : lui seul ne cite rien du rapport.
        interrompt = constat.regle.gravite == Gravite.INTERROMPT
        yield f"{'À corriger ou à garder' if interrompt else 'À voir'} à l'écran : {constat.regle.nom}."
    if depot.permis_manque:
        yield "Le permis reste à prouver avant de signer."
