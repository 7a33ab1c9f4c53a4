from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Publier les liens de l'administration et celui du second facteur."""
        from comptes.navigation import identite, liens
        from socle.navigation import inscrire_identite, inscrire_navigation

        inscrire_navigation(liens)
        inscrire_identite(identite)
