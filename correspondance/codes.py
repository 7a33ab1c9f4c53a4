"""Faire partir un code d'accès, qui ne contient que le code, ou un signal qu'aucune lettre n'annonce.

La requête écrit une ligne et répond; la tâche remet. Répondre ne prend donc pas plus de temps quand le
dossier existe. Source : `ecrans-et-lettres.md` C0bis; `epreuves.md` S02, S03.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from comptes.codes import duree
from comptes.models import Compte
from correspondance import actes, fournisseurs, signaux
from correspondance.models import Canal, MessageCode
from socle import horloge

journal_technique = logging.getLogger(__name__)
GARDE = timedelta(days=1)
DUREE_SIGNAL = timedelta(days=3)


def corps(langue: str, code: str) -> str:
    """Le message : le code, sa durée, rien d'autre."""
    with translation.override(langue):
        return gettext("Votre code est %(code)s. Il sert une fois, pendant 10 minutes.") % {"code": code}


def voie(compte: Compte) -> str:
    """Texto si un numéro est connu et le canal offert, sinon courriel, sinon rien."""
    offerts = fournisseurs.configures()
    if compte.telephone_texto and (Canal.TEXTO in offerts or settings.DEMONSTRATION):
        return Canal.TEXTO
    if compte.email and (Canal.COURRIEL in offerts or settings.DEMONSTRATION):
        return Canal.COURRIEL
    return ""


def confier(compte: Compte, code: str) -> None:
    """Met le code en route. Sans adresse connue, rien ne part : un agent le remet de vive voix."""
    canal = voie(compte)
    if not canal:
        return
    MessageCode.objects.create(
        compte=compte, canal=canal, corps=corps(compte.langue, code), expire_le=horloge.maintenant() + duree()
    )
    transaction.on_commit(actes.reveiller_relais, robust=True)


def signaler(compte: Compte) -> bool:
    """Met en route un signal sans donnée, quand rien n'est à lire qu'au portail; faux si aucune voie ne le remettrait.

    Le texte est celui de tout signal (`signaux.corps`). À faux, une personne avise de vive voix.
    """
    canal = ""
    if compte.email and (Canal.COURRIEL in fournisseurs.configures() or settings.DEMONSTRATION):
        canal = Canal.COURRIEL
    elif settings.DEMONSTRATION:
        canal = voie(compte)
    if canal:
        MessageCode.objects.create(
            compte=compte,
            canal=canal,
            corps=signaux.corps(compte.langue),
            expire_le=horloge.maintenant() + DUREE_SIGNAL,
        )
        transaction.on_commit(actes.reveiller_relais, robust=True)
    return bool(canal)


def remettre_codes() -> int:
    """Remet les codes et les signaux encore bons, efface ceux d'hier; rend le nombre remis."""
    maintenant = horloge.maintenant()
    MessageCode.objects.filter(expire_le__lt=maintenant - GARDE).delete()
    remis = 0
    with transaction.atomic():
        en_route = MessageCode.objects.select_for_update(of=("self",), skip_locked=True).filter(
            remis_le=None, expire_le__gt=maintenant
        )
        for message in en_route.select_related("compte").order_by("pk")[:50]:
            if _remettre(message):
                message.remis_le = maintenant
                if not settings.DEMONSTRATION:
                    message.corps = ""
                message.save(update_fields=["remis_le", "corps"])
                remis += 1
    return remis


def _remettre(message: MessageCode) -> bool:
    if message.canal != Canal.COURRIEL or not message.compte.email:
        return settings.DEMONSTRATION
    courriel = EmailMessage(
        signaux.sujet(message.compte.langue), message.corps, settings.DEFAULT_FROM_EMAIL, [message.compte.email]
    )
    try:
        courriel.send()
    except (SMTPException, OSError, ValueError) as erreur:
        journal_technique.warning("code non remis : %s", type(erreur).__name__)
        return False
    return True
