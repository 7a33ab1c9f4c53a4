from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from dossiers import actes, echeances, lettres

        assert actes
        lettres.inscrire_modeles()
        echeances.inscrire(echeances.fin_mandat)
