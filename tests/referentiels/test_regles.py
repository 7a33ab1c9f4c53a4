"""Échéances, âges et libellés : propriétés sur vingt ans, et les chiffres des cas."""

from __future__ import annotations

import datetime as dt
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiels import regles
from socle import horloge

from .conftest import FERIES

JOURS = st.dates(dt.date(2026, 1, 1), dt.date(2046, 12, 31))
DELAIS = st.sampled_from([7, 15, 30, 60, 90])


# --- Propriétés ------------------------------------------------------------------------
@given(JOURS, DELAIS)
def test_dernier_jour_ouvert_et_jamais_avance(depart: dt.date, delai: int) -> None:
    """Le dernier jour est ouvert, jamais avancé, reporté d'au plus cinq jours."""
    echeance = regles.echeance_jours(depart, delai, FERIES)
    assert echeance.brute == depart + dt.timedelta(days=delai)
    assert not regles.est_ferme(echeance.date, FERIES)
    assert dt.timedelta(0) <= echeance.date - echeance.brute <= dt.timedelta(days=5)
    assert echeance.reportee == regles.est_ferme(echeance.brute, FERIES)


@pytest.mark.parametrize("delai", [15, 30, 60, 90])
def test_echeances_monotones(delai: int) -> None:
    """Une lettre émise plus tard ne finit jamais plus tôt."""
    jours = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(20 * 366)]
    dates = [regles.echeance_demander_revision(j, 7, delai, FERIES).date for j in jours]
    assert all(un <= autre for un, autre in pairwise(dates))


@given(JOURS, st.integers(0, 40))
def test_reception_jamais_reportee(emission: dt.date, jours: int) -> None:
    """Présumée ou prouvée, la réception reste son jour, même fermé."""
    assert regles.reception(emission, 7) == emission + dt.timedelta(days=7)
    prouvee = emission + dt.timedelta(days=jours)
    assert regles.reception(emission, 7, prouvee) == prouvee
    assert regles.echeance_saisir_taq(emission, 7, 60, FERIES, prouvee=prouvee).depart == prouvee


@given(JOURS, DELAIS)
def test_sans_report(depart: dt.date, delai: int) -> None:
    """Une échéance sans report (fin de mandat) reste son jour."""
    assert regles.echeance_jours(depart, delai, FERIES, reporter=False).date == depart + dt.timedelta(days=delai)


def test_reception_avant_emission_refusee() -> None:
    """On ne reçoit pas une lettre avant qu'elle parte."""
    with pytest.raises(ValueError, match="précéder"):
        regles.reception(dt.date(2026, 3, 16), 7, dt.date(2026, 3, 15))


# --- Chiffres des cas ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("emission", "dernier"),
    [
        (dt.date(2026, 1, 20), dt.date(2026, 4, 27)),
        (dt.date(2026, 3, 16), dt.date(2026, 6, 22)),
        (dt.date(2026, 5, 13), dt.date(2026, 8, 18)),
        (dt.date(2026, 9, 22), dt.date(2026, 12, 28)),
    ],
)
def test_demander_revision_des_cas(emission: dt.date, dernier: dt.date) -> None:
    """Les échéances que les cas fixent."""
    assert regles.echeance_demander_revision(emission, 7, 90, FERIES).date == dernier


def test_saisir_taq_quinze_jours_depuis_la_reception_prouvee() -> None:
    """Irrecevabilité reçue le 29 juin 2026 : le 14 juillet."""
    echeance = regles.echeance_saisir_taq(dt.date(2026, 6, 26), 7, 15, FERIES, prouvee=dt.date(2026, 6, 29))
    assert echeance.date == dt.date(2026, 7, 14)


def test_rendre_revision_du_cas_8() -> None:
    """Demande reçue le 27 avril 2026 à 23 h 50 : trente jours, le 27 mai."""
    recue = horloge.jour_civil(horloge.heure_locale(dt.date(2026, 4, 27), 23, 50))
    assert regles.echeance_jours(recue, 30, FERIES).date == dt.date(2026, 5, 27)


def test_quatre_vingt_dix_jours_a_travers_le_changement_d_heure() -> None:
    """Reçu le 15 août 2026 à 0 h 30, heure de Toronto : le 13 novembre, non le 12."""
    instant = horloge.heure_locale(dt.date(2026, 8, 15), 0, 30)
    faux = horloge.jour_civil(instant + dt.timedelta(days=90))
    echeance = regles.echeance_jours(horloge.jour_civil(instant), 90, FERIES)
    assert faux == dt.date(2026, 11, 12)
    assert echeance.date == dt.date(2026, 11, 13)


@pytest.mark.parametrize("jour", [dt.date(2026, 3, 8), dt.date(2026, 11, 1), dt.date(2027, 3, 14)])
@pytest.mark.parametrize(("heure", "minute"), [(0, 0), (23, 59)])
def test_le_jour_civil_tient_au_changement_d_heure(jour: dt.date, heure: int, minute: int) -> None:
    """Minuit et 23 h 59 d'un jour de 23 ou de 25 heures sont du même jour."""
    assert horloge.jour_civil(horloge.heure_locale(jour, heure, minute)) == jour


