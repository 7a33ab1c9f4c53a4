"""La période d'une contrainte temporaire : mois civils, fins de mois, suite sans jour vide."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.regles import FaitDecision, Periode, periode_temporaire, periodes_temporaires, temporaires_de_suite

JOURS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
MOIS = st.integers(1, 11)
AVIS = 45


@pytest.mark.bornes("periode_temporaire", "cas")
@pytest.mark.parametrize(
    ("debut", "mois", "fin"),
    [
        (date(2026, 2, 4), 4, date(2026, 6, 3)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 3, 1), 1, date(2026, 3, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 2, date(2027, 1, 31)),
    ],
)
def test_quelques_fins(debut: date, mois: int, fin: date) -> None:
    assert periode_temporaire(mois, debut, debut, None, AVIS) == Periode(debut, fin)


@given(JOURS, MOIS)
def test_une_periode_a_le_bon_nombre_de_mois(debut: date, mois: int) -> None:
    lue = periode_temporaire(mois, debut, debut, None, AVIS)
    lendemain = lue.fin + timedelta(days=1)
    ecart = (lendemain.year - debut.year) * 12 + lendemain.month - debut.month
    entier = lendemain.day == debut.day
    # Le quantième n'existe pas au mois d'arrivée : la période va à la fin de ce mois.
    fin_de_mois = lue.fin.day == calendar.monthrange(lue.fin.year, lue.fin.month)[1] and lue.fin.day < debut.day
    assert (ecart == mois and entier) or (ecart == mois + 1 and fin_de_mois)


@given(JOURS, MOIS)
def test_un_mois_de_plus_finit_plus_tard(debut: date, mois: int) -> None:
    courte, longue = (periode_temporaire(n, debut, debut, None, AVIS) for n in (mois, mois + 1))
    assert debut <= courte.fin < longue.fin


@given(JOURS, st.integers(-60, 60), st.integers(0, 60), MOIS)
def test_deposee_a_temps_la_suite_commence_le_lendemain(
    precedente: date, ecart: int, traitement: int, mois: int
) -> None:
    deposee = precedente + timedelta(days=ecart)
    scellee = deposee + timedelta(days=traitement)
    lue = periode_temporaire(mois, scellee, deposee, precedente, AVIS)
    a_temps = -AVIS <= ecart <= 0
    assert lue.debut == (precedente + timedelta(days=1) if a_temps else scellee)


def test_le_dernier_jour_compte_encore_et_le_lendemain_non() -> None:
    fin = date(2026, 5, 31)
    scellee = date(2026, 6, 10)
    assert periode_temporaire(3, scellee, fin, fin, AVIS) == Periode(date(2026, 6, 1), date(2026, 8, 31))
    assert periode_temporaire(3, scellee, date(2026, 6, 1), fin, AVIS).debut == scellee


def test_une_demande_deposee_bien_avant_la_fin_part_de_sa_signature() -> None:
    """Un nouveau rapport au milieu de la période dit des mois comptés de maintenant, non de la fin."""
    lue = periode_temporaire(4, date(2026, 3, 2), date(2026, 3, 1), date(2026, 7, 31), AVIS)
    assert lue.debut == date(2026, 3, 2)


def test_trois_de_suite_puis_une_autre_issue() -> None:
    premiere = FaitDecision(3, date(2026, 1, 1), date(2025, 12, 20))
    deuxieme = FaitDecision(2, date(2026, 4, 9), date(2026, 3, 20))
    troisieme = FaitDecision(1, date(2026, 5, 20), date(2026, 5, 15))
    assert periodes_temporaires([premiere, deuxieme, troisieme], AVIS) == [
        Periode(date(2026, 1, 1), date(2026, 3, 31)),
        Periode(date(2026, 4, 1), date(2026, 5, 31)),
        Periode(date(2026, 6, 1), date(2026, 6, 30)),
    ]
    assert temporaires_de_suite([premiere, deuxieme, troisieme]) == 3
    autre = FaitDecision(None, date(2026, 4, 9), date(2026, 3, 20))
    assert periodes_temporaires([premiere, autre, troisieme], AVIS)[2] == Periode(date(2026, 5, 20), date(2026, 6, 19))
    assert temporaires_de_suite([premiere, autre, troisieme]) == 1
    assert temporaires_de_suite([premiere, autre]) == 0
    assert (temporaires_de_suite([]), periodes_temporaires([], AVIS)) == (0, [])
