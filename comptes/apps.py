from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Publier les liens de l'administration."""
        from comptes.navigation import liens
        from socle.navigation import inscrire_navigation

        inscrire_navigation(liens)
