from django.apps import AppConfig


class CorrespondanceConfig(AppConfig):
    name = "correspondance"
    verbose_name = "Correspondance"

    def ready(self) -> None:
        """Prêter aux comptes la voie par où part un code d'accès."""
        from comptes.codes import inscrire_voie
        from correspondance.codes import confier

        inscrire_voie(confier)
