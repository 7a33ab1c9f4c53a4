from importlib import import_module

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from comptes.actes import inscrire_depart
        from dossiers import delais, echeances, lettres
        from referentiels.actes import inscrire_calcul_delais

        import_module("dossiers.actes")
        inscrire_depart(import_module("dossiers.actes.mandats").apres_un_depart)
        lettres.inscrire_modeles()
        echeances.inscrire(echeances.fin_mandat)
        inscrire_calcul_delais(delais.delais_constates)
