"""Essais de connexion répétés : une porte fermée un temps, une ligne au journal, une alerte à l'exploitation.

Le verrou tient au couple (courriel essayé, adresse) : il n'enferme pas la personne visée, et se lève seul.
La réponse est la même que le compte existe ou non. Source : `epreuves.md` S02.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comptes.models import Compte
from journal.actes import consigner
from journal.models import Entree
from socle import horloge
from socle.champs import empreinte

ACTE_CONNEXION = "verrouiller_connexion"
ACTE_SOURCE = "verrouiller_source"
ACTE_PAUSE = "verrouiller_code"
COURTE = 16  # signes d'empreinte gardés : assez pour rapprocher deux lignes, sans nommer personne
alerte = logging.getLogger("comptes.tentatives")


def reponse_verrouillee(
    request: HttpRequest, originale: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Page rendue (429) quand trop d'essais ont échoué; signale le verrou à sa première réponse."""
    essaye = str((credentials or {}).get("email") or request.POST.get("login", ""))
    signaler_connexion(essaye.replace("\x00", "").strip().lower(), str(get_adapter(request).get_client_ip(request)))
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "comptes/trop_d_essais.html", {"minutes": minutes}, status=429)


def signaler_connexion(essaye: str, adresse: str) -> None:
    """Consigne le verrou de ce courriel depuis cette adresse, et alerte; une fois par durée de verrou."""
    compte = Compte.objects.filter(email=essaye).first() if essaye else None
    details = {"identifiant": empreinte(essaye)[:COURTE], "source": empreinte(adresse)[:COURTE]}
    if _consigner(ACTE_CONNEXION, details, timedelta(hours=settings.AXES_COOLOFF_TIME), compte):
        alerte.error("Connexion fermée après trop d'essais : identifiant %(identifiant)s, source %(source)s", details)


def signaler_source(source: str, duree: timedelta) -> None:
    """Consigne qu'une adresse (déjà condensée) a épuisé ses essais au suivi d'une demande, et alerte."""
    details = {"source": source[:COURTE]}
    if _consigner(ACTE_SOURCE, details, duree):
        alerte.error("Suivi fermé à une adresse après trop d'essais : source %(source)s", details)


def signaler_pause(usage: str, compte: Compte | None, source: str, fin: datetime) -> None:
    """Consigne que trop de codes ratés ferment une porte jusqu'à `fin`, et alerte; `source` est déjà condensée."""
    details = {"usage": usage, "source": source[:COURTE], "jusqu_a": fin.isoformat(timespec="seconds")}
    consigner(ACTE_PAUSE, acteur=compte, nature=Entree.Nature.TENTATIVE, code_refus="acces_refuse", details=details)
    alerte.error("Pause après trop de codes ratés : %(usage)s, source %(source)s", details)


def _consigner(acte: str, details: dict[str, str], duree: timedelta, compte: Compte | None = None) -> bool:
    """Écrit la ligne, sauf si la même l'est depuis moins que `duree` : un assaut ne remplit pas le journal."""
    depuis = horloge.maintenant() - duree
    if Entree.objects.filter(acteur=compte, instant__gt=depuis, acte=acte, details=details).exists():
        return False
    consigner(acte, acteur=compte, nature=Entree.Nature.TENTATIVE, code_refus="acces_refuse", details=details)
    return True
