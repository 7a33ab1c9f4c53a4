"""`manage.py verifier` : ce qui n'avance plus, ce qui a échoué, ce qui n'est pas scellé; un dossier et un geste."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError

from dossiers import immobiles
from journal.actes import verifier_chaine
from journal.models import Entree, Sceau
from socle import horloge, passages
from socle.models import Passage

SCEAU_EN_RETARD = timedelta(minutes=15)


class Command(BaseCommand):
    """Sort en erreur si un contrôle trouve quelque chose : se branche à une surveillance."""

    help = "Nomme les dossiers immobiles, les travaux en échec ou en retard, et le journal non scellé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--maximum", type=int, default=50, help="références montrées par contrôle")
        parser.add_argument("--scelles", action="store_true", help="relire aussi toute la chaîne de sceaux (long)")

    def handle(self, *args: Any, **options: Any) -> None:
        trouves = self._dossiers(options["maximum"]) + self._travaux() + self._journal()
        if options["scelles"]:
            trouves += self._chaine()
        if trouves:
            raise CommandError(f"{trouves} constat{'s' if trouves > 1 else ''} à régler.")
        self.stdout.write("Rien n'est arrêté.")

    def _dossiers(self, maximum: int) -> int:
        total = 0
        for controle, nombre, references in immobiles.lister(maximum):
            if nombre:
                self.stdout.write(f"{controle.constat} {controle.geste} ({nombre}) {' '.join(references)}")
            total += nombre
        return total

    def _travaux(self) -> int:
        current_app.loader.import_default_modules()
        maintenant, total = horloge.maintenant(), 0
        for un in passages.TRAVAUX.values():
            dernier = Passage.objects.filter(travail=un.nom).order_by("-debut").first()
            for echec in dernier.echecs if dernier else []:
                self.stdout.write(f"{un.titre} : {echec['erreur']} {echec['objet']}".rstrip())
            retard = passages.en_retard(un, dernier, maintenant)
            if retard:
                self.stdout.write(f"{un.titre} : en retard. Vérifier l'horaire et les travailleurs.")
            total += retard + (dernier.erreurs if dernier else 0)
        return total

    def _chaine(self) -> int:
        rompus = verifier_chaine()
        if rompus:
            self.stdout.write(f"Sceaux rompus : {', '.join(map(str, rompus[:50]))}. Arrêter et comparer aux copies.")
        return len(rompus)

    def _journal(self) -> int:
        dernier = Sceau.objects.order_by("-pk").first()
        depuis = dernier.scelle_le - timedelta(days=1) if dernier else None
        attente = Entree.objects.filter(scellee__isnull=True, instant__lt=horloge.maintenant() - SCEAU_EN_RETARD)
        nombre = (attente.filter(instant__gte=depuis) if depuis else attente).count()
        if nombre:
            self.stdout.write(f"Lignes du journal non scellées : {nombre}. Vérifier le travail « Sceller le journal ».")
        return 1 if nombre else 0
