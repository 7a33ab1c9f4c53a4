"""Travailleur et horloge Celery dans le processus web, quand Redis manque.

Un seul processus web : la file `memory://` meurt avec lui. Rien ne se perd pour autant,
la boîte d'envoi étant en base. Une vue n'attend jamais le résultat d'une tâche.
"""

from __future__ import annotations

import threading
import warnings
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning
from celery.worker import state

etat_du_travailleur: Any = state


class TravailIntegre:
    """Deux fils : l'un exécute les tâches, l'autre les déclenche à l'heure."""

    def __init__(self, application: Celery) -> None:
        # Celery déconseille root; la démonstration y sert parfois, sans rien recevoir du dehors.
        warnings.filterwarnings("ignore", category=SecurityWarning)
        self.travailleur: Any = application.Worker(
            pool="threads",
            concurrency=2,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
            loglevel="WARNING",
        )
        self.horloge: Any = EmbeddedService(application, thread=True)
        self.fil = threading.Thread(target=self.travailleur.start, name="travailleur", daemon=True)

    def demarrer(self) -> None:
        """Lancer les deux fils."""
        self.fil.start()
        self.horloge.start()

    def arreter(self, delai: float = 8.0) -> None:
        """Laisser finir la tâche en cours, `delai` secondes au plus."""
        self.horloge.service.stop(wait=False)
        etat_du_travailleur.should_stop = 0
        self.fil.join(delai)
