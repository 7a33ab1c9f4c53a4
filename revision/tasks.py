"""Travaux de la révision : fabriquer les cahiers demandés pour le Tribunal."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db.models import Q

from comptes.lecture import compte_systeme
from dossiers.porte import executer
from revision.actes.cahier import ESSAIS_MAX, avancer, tenir_fabrication
from revision.cahier import fabrique
from revision.models import CahierTAQ
from socle import horloge, passages
from socle.passages import travail
from socle.refus import Refus

journal_technique = logging.getLogger(__name__)
PANNE = "La fabrication a échoué. Demandez un autre cahier; si l'échec revient, avisez l'administration."
LOT = 5


@shared_task(name="revision.fabriquer_cahier")
def fabriquer_cahier(cahier: int) -> bool:
    """Fabrique un cahier demandé; faux s'il est fini, si un autre le fabrique, ou s'il n'a pas pu être produit.

    La fabrication ne tient ni le dossier ni une transaction; seul son résultat est un acte. Un travailleur tué
    laisse le cahier en fabrication : le passage suivant le reprend, trois fois au plus.
    """
    if not tenir_fabrication(cahier):
        return False
    vise = CahierTAQ.objects.select_related("recours__demande__dossier__prestataire", "par").get(pk=cahier)
    dossier = vise.recours.demande.dossier
    if vise.essais > ESSAIS_MAX:
        return _terminer(vise, raison=PANNE)
    try:
        fait = fabrique.fabriquer(vise, lambda faits, total: avancer(cahier, faits, total))
    except fabrique.CahierImpossible as impossible:
        return _terminer(vise, raison=str(impossible))
    except Exception as erreur:  # noqa: BLE001 - un cahier qui échoue ne doit pas arrêter les suivants
        journal_technique.exception("cahier %s non produit : %s", cahier, type(erreur).__name__)
        _terminer(vise, raison=PANNE)
        if passages.en_cours():
            passages.echec(erreur, f"{dossier.reference} cahier {cahier}")
        return False
    if _terminer(vise, **fait.donnees()):
        return True
    fabrique.oublier(fait)
    return False


def _terminer(vise: CahierTAQ, **donnees: Any) -> bool:
    """Vrai si le cahier est inscrit prêt; un autre travailleur a pu finir avant."""
    dossier = vise.recours.demande.dossier
    try:
        executer("terminer_cahier", acteur=compte_systeme(), dossier=dossier, cahier=vise.pk, **donnees)
    except Refus:
        return False
    return "raison" not in donnees


@shared_task(name="revision.fabriquer_cahiers")
@travail("revision.fabriquer_cahiers", "Reprendre les cahiers du Tribunal en attente", chaque=timedelta(minutes=1))
def fabriquer_cahiers() -> int:
    """Rattrape les cahiers que personne ne fabrique (courtier en panne, travailleur tué); rend combien sont prêts."""
    libre = Q(reprise_le__isnull=True) | Q(reprise_le__lte=horloge.maintenant())
    attente = CahierTAQ.objects.filter(libre, etat=CahierTAQ.Etat.EN_COURS).order_by("pk")
    return sum(fabriquer_cahier(numero) for numero in list(attente.values_list("pk", flat=True)[:LOT]))
