"""`manage.py semer_referentiels` : remettre le contenu de départ qui manque, sans toucher au reste."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from referentiels import lecture
from referentiels.semence import semer


class Command(BaseCommand):
    help = "Ajoute les codes de départ absents des référentiels; rejouable sans effet."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            ajoutees = semer(lambda nom: apps.get_model("referentiels", nom))
            lecture.invalider()
        self.stdout.write(f"{ajoutees} ligne(s) ajoutée(s).")
