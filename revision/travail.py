"""Travaux planifiés de la révision."""

from __future__ import annotations

from dossiers.etats import Etat
from dossiers.models import Dossier
from dossiers.requetes import DossierQuerySet


def dossiers_en_revision() -> DossierQuerySet:
    """Dossiers dont une demande est en révision, quelle que soit leur demande courante."""
    dossiers: DossierQuerySet = Dossier.objects.filter(demandes__etat=Etat.EN_REVISION).distinct().order_by("pk")
    return dossiers
