"""Travaux planifiés du journal."""

from celery import shared_task

from journal import actes


@shared_task(name="journal.sceller")
def sceller() -> int | None:
    """Scelle les lignes validées depuis la dernière minute."""
    sceau = actes.sceller()
    return sceau.pk if sceau else None
