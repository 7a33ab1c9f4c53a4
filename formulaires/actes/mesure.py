"""Compter le temps d'une page du SR-2100 : un compteur du jour avance d'un, sans personne ni dossier."""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from django.db.models import F

from formulaires.mesure import tranche_du_jeton
from formulaires.models import MesurePage
from formulaires.saisie import TITRES
from socle import horloge

journal_technique = logging.getLogger(__name__)


def noter(page: str, recu: str) -> None:
    """Compte cette page; un jeton absent, faux ou trop vieux ne compte pas.

    La page est déjà gardée : un compteur qui manque se dit au journal technique et n'arrête personne.
    """
    code = tranche_du_jeton(recu) if page in TITRES else ""
    if not code:
        return
    jour = horloge.aujourd_hui()
    try:
        with transaction.atomic():
            MesurePage.objects.get_or_create(jour=jour, page=page, tranche=code)
            MesurePage.objects.filter(jour=jour, page=page, tranche=code).update(nombre=F("nombre") + 1)
    except DatabaseError:
        journal_technique.exception("temps de page non compté")
