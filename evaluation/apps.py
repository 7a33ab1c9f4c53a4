from importlib import import_module

from django.apps import AppConfig
from django.http import HttpRequest

from socle.composants import Lien


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self) -> None:
        from dossiers import suivi
        from dossiers.etats import Etat
        from evaluation import reste
        from socle.navigation import inscrire_navigation

        import_module("evaluation.actes")
        suivi.inscrire_reste(Etat.EN_EVALUATION, reste.avis_a_rendre)
        suivi.inscrire_reste(Etat.EN_CONCERTATION, reste.a_concerter)
        inscrire_navigation(liens)


def liens(request: HttpRequest) -> list[Lien]:
    """Navigation du centre d'évaluation."""
    from django.urls import reverse

    from comptes.models import ROLES_CSEMS

    if getattr(request.user, "role", "") not in ROLES_CSEMS:
        return []
    return [
        Lien("Mes évaluations", reverse("evaluation"), raccourci="t"),
        Lien("Appels des cliniciens", reverse("appels_cliniciens")),
    ]
