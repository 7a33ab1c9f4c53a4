"""Un dossier, une personne, un modèle de lettre d'essai."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from comptes.models import Bureau, Compte, Role
from correspondance import registre
from correspondance.actes import preparer_lettre
from correspondance.models import Lettre
from correspondance.registre import ModeleLettre
from dossiers.models import Dossier
from socle import horloge

MARDI = datetime(2026, 9, 22, 15, 0, tzinfo=UTC)
ICI = "tests.correspondance.fournisseurs_essai"


@pytest.fixture(autouse=True)
def mardi() -> Iterator[None]:
    """Le mardi 22 septembre 2026, 11 h au Québec."""
    with horloge.figer(MARDI):
        yield


@pytest.fixture
def modele(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModeleLettre]:
    """Un modèle d'essai, retiré après coup; les champs donnés remplacent les siens."""
    monkeypatch.setattr(registre, "_modeles", dict(registre._modeles))
    monkeypatch.setattr(registre, "_copies", list(registre._copies))
    monkeypatch.setattr(registre, "_apres", list(registre._apres))

    def inscrire(**champs: Any) -> ModeleLettre:
        base = ModeleLettre("essai", "lettres/base.html", sujet="Une lettre d'essai")
        registre._modeles["essai"] = replace(base, **champs)
        return registre._modeles["essai"]

    inscrire()
    return inscrire


@pytest.fixture
def personne() -> Compte:
    return Compte.objects.create_user(
        email="alizee@exemple.invalid",
        role=Role.PRESTATAIRE,
        prenom="Alizée",
        nom="Exemple-Tremblay",
        adresse="1234, rue de la Maquette\nVille-Fictive (Québec)  G0X 0X0",
    )


@pytest.fixture
def dossier(personne: Compte) -> Dossier:
    bureau = Bureau.objects.create(code="essai", nom="Bureau d'essai", region="03", telephone="1 800 555-0142")
    return Dossier.objects.create(prestataire=personne, bureau=bureau)


@pytest.fixture
def preparer(dossier: Dossier, personne: Compte, modele: Callable[..., ModeleLettre]) -> Callable[..., Lettre]:
    """Préparer une lettre d'essai, dans sa transaction."""

    def faire(version: int = 1, destinataire: Compte | None = None, **contenu: Any) -> Lettre:
        with transaction.atomic():
            return preparer_lettre(
                "essai",
                dossier=dossier,
                destinataire=destinataire or personne,
                cause=dossier,
                contenu=contenu,
                version=version,
            )

    return faire
