"""Calendrier de départ, sans base, et deux personnes."""

from __future__ import annotations

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


@pytest.fixture
def personnes(db: None) -> tuple[Any, Any]:
    """Deux comptes distincts : qui propose, qui approuve."""
    from comptes.models import Compte, Role

    return (
        Compte.objects.create(email="autrice@exemple.test", role=Role.ADMINISTRATEUR),
        Compte.objects.create(email="approbateur@exemple.test", role=Role.ADMINISTRATEUR),
    )
