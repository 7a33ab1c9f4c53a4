"""Jours fermés : la liste de départ, et ce qui la distingue d'une bibliothèque."""

from __future__ import annotations

import datetime as dt

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiels import regles
from referentiels.regles import Fermeture, GenreFermeture

from .conftest import FERIES

ANNEES = range(2026, 2047)
JOURS = st.dates(dt.date(2026, 1, 1), dt.date(2046, 12, 31))


def test_jours_fermes_de_2026() -> None:
    """La liste complète d'une année, écrite à la main."""
    assert sorted(regles.jours_feries(2026, FERIES)) == [
        dt.date(2026, 1, 1),
        dt.date(2026, 4, 3),
        dt.date(2026, 4, 6),
        dt.date(2026, 5, 18),
        dt.date(2026, 6, 24),
        dt.date(2026, 7, 1),
        dt.date(2026, 9, 7),
        dt.date(2026, 10, 12),
        dt.date(2026, 12, 25),
    ]


SAMEDI, DIMANCHE = 6, 7


def conges_reportes(annee: int) -> set[dt.date]:
    """Congés que la bibliothèque reporte au lundi ou au mardi, et que la liste de départ ne reporte pas."""
    reportes = set()
    for mois, jour, fins in ((1, 1, (SAMEDI, DIMANCHE)), (6, 24, (DIMANCHE,)), (12, 25, (SAMEDI, DIMANCHE))):
        conge = dt.date(annee, mois, jour)
        if conge.isoweekday() in fins:
            reportes.add(conge + dt.timedelta(days=8 - conge.isoweekday()))
    return reportes


@pytest.mark.parametrize("annee", ANNEES)
def test_compare_a_la_bibliotheque(annee: int) -> None:
    """Ce qui nous sépare de la bibliothèque, les jours de semaine, et rien d'autre.

    Elle ne compte pas le lundi de Pâques parmi les jours publics du Québec, où l'employeur choisit
    entre lui et le Vendredi saint; les bureaux ferment les deux jours. Elle reporte Noël, le jour de
    l'An et le 24 juin d'une fin de semaine; la liste de départ ne dit pas de le faire.
    """
    notres = set(regles.jours_feries(annee, FERIES))
    siens = set(holidays.country_holidays("CA", subdiv="QC", years=annee, categories=("public",)))
    assert notres - siens == {regles.paques(annee) + dt.timedelta(days=1)}
    assert {jour for jour in siens - notres if jour.isoweekday() < SAMEDI} == conges_reportes(annee)


@pytest.mark.parametrize(
    ("jour", "ferme"),
    [
        (dt.date(2026, 12, 24), False),
        (dt.date(2026, 12, 26), True),  # samedi
        (dt.date(2027, 12, 31), False),
        (dt.date(2029, 12, 26), False),  # mercredi
        (dt.date(2026, 1, 2), False),
        (dt.date(2029, 7, 1), True),  # dimanche
        (dt.date(2029, 7, 2), True),  # le 1er juillet est un dimanche
        (dt.date(2028, 7, 2), True),  # dimanche
        (dt.date(2026, 7, 2), False),
        (dt.date(2026, 5, 25), False),  # un lundi 25 mai est ouvert : le congé le précède
    ],
)
def test_jours_limites(jour: dt.date, *, ferme: bool) -> None:
    """Les jours sur lesquels on se trompe d'ordinaire."""
    assert regles.est_ferme(jour, FERIES) is ferme


@given(JOURS)
def test_jour_ouvrable_suivant(jour: dt.date) -> None:
    """Toujours ouvert, jamais avant, et rien d'ouvert n'a été sauté."""
    suivant = regles.jour_ouvrable_suivant(jour, FERIES)
    assert not regles.est_ferme(suivant, FERIES)
    assert 0 <= (suivant - jour).days <= 5
    assert all(regles.est_ferme(jour + dt.timedelta(days=n), FERIES) for n in range((suivant - jour).days))


@given(JOURS, st.integers(1, 10))
def test_ajouter_jours_ouvrables(jour: dt.date, nombre: int) -> None:
    """Entre le départ, exclu, et l'arrivée, comprise, il y a exactement `nombre` jours ouverts."""
    fin = regles.ajouter_jours_ouvrables(jour, nombre, FERIES)
    entre = (jour + dt.timedelta(days=n) for n in range(1, (fin - jour).days + 1))
    assert sum(not regles.est_ferme(j, FERIES) for j in entre) == nombre


def test_fermeture_ponctuelle() -> None:
    """Une tempête ferme un jour, un seul."""
    tempete = (*FERIES, Fermeture(GenreFermeture.PONCTUEL, "Tempête", date=dt.date(2026, 8, 18)))
    assert regles.jour_ouvrable_suivant(dt.date(2026, 8, 18), tempete) == dt.date(2026, 8, 19)
    assert not regles.est_ferme(dt.date(2027, 8, 18), tempete)


def test_definition_incomplete_refusee() -> None:
    """Une définition sans son mois ne passe pas inaperçue."""
    with pytest.raises(ValueError, match="mois"):
        Fermeture(GenreFermeture.FIXE, "Sans mois", jour=3)


def test_calendrier_sans_jour_ouvert() -> None:
    """Un calendrier absurde se dit au lieu de tourner sans fin."""
    tout = tuple(Fermeture(GenreFermeture.HEBDOMADAIRE, str(n), jour_semaine=n) for n in range(1, 8))
    with pytest.raises(ValueError, match="aucun jour ouvert"):
        regles.jour_ouvrable_suivant(dt.date(2026, 1, 1), tout)


def test_le_29_fevrier_fixe_n_existe_pas_toujours() -> None:
    """Un congé du 29 février n'a de date qu'aux années bissextiles."""
    rare = Fermeture(GenreFermeture.FIXE, "Rare", mois=2, jour=29)
    assert rare.dates(2028) == (dt.date(2028, 2, 29),)
    assert rare.dates(2027) == ()