# --- Calcul en mots --------------------------------------------------------------------
def test_calcul_en_mots() -> None:
    """La phrase que la personne lit, sans et avec report, présumée et prouvée."""
    sans_report = regles.echeance_demander_revision(dt.date(2026, 9, 22), 7, 90, FERIES)
    assert sans_report.calcul == "22 sept. + 7 j (réception présumée) + 90 j = lundi 28 déc."
    reportee = regles.echeance_demander_revision(dt.date(2026, 3, 16), 7, 90, FERIES)
    assert reportee.calcul == ("16 mars + 7 j (réception présumée) + 90 j = dimanche 21 juin, reporté au lundi 22 juin")
    prouvee = regles.echeance_saisir_taq(dt.date(2026, 6, 26), 7, 15, FERIES, prouvee=dt.date(2026, 7, 1))
    assert prouvee.calcul == "1er juill. (réception prouvée) + 15 j = jeudi 16 juill."


def test_calcul_dit_l_annee_quand_elle_change() -> None:
    """Une fin l'année suivante porte son année; en mois, le pas se dit en mois."""
    assert regles.echeance_jours(dt.date(2026, 12, 1), 90, FERIES).calcul == "1er déc. + 90 j = lundi 1er mars 2027"
    assert regles.echeance_mois(dt.date(2026, 2, 2), 12, FERIES).calcul == "2 févr. + 12 mois = mardi 2 févr. 2027"


def test_calcul_en_anglais() -> None:
    """Le même calcul, en anglais."""
    echeance = regles.echeance_demander_revision(dt.date(2026, 9, 22), 7, 90, FERIES)
    assert echeance.en_mots("en-ca") == "Sept. 22 + 7 d. (presumed receipt) + 90 d. = Monday, Dec. 28"


# --- Âge et mois -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("naissance", "jour", "age"),
    [
        (dt.date(1986, 5, 4), dt.date(2026, 5, 3), 39),
        (dt.date(1986, 5, 4), dt.date(2026, 5, 4), 40),
        (dt.date(1984, 2, 29), dt.date(2026, 2, 27), 41),
        (dt.date(1984, 2, 29), dt.date(2026, 2, 28), 42),
        (dt.date(1984, 2, 29), dt.date(2028, 2, 28), 43),
        (dt.date(1984, 2, 29), dt.date(2028, 2, 29), 44),
        (dt.date(2026, 5, 4), dt.date(2026, 5, 4), 0),
    ],
)
def test_age(naissance: dt.date, jour: dt.date, age: int) -> None:
    """L'âge atteint ce jour-là compte."""
    assert regles.age_a(naissance, jour) == age


@given(st.dates(dt.date(1920, 1, 1), dt.date(2010, 1, 1)), st.dates(dt.date(2010, 1, 1), dt.date(2046, 1, 1)))
def test_age_borne_par_les_anniversaires(naissance: dt.date, jour: dt.date) -> None:
    """L'âge est le plus grand nombre d'années dont l'anniversaire est passé ou du jour."""
    age = regles.age_a(naissance, jour)
    assert regles.plus_mois(naissance, 12 * age) <= jour < regles.plus_mois(naissance, 12 * (age + 1))


def test_age_avant_la_naissance() -> None:
    """On n'a pas d'âge avant de naître."""
    with pytest.raises(ValueError, match="naissance"):
        regles.age_a(dt.date(2026, 1, 2), dt.date(2026, 1, 1))


def test_plus_mois_borne_le_quantieme() -> None:
    """31 janvier plus un mois : fin février."""
    assert regles.plus_mois(dt.date(2027, 1, 31), 1) == dt.date(2027, 2, 28)
    assert regles.plus_mois(dt.date(2028, 1, 31), 1) == dt.date(2028, 2, 29)


# --- Libellés --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "variante",
    [
        "Maladie d'Alzheimer",
        "  MALADIE   d’alzheimer ",
        "maladie\u00a0d\u2018Alzheimer",
        unicodedata.normalize("NFD", "Maladie d'Alzheimer"),
    ],
)
def test_libelles_identiques(variante: str) -> None:
    """Forme, espaces, casse et apostrophes ne comptent pas."""
    assert regles.libelles_identiques("Maladie d'Alzheimer", variante)


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ("Cécité des deux yeux", "Cecite des deux yeux"),
        ("Cécité des deux yeux", "Cécité des yeux"),
        ("Cécité des deux yeux", "Cécité des deux yeux probable"),
        ("Maladie d'Alzheimer", "Maladie Alzheimer"),
    ],
)
def test_libelles_differents(un: str, autre: str) -> None:
    """Accents et mots comptent."""
    assert not regles.libelles_identiques(un, autre)


@given(st.text())
def test_normaliser_est_idempotent(texte: str) -> None:
    """Normaliser deux fois ne change plus rien."""
    une = regles.normaliser_libelle(texte)
    assert regles.normaliser_libelle(une) == une


# --- Durées constatées -----------------------------------------------------------------
def test_mediane_et_p80() -> None:
    """Médiane et rang le plus proche, arrondis vers le haut."""
    assert regles.mediane_et_p80([]) is None
    assert regles.mediane_et_p80([5]) == (5, 5)
    assert regles.mediane_et_p80([10, 1, 4, 3]) == (4, 10)
    assert regles.mediane_et_p80(list(range(1, 11))) == (6, 8)


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_p80_couvre_quatre_dossiers_sur_cinq(durees: list[int]) -> None:
    """Au moins 80 % des durées tiennent dans le p80."""
    resultat = regles.mediane_et_p80(durees)
    assert resultat is not None
    mediane, p80 = resultat
    assert sum(d <= p80 for d in durees) >= 0.8 * len(durees)
    assert mediane <= p80 + 1
