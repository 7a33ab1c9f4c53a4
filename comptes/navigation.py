"""Liens de l'administration dans l'en-tête."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from comptes.models import Compte, Role
from socle.composants import Lien

PAGES = (
    ("Comptes", "gestion_comptes"),
    ("Lieux", "gestion_lieux"),
    ("Envois", "envois"),
    ("Règles et listes", "admin:index"),
)


def liens(request: HttpRequest) -> list[Lien]:
    """Les pages de l'administrateur; rien pour les autres rôles."""
    if not isinstance(request.user, Compte) or request.user.role != Role.ADMINISTRATEUR:
        return []
    return [Lien(texte, reverse(nom)) for texte, nom in PAGES]
