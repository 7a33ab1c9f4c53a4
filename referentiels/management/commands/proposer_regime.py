"""`manage.py proposer_regime REGIME --du JOUR --auteur COURRIEL --source TEXTE` : prépare un changement de loi."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from referentiels.regimes import proposer_regime
from socle.refus import Refus


class Command(BaseCommand):
    """Propose ensemble les mots préparés d'un régime; rien n'entre en vigueur sans une seconde personne."""

    help = "Propose les mots préparés d'un régime, pour un jour d'entrée en vigueur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lire le régime, son premier jour, qui propose, et le texte de loi."""
        parser.add_argument("regime")
        parser.add_argument("--du", type=date.fromisoformat, required=True, help="premier jour, AAAA-MM-JJ")
        parser.add_argument("--auteur", required=True, help="courriel de l'administrateur qui propose")
        parser.add_argument("--source", required=True, help="texte qui fixe ce jour")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Proposer, ou dire pourquoi non."""
        auteur = get_user_model().objects.filter(email=options["auteur"], is_active=True).first()
        if auteur is None:
            raise CommandError("Aucun compte actif à ce courriel.")
        try:
            proposees = proposer_regime(options["regime"], options["du"], auteur=auteur, source=options["source"])
        except Refus as refus:
            raise CommandError(refus.message) from refus
        for une in proposees:
            self.stdout.write(f"Proposée : {une.code}, à compter du {une.en_vigueur_du.isoformat()}.")
