"""Travaux planifiés du journal."""

from datetime import timedelta

from celery import shared_task

from journal import actes
from socle.passages import travail


@shared_task(name="journal.sceller")
@travail("journal.sceller", "Sceller le journal", chaque=timedelta(minutes=1))
def sceller() -> int:
    """Scelle les lignes validées depuis la dernière minute; rend leur nombre."""
    sceau = actes.sceller()
    return sceau.nombre if sceau else 0
