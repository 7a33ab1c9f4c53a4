from importlib import import_module

from django.apps import AppConfig


class FormulairesConfig(AppConfig):
    name = "formulaires"
    verbose_name = "Formulaires"

    def ready(self) -> None:

        import_module("formulaires.actes")
