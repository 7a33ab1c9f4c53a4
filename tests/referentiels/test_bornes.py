"""Bornes de chaque règle de droit : la veille, le jour, le lendemain; un jour fermé; les deux changements d'heure.

Les dates attendues sont comptées au calendrier, hors du programme. `docs/regles.md` nomme chaque essai d'ici.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from decisions import mois_temporaires
from decisions import regles as decisions
from formulaires import regles as formulaires
from referentiels import echeances, regles
from referentiels.regles import Echeance
from revision import regles as revision
from socle import horloge

from .conftest import FERIES

Delai = Callable[[dt.date], Echeance]
UN_JOUR = dt.timedelta(days=1)


def jour(mois: int, quantieme: int, annee: int = 2026) -> dt.date:
    """Une date de 2026, ou d'une autre année."""
    return dt.date(annee, mois, quantieme)


def irrecevable(emission: dt.date) -> Echeance:
    """Le délai de quinze jours après une irrecevabilité."""
    return echeances.saisir_taq(emission, irrecevable=True)


def reexamen(decision: dt.date) -> Echeance:
    """Un réexamen prévu dans douze mois."""
    return echeances.reexamen_contraintes(decision, 12)


# Départ un jour ordinaire, dernier jour ouvert.
ORDINAIRES: list[tuple[Delai, dt.date, dt.date]] = [
    (echeances.demander_revision, jour(3, 17), jour(6, 22)),
    (echeances.saisir_taq, jour(3, 16), jour(5, 22)),
    (irrecevable, jour(4, 28), jour(5, 20)),
    (echeances.rendre_revision, jour(4, 27), jour(5, 27)),
    (echeances.recours_direct_taq, jour(4, 27), jour(7, 27)),
    (reexamen, jour(5, 4), jour(5, 4, 2027)),
]
# Le dernier jour tombe un jour fermé : il passe au premier jour ouvert.
FERMES: list[tuple[Delai, dt.date, dt.date, dt.date]] = [
    (echeances.demander_revision, jour(3, 19), jour(6, 24), jour(6, 25)),
    (echeances.saisir_taq, jour(3, 12), jour(5, 18), jour(5, 19)),
    (irrecevable, jour(3, 12), jour(4, 3), jour(4, 7)),
    (echeances.rendre_revision, jour(6, 1), jour(7, 1), jour(7, 2)),
    (echeances.recours_direct_taq, jour(6, 9), jour(9, 7), jour(9, 8)),
    (reexamen, jour(7, 1, 2025), jour(7, 1), jour(7, 2)),
]
# Le délai traverse le 8 mars (une heure de moins), puis le 1er novembre (une heure de plus).
HEURES: list[tuple[Delai, dt.date, dt.date, int]] = [
    (echeances.demander_revision, jour(1, 6), jour(4, 13), -1),
    (echeances.demander_revision, jour(8, 4), jour(11, 9), 1),
    (echeances.saisir_taq, jour(2, 2), jour(4, 10), -1),
    (echeances.saisir_taq, jour(9, 14), jour(11, 20), 1),
    (irrecevable, jour(2, 23), jour(3, 17), -1),
    (irrecevable, jour(10, 26), jour(11, 17), 1),
    (echeances.rendre_revision, jour(2, 16), jour(3, 18), -1),
    (echeances.rendre_revision, jour(10, 19), jour(11, 18), 1),
    (echeances.recours_direct_taq, jour(2, 4), jour(5, 5), -1),
    (echeances.recours_direct_taq, jour(9, 16), jour(12, 15), 1),
]


@pytest.mark.bornes("demander_revision", "veille", "jour", "lendemain")
@pytest.mark.bornes("saisir_taq", "veille", "jour", "lendemain")
@pytest.mark.bornes("rendre_revision", "veille", "jour", "lendemain")
@pytest.mark.bornes("recours_direct_taq", "veille", "jour", "lendemain")
@pytest.mark.bornes("revision_hors_delai", "veille", "jour", "lendemain")
@pytest.mark.bornes("reexamen_contraintes", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("delai", "depart", "dernier"), ORDINAIRES)
@pytest.mark.django_db
def test_le_dernier_jour_compte_jusqu_a_minuit(delai: Delai, depart: dt.date, dernier: dt.date) -> None:
    """La veille et le dernier jour jusqu'à 23 h 59, à temps; à minuit, en retard."""
    assert delai(depart).date == dernier
    for instant, tard in (
        (horloge.heure_locale(dernier - UN_JOUR, 12), False),
        (horloge.heure_locale(dernier, 0, 0), False),
        (horloge.heure_locale(dernier, 23, 59) + dt.timedelta(seconds=59), False),
        (horloge.heure_locale(dernier + UN_JOUR, 0, 0), True),
    ):
        assert revision.est_hors_delai(horloge.jour_civil(instant), delai(depart).date) is tard


