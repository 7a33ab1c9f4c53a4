from django.apps import AppConfig


class EspacesConfig(AppConfig):
    name = "espaces"
    verbose_name = "Espaces"

    def ready(self) -> None:
        from espaces import navigation

        navigation.inscrire()
