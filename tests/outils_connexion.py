"""Entrer dans les pages pendant les essais, sans passer par le formulaire de connexion."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from comptes.models import Compte

CLE_PERSONNE = "_auth_user_id"


def entrer_comme(client: Client, compte: Compte) -> Client:
    """Ouvrir la séance d'un compte."""
    client.force_login(compte, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def identite_confirmee(client: Client) -> None:
    """Faire comme si la personne venait de confirmer son identité : les vues de signature s'ouvrent."""
    from allauth.account.internal.flows import login

    seance = client.session
    seance[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = seance[CLE_PERSONNE]
    seance[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True},
    ]
    seance.save()
