"""App du projet : commandes et pages communes, sans table."""

from django.apps import AppConfig


class CseConfig(AppConfig):
    """Configuration de l'app du projet."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "cse"
    verbose_name = "Contraintes sévères à l'emploi"
