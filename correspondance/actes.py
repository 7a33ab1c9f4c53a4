"""Les actes de la correspondance : préparer, émettre, prouver, réessayer, clore.

Deux temps. L'acte d'un autre domaine *prépare* la lettre dans sa transaction; elle naît
sans date. L'*émission* lui donne date, octets et empreinte. Source : `conception.md` §6.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.db import models, transaction

from correspondance import registre
from correspondance.models import Lettre

if TYPE_CHECKING:
    from comptes.models import Compte

journal_technique = logging.getLogger(__name__)


def preparer_lettre(
    modele: str,
    *,
    dossier: Any,
    destinataire: Compte,
    cause: models.Model,
    contenu: dict[str, Any],
    demande: Any = None,
    version: int = 1,
    corrige: Lettre | None = None,
) -> Lettre:
    """Faire naître une lettre sans date, dans la transaction de l'acte qui la cause.

    Idempotent : même cause, même modèle, même destinataire, même version rendent la
    lettre déjà née, inchangée. `contenu` (JSON) est figé. `corrige` : la lettre qu'elle
    remplace. Lève `LookupError` (modèle inconnu), `TransactionManagementError` hors
    d'une transaction : une lettre ne doit jamais survivre à l'acte qui échoue.
    """
    inscrit = registre.obtenir(modele)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "Une lettre se prépare dans la transaction de l'acte qui la cause."
        )
    lettre, nee = Lettre.objects.get_or_create(
        cause_type=cause._meta.label_lower,
        cause_id=cause.pk,
        modele=modele,
        destinataire=destinataire,
        version=version,
        defaults={
            "version_gabarit": inscrit.version,
            "dossier": dossier,
            "demande": demande,
            "contenu": contenu,
            "corrige": corrige,
            "langue": destinataire.langue,
        },
    )
    if nee:
        transaction.on_commit(reveiller_relais, robust=True)
    return lettre


def reveiller_relais() -> None:
    """Demander au relais de passer tout de suite. Un courtier en panne ne change rien.

    La boîte d'envoi est en base : le relais la relit de lui-même toutes les dix secondes.
    """
    try:
        current_app.send_task("correspondance.relayer", retry=False, ignore_result=True)
    except Exception as erreur:  # noqa: BLE001 - aucune panne du courtier ne doit remonter à l'acte
        journal_technique.warning("relais non réveillé : %s", type(erreur).__name__)
