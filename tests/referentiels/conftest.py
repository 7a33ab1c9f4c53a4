"""Calendrier de départ, sans base, et deux personnes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from referentiels.regles import Feries, Fermeture, GenreFermeture
from referentiels.semence.calendrier import JOURS_FERIES

CHAMPS = ("mois", "jour", "decalage", "jour_semaine", "date")


def calendrier_de_depart() -> Feries:
    """Les définitions semées, lues sans base."""
    return tuple(
        Fermeture(
            genre=GenreFermeture(ligne["genre"]),
            libelle=ligne["libelle"],
            rang=ligne.get("n"),
            **{champ: ligne.get(champ) for champ in CHAMPS},
        )
        for ligne in JOURS_FERIES
    )


FERIES = calendrier_de_depart()


@pytest.fixture(autouse=True)
def _sans_reste() -> Iterator[None]:
    """Ce qu'un essai annule ne reste pas dans le cache du processus."""
    yield
    from referentiels import lecture

    lecture._partage.oublier()


@pytest.fixture
def personnes(db: None) -> tuple[Any, Any]:
    """Deux comptes distincts : qui propose, qui approuve."""
    from comptes.models import Compte, Role

    return (
        Compte.objects.create(email="autrice@exemple.test", role=Role.ADMINISTRATEUR),
        Compte.objects.create(email="approbateur@exemple.test", role=Role.ADMINISTRATEUR),
    )
