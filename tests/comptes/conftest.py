"""Des personnes fictives et un dossier, par les actes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from comptes.models import Bureau, Compte, Role
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Dossier
from espaces.views import connexion

MOT_DE_PASSE = "une phrase longue et fictive"


@pytest.fixture(autouse=True)
def _sans_plancher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ne pas attendre : le plancher de durée est éprouvé à part."""
    monkeypatch.setattr(connexion, "PLANCHER", 0.0)


@pytest.fixture
def bureau(db: Any) -> Bureau:
    return Bureau.objects.create(code="essai", nom="Bureau fictif", region="06")


def _dossier(bureau: Bureau, prenom: str, naissance: dt.date) -> Dossier:
    personne = Compte.objects.create_user(
        f"{prenom}@exemple.invalid".lower(), prenom=prenom, nom="Fictif", role=Role.PRESTATAIRE
    )
    return ouvrir_dossier(personne, acteur=personne, bureau_id=bureau.pk, region="06", naissance=naissance)


@pytest.fixture
def dossier(bureau: Bureau) -> Dossier:
    return _dossier(bureau, "Ines", dt.date(1986, 1, 30))


@pytest.fixture
def autre_dossier(bureau: Bureau) -> Dossier:
    return _dossier(bureau, "Paul", dt.date(1970, 5, 2))


@pytest.fixture
def agent(bureau: Bureau) -> Compte:
    return Compte.objects.create_user(
        "agent@exemple.invalid", MOT_DE_PASSE, prenom="Octave", nom="Modèle", role=Role.AGENT, bureau=bureau
    )


@pytest.fixture
def administrateur(db: Any) -> Compte:
    return Compte.objects.create_user(
        "admin@exemple.invalid", MOT_DE_PASSE, prenom="Alice", nom="Réglage", role=Role.ADMINISTRATEUR, is_staff=True
    )
