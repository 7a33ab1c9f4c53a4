from importlib import import_module

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from comptes.actes import inscrire_depart
        from dossiers import dates_attendues, delais, echeances, immobiles, lettres, silences, travaux
        from referentiels.actes import inscrire_calcul_delais

        import_module("dossiers.actes")
        inscrire_depart(import_module("dossiers.actes.mandats").apres_un_depart)
        lettres.inscrire_modeles()
        echeances.inscrire(echeances.fin_mandat)
        dates_attendues.inscrire_celles_du_dossier()
        travaux.inscrire(silences.a_rappeler, "rappeler_dates")
        travaux.inscrire(silences.a_relancer, "relancer_renseignement")
        travaux.inscrire(silences.muets_a_signaler, "constater_inactivite")
        travaux.inscrire(immobiles.a_signaler, "signaler_immobile")
        travaux.inscrire(silences.cliniciens_partis, "signaler_depart_clinicien")
        inscrire_calcul_delais(delais.delais_constates)
