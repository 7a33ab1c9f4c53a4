from importlib import import_module

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from dossiers import delais, echeances, lettres
        from referentiels.actes import inscrire_calcul_delais

        import_module("dossiers.actes")
        lettres.inscrire_modeles()
        echeances.inscrire(echeances.fin_mandat)
        inscrire_calcul_delais(delais.delais_constates)
