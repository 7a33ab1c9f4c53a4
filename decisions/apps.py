from importlib import import_module

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "decisions"
    verbose_name = "Décisions"

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef, Q

        from decisions import lettres, reste
        from decisions.models import RetourClinicien
        from dossiers import acces, echeances, suivi
        from dossiers.etats import Etat

        import_module("decisions.actes")
        suivi.inscrire_reste(Etat.EN_ATTENTE_SIGNATURE, reste.a_signer)
        lettres.inscrire_modeles()
        echeances.inscrire(lettres.echeances_de_decision)
        acces.inscrire_fait(
            "retour_emis",
            lambda personne, le: Q(
                Exists(RetourClinicien.objects.filter(decision__demande__dossier=OuterRef("pk"), clinicien=personne))
            ),
        )
