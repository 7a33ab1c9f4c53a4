"""Travaux planifiés du dossier."""

from celery import shared_task

from dossiers import travaux


@shared_task(name="dossiers.constater_echeances")
def constater_echeances() -> int:
    """À 00:05 : constate les échéances dépassées la veille et avant."""
    return travaux.jouer()
