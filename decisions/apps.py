from importlib import import_module

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "decisions"
    verbose_name = "Décisions"

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef, Q

        from correspondance import registre
        from decisions import annexes, lettres, qualite, reexamens, reste, temporaires
        from decisions.models import Renouvellement, RetourClinicien
        from dossiers import acces, echeances, suivi, travaux
        from dossiers.etats import Etat

        import_module("decisions.actes")
        suivi.inscrire_reste(Etat.EN_ATTENTE_SIGNATURE, reste.a_signer)
        for etat in (Etat.TEMPORAIRE, Etat.NON_RECONNUES, Etat.REVISION_RENDUE, Etat.JUGEMENT_TAQ):
            suivi.inscrire_reste(etat, reste.a_confirmer)
        for etat in (Etat.RECUE, Etat.COMPLETE):
            suivi.inscrire_reste(etat, reste.a_accorder)
        travaux.inscrire(temporaires.a_proposer, "proposer_renouvellement")
        travaux.inscrire(temporaires.a_relancer, "relancer_renouvellement")
        travaux.inscrire(reexamens.a_ouvrir, "constater_reexamen")
        lettres.inscrire_modeles()
        registre.inscrire_annexes(annexes.fichiers)
        registre.inscrire_apres_emission(qualite.apres_emission)
        echeances.inscrire(lettres.echeances_de_decision)
        acces.inscrire_fait(
            "retour_emis",
            lambda personne, le: Q(
                Exists(RetourClinicien.objects.filter(decision__demande__dossier=OuterRef("pk"), clinicien=personne))
            ),
        )
        acces.inscrire_fait(
            "renouvellement_propose",
            lambda personne, le: Q(
                Exists(Renouvellement.objects.filter(decision__demande__dossier=OuterRef("pk"), clinicien=personne))
            ),
        )
