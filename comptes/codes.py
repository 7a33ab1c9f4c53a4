"""Codes à usage unique des prestataires : 8 chiffres, 10 minutes, 5 essais, une seule fois.

Un seul code vit à la fois. Le code n'est gardé que condensé (HMAC, clé du serveur), et jamais avec la
référence du dossier. Source : `epreuves.md` S03; `ecrans-et-lettres.md` C0bis et B8.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from comptes import codes_suivi
from comptes.models import CodeAcces, Compte, EssaiAcces
from comptes.tentatives import signaler_source
from journal.actes import consigner
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs import empreinte

ESSAIS_MAX = 5
ENVOIS_MAX = 5  # par personne et par heure
FENETRE_ENVOIS = timedelta(hours=1)
ESSAIS_MAX_JOUR = 20  # par personne : au-delà, un humain prend le relais
FENETRE_SOURCE = timedelta(minutes=15)
ESSAIS_PAR_SOURCE = 30
MESSAGE_REFUS = "Ce code n'ouvre rien. Vérifiez-le, ou demandez-en un autre."

Voie = Callable[[Compte, str], None]
_voies: list[Voie] = []


def inscrire_voie(voie: Voie) -> None:
    """Déclarer comment un code part (texto, courriel); la première inscrite sert. Appelé dans `ready()`."""
    if voie not in _voies:
        _voies.append(voie)


def duree() -> timedelta:
    """Durée d'un code à usage unique (règle `code_unique_minutes`)."""
    return timedelta(minutes=int(referentiels.regle("code_unique_minutes", horloge.aujourd_hui())))


def condenser(compte_id: int, code: str) -> str:
    """HMAC-SHA256 du code et du compte; sans la clé du serveur, 10⁸ essais ne le retrouvent pas."""
    return hmac.new(settings.CLE_EMPREINTE.encode(), f"{compte_id}:{code}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def creer(compte: Compte) -> str | None:
    """Remplace le code vivant par un neuf; rend le code en clair, ou None si trop de codes ont été demandés."""
    Compte.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    maintenant = horloge.maintenant()
    recents = CodeAcces.objects.filter(compte=compte, cree_le__gt=maintenant - FENETRE_ENVOIS).count()
    if recents >= ENVOIS_MAX:
        return None
    CodeAcces.objects.filter(compte=compte, utilise_le__isnull=True, expire_le__gt=maintenant).update(
        expire_le=maintenant
    )
    clair = f"{secrets.randbelow(10**8):08d}"
    CodeAcces.objects.create(
        compte=compte, condensat=condenser(compte.pk, clair), cree_le=maintenant, expire_le=maintenant + duree()
    )
    return clair


def envoyer(compte: Compte) -> bool:
    """Crée un code et le confie à la voie d'envoi; faux si trop de codes ont été demandés."""
    with transaction.atomic():
        clair = creer(compte)
        if clair is None:
            return False
        for voie in _voies[:1]:
            voie(compte, clair)
    return True


@transaction.atomic
def verifier(compte: Compte, saisi: str) -> bool:
    """Vrai une seule fois pour le code vivant. Un essai compte même s'il échoue; au cinquième, le code meurt.

    Le code de suivi d'une lettre (`codes_suivi`) s'emploie ici aussi : mêmes limites, même réponse.
    """
    Compte.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    maintenant = horloge.maintenant()
    du_jour = CodeAcces.objects.filter(compte=compte, cree_le__gt=maintenant - timedelta(days=1))
    essais = sum(du_jour.values_list("essais", flat=True))
    vivant = du_jour.filter(utilise_le__isnull=True, expire_le__gt=maintenant, essais__lt=ESSAIS_MAX).first()
    # Le calcul se fait toujours : la durée ne dit pas si un code existe.
    juste = hmac.compare_digest(vivant.condensat if vivant else "", condenser(compte.pk, saisi))
    if essais >= ESSAIS_MAX_JOUR:
        return False
    if codes_suivi.employer(compte, saisi):
        return True
    if vivant is None:
        return False
    if juste:
        vivant.utilise_le = maintenant
        vivant.save(update_fields=["utilise_le"])
        return True
    CodeAcces.objects.filter(pk=vivant.pk).update(essais=F("essais") + 1)
    consigner("essayer_code", acteur=compte, nature=Entree.Nature.TENTATIVE, code_refus="acces_refuse")
    return False


def source_permise(adresse: str) -> bool:
    """Compte un essai de cette adresse; faux au-delà de 30 en 15 minutes. En base : un cache en panne n'ouvre rien."""
    maintenant = horloge.maintenant()
    source = empreinte(adresse or "inconnue")
    EssaiAcces.objects.filter(le__lt=maintenant - timedelta(days=1)).delete()
    EssaiAcces.objects.create(source=source, le=maintenant)
    essais = EssaiAcces.objects.filter(source=source, le__gt=maintenant - FENETRE_SOURCE).count()
    if essais > ESSAIS_PAR_SOURCE:
        signaler_source(source, FENETRE_SOURCE)
    return essais <= ESSAIS_PAR_SOURCE
