"""Le suivi d'une personne : poids de la première vue, de la porte d'entrée à la page qui dit où en est la demande."""

from __future__ import annotations

from django.db import transaction
from django.test import Client
from django.urls import reverse

from bench import pages
from bench.formulaires import invitee, peser
from comptes.models import Compte, Role
from dossiers.models import Dossier

PAGES = ("suivi", "suivi_documents", "suivi_coordonnees")


def poids() -> dict[str, float]:
    """Ko compressés de chaque page, cache vide; la personne est au milieu de sa demande."""
    with transaction.atomic(), invitee() as (_clinicienne, reference):
        personne = Compte.objects.get(role=Role.PRESTATAIRE, dossier__in=Dossier.objects.filter(reference=reference))
        navigateur = pages.client(personne)
        return {
            "entree": peser(Client(SERVER_NAME=pages.HOTE), reverse("suivi_connexion")),
            **{nom: peser(navigateur, reverse(nom)) for nom in PAGES},
        }