def test_sans_dernier_jour_rien_n_est_en_retard() -> None:
    """Une décision dont la lettre n'est pas émise n'a pas de dernier jour."""
    assert not revision.est_hors_delai(jour(1, 1, 2099), None)


@pytest.mark.bornes("demander_revision", "ferme")
@pytest.mark.bornes("saisir_taq", "ferme")
@pytest.mark.bornes("rendre_revision", "ferme")
@pytest.mark.bornes("recours_direct_taq", "ferme")
@pytest.mark.bornes("reexamen_contraintes", "ferme")
@pytest.mark.parametrize(("delai", "depart", "brut", "dernier"), FERMES)
@pytest.mark.django_db
def test_un_dernier_jour_ferme_passe_au_jour_ouvert(
    delai: Delai, depart: dt.date, brut: dt.date, dernier: dt.date
) -> None:
    """Le jour compté est fermé; le dernier jour est le premier jour ouvert qui suit, jamais avant."""
    lue = delai(depart)
    assert regles.est_ferme(brut, FERIES)
    assert (lue.brute, lue.date, lue.reportee) == (brut, dernier, True)


@pytest.mark.bornes("demander_revision", "heure")
@pytest.mark.bornes("saisir_taq", "heure")
@pytest.mark.bornes("rendre_revision", "heure")
@pytest.mark.bornes("recours_direct_taq", "heure")
@pytest.mark.parametrize(("delai", "depart", "dernier", "sens"), HEURES)
@pytest.mark.django_db
def test_un_delai_compte_des_jours_civils_malgre_l_heure(
    delai: Delai, depart: dt.date, dernier: dt.date, sens: int
) -> None:
    """De minuit à minuit, il manque ou il y a une heure; le dernier jour n'en change pas."""
    lue = delai(depart)
    assert (lue.date, lue.reportee) == (dernier, False)
    ecoule = horloge.heure_locale(dernier) - horloge.heure_locale(depart)
    assert ecoule == dernier - depart + dt.timedelta(hours=sens)


@pytest.mark.bornes("reexamen_contraintes", "heure")
@pytest.mark.parametrize(
    ("decision", "dernier"),
    [
        (jour(3, 9, 2026), jour(3, 9, 2027)),
        (jour(11, 2, 2026), jour(11, 2, 2027)),
        (jour(2, 29, 2028), jour(2, 28, 2029)),
    ],
)
@pytest.mark.django_db
def test_un_reexamen_garde_son_quantieme(decision: dt.date, dernier: dt.date) -> None:
    """Au lendemain de chaque changement d'heure, et le 29 février."""
    assert reexamen(decision).date == dernier


# --- Réception et jours fermés ---------------------------------------------------------------


@pytest.mark.bornes("reception", "veille", "jour", "lendemain")
def test_la_reception_prouvee_ne_precede_jamais_l_emission() -> None:
    emission = jour(3, 16)
    with pytest.raises(ValueError, match="précéder"):
        regles.reception(emission, 7, emission - UN_JOUR)
    for prouvee in (emission, emission + UN_JOUR):
        assert regles.reception(emission, 7, prouvee) == prouvee


@pytest.mark.bornes("reception", "heure")
@pytest.mark.parametrize(
    ("emission", "recue"),
    [(jour(3, 4), jour(3, 11)), (jour(10, 28), jour(11, 4)), (jour(6, 17), jour(6, 24)), (jour(3, 1), jour(3, 8))],
)
def test_la_reception_presumee_reste_son_jour(emission: dt.date, recue: dt.date) -> None:
    """Sept jours civils, d'une heure à l'autre; même un jour fermé, elle ne se reporte pas."""
    assert regles.reception(emission, 7) == recue


@pytest.mark.bornes("report_jour_ferme", "veille", "jour", "lendemain", "ferme")
@pytest.mark.parametrize(
    ("compte", "retenu"),
    [
        (jour(6, 23), jour(6, 23)),
        (jour(6, 24), jour(6, 25)),
        (jour(6, 25), jour(6, 25)),
        (jour(4, 2), jour(4, 2)),
        (jour(4, 3), jour(4, 7)),  # Vendredi saint, fin de semaine, lundi de Pâques
        (jour(4, 7), jour(4, 7)),
        (jour(3, 8), jour(3, 9)),  # dimanche du changement d'heure
        (jour(11, 1), jour(11, 2)),
    ],
)
def test_un_jour_ferme_passe_au_premier_jour_ouvert(compte: dt.date, retenu: dt.date) -> None:
    assert regles.jour_ouvrable_suivant(compte, FERIES) == retenu


