"""Ce que les comptes mettent dans l'en-tête : les liens de l'administration, et celui du second facteur."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from comptes.models import Compte, Role
from socle.composants import Identite, Lien

PAGES = (
    ("Comptes", "gestion_comptes"),
    ("Lieux", "gestion_lieux"),
    ("Envois", "envois"),
    ("Fichiers reçus", "gestion_fichiers"),
    ("Appels des cliniciens", "appels_cliniciens"),
    ("Modifier les listes", "admin:index"),
)

SANS_FACTEUR = (Role.PRESTATAIRE, Role.SYSTEME)


def liens(request: HttpRequest) -> list[Lien]:
    """Les pages de l'administrateur; rien pour les autres rôles."""
    if not isinstance(request.user, Compte) or request.user.role != Role.ADMINISTRATEUR:
        return []
    return [Lien(texte, reverse(nom)) for texte, nom in PAGES]


def identite(request: HttpRequest) -> Identite | None:
    """Le nom, le rôle et le lien du second facteur; rien pour le prestataire, qui entre par un code reçu."""
    personne = getattr(request, "user", None)  # une page de problème se rend parfois avant la séance
    if not isinstance(personne, Compte) or personne.role in SANS_FACTEUR:
        return None
    lien = Lien("Mon second facteur", reverse("mfa_index"))
    return Identite(nom=str(personne), role=str(personne.get_role_display()), liens=(lien,))
