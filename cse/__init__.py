"""Le projet : réglages, adresses, tâches, démonstration et rejeu."""

from cse.celery import application as application_celery

__all__ = ["application_celery"]