# --- Âge, durées ----------------------------------------------------------------------------


@pytest.mark.bornes("age", "veille", "jour", "lendemain")
@pytest.mark.parametrize(
    ("naissance", "le", "age"),
    [
        (jour(2, 10, 1986), jour(2, 9), 39),
        (jour(2, 10, 1986), jour(2, 10), 40),
        (jour(2, 10, 1986), jour(2, 11), 40),
        (jour(2, 29, 1988), jour(2, 28, 2028), 39),
        (jour(2, 29, 1988), jour(2, 29, 2028), 40),
        (jour(2, 29, 1988), jour(2, 27, 2029), 40),
        (jour(2, 29, 1988), jour(2, 28, 2029), 41),
    ],
)
def test_l_age_atteint_ce_jour_compte(naissance: dt.date, le: dt.date, age: int) -> None:
    assert regles.age_a(naissance, le) == age


@pytest.mark.bornes("duree_severe", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("mois", "contredit"), [(11, True), (12, False), (13, False)])
def test_severe_se_contredit_sous_le_seuil(mois: int, contredit: bool) -> None:
    contenu: dict[str, Any] = {"contrainte": "severe", "duree": {"type": "mois", "mois": mois}}
    assert formulaires.duree_incoherente(contenu, 12) is contredit
    assert not formulaires.duree_incoherente({**contenu, "contrainte": "temporaire"}, 12)
    assert not formulaires.duree_incoherente({**contenu, "duree": {"type": "indeterminee"}}, 12)


@pytest.mark.bornes("contrainte_temporaire", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("mois", "permise"), [(11, True), (12, False), (13, False)])
def test_une_contrainte_temporaire_reste_sous_le_seuil(mois: int, permise: bool) -> None:
    assert decisions.temporaire_permise("temporaire", mois, 12) is permise
    assert not decisions.temporaire_permise("severe", mois, 12)


@pytest.mark.bornes("contrainte_temporaire", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("saisi", "bon"), [("0", False), ("1", True), ("2", True), ("60", True), ("61", False)])
@pytest.mark.django_db
def test_la_duree_d_une_contrainte_temporaire_a_ses_bornes(saisi: str, bon: bool) -> None:
    """Au moins un mois (art. 53); au-delà du plafond de saisie, une faute de frappe."""
    champ = mois_temporaires.champ("Mois", jour(5, 4))
    if bon:
        assert champ.clean(saisi) == int(saisi)
        return
    with pytest.raises(ValidationError, match="mois"):
        champ.clean(saisi)


# --- Révision et occasion de compléter ------------------------------------------------------------


@pytest.mark.bornes("depart_du_delai", "veille", "jour", "lendemain")
@pytest.mark.parametrize(
    ("recue", "depart", "raison"),
    [
        (jour(2, 18), jour(3, 20), revision.DELAI),  # la veille de la demande de délai
        (jour(2, 19), jour(2, 19), revision.OBSERVATION),
        (jour(2, 20), jour(2, 20), revision.OBSERVATION),
        (jour(3, 20), jour(3, 20), revision.OBSERVATION),
        (jour(3, 21), jour(3, 20), revision.DELAI),  # le lendemain de la fin du délai
    ],
)
def test_le_delai_repart_de_la_derniere_piece_recue_a_temps(recue: dt.date, depart: dt.date, raison: str) -> None:
    lu = revision.depart_du_delai(jour(2, 17), jour(2, 19), jour(3, 20), [recue])
    assert (lu.jour, lu.raison) == (depart, raison)


@pytest.mark.bornes("occasion_de_completer", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("le", "valable"), [(jour(2, 12), False), (jour(2, 13), False), (jour(2, 14), True)])
def test_une_occasion_est_echue_le_lendemain_de_son_dernier_jour(le: dt.date, valable: bool) -> None:
    """Et seulement si sa lettre est partie avant ce dernier jour."""
    partie = decisions.FaitOccasion(repondue=False, jusqu_au=jour(2, 13), lettre_emise_le=jour(2, 12))
    tardive = decisions.FaitOccasion(repondue=False, jusqu_au=jour(2, 13), lettre_emise_le=jour(2, 13))
    assert decisions.occasion_valable([partie], False, le) is valable
    assert not decisions.occasion_valable([tardive], False, le)
    assert decisions.occasion_valable([tardive], True, le)
