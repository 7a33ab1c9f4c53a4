"""Les tâches planifiées. Elles ne reçoivent aucune donnée : tout est relu en base."""

from __future__ import annotations

from datetime import time, timedelta

from celery import shared_task
from django.db import connection

from correspondance import actes, codes, regles, relais
from referentiels import lecture as referentiels
from referentiels.regles import est_ferme
from socle import horloge
from socle.passages import travail

VERROU_EMISSION = 7_210_601


@shared_task(name="correspondance.relayer")
@travail("correspondance.relayer", "Émettre le courrier et remettre les envois", chaque=timedelta(seconds=10))
def relayer() -> None:
    """Remettre les codes, émettre le courrier du portail, rattraper une levée manquée, vider la boîte d'envoi."""
    codes.remettre_codes()
    if _seul():
        try:
            actes.emettre_portail()
            levee = regles.derniere_levee(horloge.maintenant(), referentiels.fermetures(horloge.aujourd_hui()))
            if levee is not None:
                actes.emettre_poste(levee)
        finally:
            _liberer()
    relais.relayer()


# Une levée manquée se rattrape par `relayer`, à la date de la levée : la rejouer plus tôt avancerait la suivante.
@shared_task(name="correspondance.lot_postal")
@travail("correspondance.lot_postal", "Émettre la levée postale", a=time(17, 30), rattrape=False)
def lot_postal() -> None:
    """17 h 30 d'un jour ouvrable : émettre tout ce qui attend. Un jour fermé, rien."""
    jour = horloge.aujourd_hui()
    if not est_ferme(jour, referentiels.fermetures(jour)):
        actes.emettre_tout()
        relais.relayer()


def _seul() -> bool:
    """Un seul travailleur émet à la fois; les autres passent, la file n'est pas doublée."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(%s)", [VERROU_EMISSION])
        return bool(curseur.fetchone()[0])


def _liberer() -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_unlock(%s)", [VERROU_EMISSION])
