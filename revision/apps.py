from importlib import import_module

from django.apps import AppConfig
from django.http import HttpRequest

from socle.composants import Lien


class RevisionConfig(AppConfig):
    name = "revision"
    verbose_name = "Révision"

    def ready(self) -> None:
        from decisions.lecture import inscrire_renversement
        from dossiers import dates_attendues, echeances, retenues, suivi, travaux
        from dossiers.acces import inscrire_fait
        from dossiers.etats import Etat
        from dossiers.models import Rappel
        from revision import independance, lecture, lettres, reste, travail
        from socle.navigation import inscrire_navigation

        import_module("revision.actes")
        suivi.inscrire_reste(Etat.EN_REVISION, reste.a_rendre)
        lettres.inscrire_modeles()
        retenues.inscrire(independance.lettres_retenues)
        echeances.inscrire(lecture.echeances_de_revision)
        inscrire_renversement(lecture.renversee)
        pris = dates_attendues.Attente(Rappel.Genre.OBSERVATIONS_PROCHES, "demander_revision", lecture.delais_pris)
        dates_attendues.inscrire(pris)
        travaux.inscrire(travail.dossiers_en_revision, "constater_recours_direct")
        inscrire_fait("recours_taq", lecture.fait_recours)
        inscrire_navigation(liens)


def liens(request: HttpRequest) -> list[Lien]:
    """Navigation de la direction de la révision."""
    from django.urls import reverse

    from comptes.models import ROLES_DRRA

    if getattr(request.user, "role", "") not in ROLES_DRRA:
        return []
    return [Lien("Mes révisions", reverse("revision"), raccourci="t")]
