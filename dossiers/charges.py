"""Ce que chaque agent a déjà en main : se lit au moment de confier un dossier, jamais pour comparer des vitesses."""

from __future__ import annotations

from django.db.models import Count

from comptes.models import Compte
from dossiers.etats import AVANT_DECISION, EN_RECOURS
from dossiers.models import Dossier

EN_COURS = (*AVANT_DECISION, *EN_RECOURS)


def charges(bureau_id: int | None) -> dict[int, int]:
    """Demandes en cours de chaque agent du bureau.

    Un dossier réuni à un autre n'a plus de demande en cours : il ne compte pas, sans qu'il faille lire sa ligne.
    """
    if bureau_id is None:
        return {}
    vivants = Dossier.objects.filter(bureau_id=bureau_id, agent__isnull=False, etat__in=EN_COURS)
    return dict(vivants.order_by().values_list("agent").annotate(n=Count("pk")))


def avec_charge(agent: Compte, charge: int) -> str:
    """« Rosalie Fictif, 12 demandes en cours »."""
    return f"{agent.nom_complet}, {charge or 'aucune'} demande{'s' if charge > 1 else ''} en cours"
