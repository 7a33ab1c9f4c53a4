from django.apps import AppConfig


class FormulairesConfig(AppConfig):
    name = "formulaires"
    verbose_name = "Formulaires"

    def ready(self) -> None:
        from formulaires import actes

        assert actes
