"""Liens entre les bibliothèques de connexion et la maison."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

ADRESSE_INCONNUE = "0.0.0.0"  # noqa: S104 - ce n'est pas une écoute


class Adaptateur(DefaultAccountAdapter):
    """Aucune inscription publique : un compte naît d'un acte administratif."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuser toute inscription."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Rendre l'adresse du client; une requête sans adresse (prise Unix, essai) porte l'adresse nulle."""
        return get_client_ip(request) or ADRESSE_INCONNUE


def identifiant_tente(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Rendre le courriel essayé, en minuscules : la clé du compteur d'échecs de connexion."""
    donnees = credentials or {}
    trouve = donnees.get("email") or donnees.get("username") or request.POST.get("login", "")
    return str(trouve).strip().lower()


def adresse_du_client(request: HttpRequest) -> str | None:
    """Rendre l'adresse du client, lue comme allauth la lit : une seule règle pour les deux compteurs."""
    adresse: str = get_adapter(request).get_client_ip(request)
    return None if adresse == ADRESSE_INCONNUE else adresse
