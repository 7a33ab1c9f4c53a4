"""Travaux planifiés des référentiels."""

from __future__ import annotations

import logging
from datetime import time

from celery import shared_task

from socle import horloge, passages
from socle.passages import travail

from . import actes, lecture, regles

journal = logging.getLogger(__name__)


@shared_task(name="referentiels.calculer_delais")
@travail("referentiels.calculer_delais", "Calculer les délais habituels", a=time(3, 15))
def calculer_delais() -> int:
    """Écrit la médiane et le 80e centile de chaque étape mesurée; rend le nombre d'étapes écrites.

    Une étape dont l'effectif est sous `delai_habituel_min` n'est pas écrite : trop peu pour parler d'habitude.
    Rejoué le même jour, il refait le calcul du jour.
    """
    au = horloge.aujourd_hui()
    du = regles.plus_mois(au, -int(lecture.regle("delai_habituel_fenetre_mois", au)))
    seuil = int(lecture.regle("delai_habituel_min", au))
    if not actes.calculs_inscrits():
        journal.warning("Aucun calcul de délai n'est inscrit : les délais habituels ne sont pas tenus à jour.")
    ecrites = 0
    for calcul in actes.calculs_inscrits():
        try:
            mesures = list(calcul(du, au))
        except Exception as erreur:  # noqa: BLE001 - une mesure en échec n'empêche pas les autres
            passages.echec(erreur, getattr(calcul, "__name__", ""))
            continue
        for etape, durees in mesures:
            centiles = regles.mediane_et_p80(durees)
            if centiles is not None and len(durees) >= seuil:
                actes.ecrire_delai_habituel(etape, *centiles, effectif=len(durees))
                ecrites += 1
    return ecrites
