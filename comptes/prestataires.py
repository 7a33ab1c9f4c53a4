"""Créer le compte d'une personne qui demande."""

from __future__ import annotations

from typing import Any

from comptes.models import Compte, Role
from journal.actes import consigner


def creer_prestataire(acteur: Compte, *, prenom: str, nom: str, **coordonnees: Any) -> Compte:
    """Crée le compte d'une personne qui demande, sans mot de passe : elle entre par un code à usage unique.

    `coordonnees` : langue, motif_langue, telephone, telephone_texto, adresse, email, canal_prefere.
    """
    courriel = coordonnees.pop("email", None) or None
    compte = Compte.objects.create_user(email=courriel, prenom=prenom, nom=nom, role=Role.PRESTATAIRE, **coordonnees)
    consigner("creer_prestataire", acteur=acteur, details={"compte": compte.pk})
    return compte
