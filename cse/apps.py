"""App du projet : commandes et pages communes, sans table."""

from django.apps import AppConfig


class CseConfig(AppConfig):
    """Configuration de l'app du projet."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "cse"
    verbose_name = "Contraintes sévères à l'emploi"

    def ready(self) -> None:
        """Mettre le lien des règles dans l'en-tête de qui les lit."""
        from cse.regles_vues import navigation
        from socle.navigation import inscrire_navigation

        inscrire_navigation(navigation)
