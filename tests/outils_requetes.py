"""Compter les requêtes d'une page."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from referentiels.lecture import rechauffer


def requetes(navigateur: Client, url: str) -> int:
    """Requêtes d'une lecture de la page, référentiels déjà en mémoire."""
    rechauffer()
    with CaptureQueriesContext(connection) as lues:
        reponse = navigateur.get(url)
    assert reponse.status_code == 200, (url, reponse.status_code, reponse.headers.get("Location"))
    return len(lues)
