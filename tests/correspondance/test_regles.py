"""Reprises, canaux, levée postale : sans base."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from correspondance import regles
from referentiels.regles import Fermeture, GenreFermeture
from socle import horloge

NAISSANCE = datetime(2026, 9, 22, tzinfo=UTC)


def semaine() -> tuple[Fermeture, ...]:
    """Samedis et dimanches fermés."""
    return tuple(Fermeture(genre=GenreFermeture.HEBDOMADAIRE, jour_semaine=j) for j in (6, 7))


def test_les_essais_s_espacent_puis_s_arretent_a_72_heures():
    attentes = [regles.attente(n) for n in range(1, 14)]
    assert attentes[0] == timedelta(minutes=1)
    assert attentes == sorted(attentes)
    assert max(attentes) == timedelta(hours=6)
    maintenant, essais = NAISSANCE, 0
    while (prochain := regles.prochain_essai(NAISSANCE, essais := essais + 1, maintenant)) is not None:
        assert maintenant < prochain <= NAISSANCE + timedelta(hours=72)
        maintenant = prochain
    assert maintenant == NAISSANCE + timedelta(hours=72)
    assert 10 < essais < 40


@pytest.mark.parametrize(
    ("prefere", "adresse", "courriel", "attendu"),
    [
        ("poste", True, True, "poste"),
        ("portail", True, True, "portail"),
        ("poste", False, True, "portail"),
        ("poste", False, False, "poste"),
    ],
)
def test_le_canal_de_la_lettre(prefere, adresse, courriel, attendu):
    assert regles.canal_de_lettre(prefere, adresse, courriel) == attendu


@pytest.mark.parametrize(
    ("jour", "heure", "attendu"),
    [
        (date(2026, 9, 22), (17, 29), (date(2026, 9, 21))),
        (date(2026, 9, 22), (17, 30), (date(2026, 9, 22))),
        (date(2026, 9, 21), (9, 0), (date(2026, 9, 18))),
        (date(2026, 9, 26), (18, 0), None),
    ],
)
def test_la_levee_manquee_se_rattrape_un_jour_ouvrable(jour, heure, attendu):
    levee = regles.derniere_levee(horloge.heure_locale(jour, *heure), semaine())
    assert levee == (horloge.heure_locale(attendu, 17, 30) if attendu else None)
