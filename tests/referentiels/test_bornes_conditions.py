"""Règles de droit faites de conditions : chacune, seule, change la réponse; leurs seuils ont aussi leurs bornes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from comptes.lecture import peut_signer_rapport
from comptes.models import Compte, Permis, Role
from decisions import effet_calcul
from decisions import regles as decisions
from evaluation.regles import QUESTIONS, questions_sans_reponse
from formulaires.regles import Evident, criteres_remplis, porte_le_diagnostic

UN_JOUR = dt.timedelta(days=1)
DEPOT = dt.date(2026, 2, 10)
RECONDUCTIBLE = decisions.FaitsReconduction(
    refus_en_vigueur=True,
    rapports_identiques=True,
    sr2105_inchange=True,
    diagnostic_evident=False,
    contrainte_temporaire_du_comite=False,
    deterioration=False,
)
LISTE = Evident("DEMO-03", "Achondroplasie", age_min=40, sans_travail_annees=5, reexamen_mois=None)
QUARANTE_ANS_CE_JOUR = dt.date(1986, 2, 10)


@pytest.mark.bornes("refus_reconduit", "cas")
@pytest.mark.parametrize("condition", sorted(decisions.FaitsReconduction.__dataclass_fields__))
def test_un_seul_fait_contraire_appelle_une_evaluation(condition: str) -> None:
    assert decisions.reconductible(RECONDUCTIBLE)
    assert not decisions.reconductible(replace(RECONDUCTIBLE, **{condition: not getattr(RECONDUCTIBLE, condition)}))


@pytest.mark.bornes("trois_questions", "cas")
@pytest.mark.parametrize("absente", QUESTIONS)
@pytest.mark.parametrize("vide", [None, ""])
def test_chaque_question_de_la_loi_attend_sa_reponse(absente: str, vide: Any) -> None:
    toutes = dict.fromkeys(QUESTIONS, "non")
    assert questions_sans_reponse(toutes) == []
    assert questions_sans_reponse({**toutes, absente: vide}) == [absente]
    assert questions_sans_reponse({q: r for q, r in toutes.items() if q != absente}) == [absente]


# --- Diagnostic évident ----------------------------------------------------------------------


@pytest.mark.bornes("diagnostic_identique", "cas")
@pytest.mark.parametrize(
    ("libelle", "identique"),
    [
        ("Maladie d'Alzheimer", True),
        ("  maladie  d\u2019ALZHEIMER ", True),
        ("Maladie de Alzheimer", False),
        ("Maladie d'Alzheimer avancée", False),
        ("Alzheimer", False),
        ("Maladie d'Alzhéimer", False),
        ("", False),
    ],
)
def test_le_libelle_est_totalement_identique(libelle: str, identique: bool) -> None:
    """Casse, espaces et apostrophes ne comptent pas; un accent ou un mot de plus, si."""
    evident = Evident("DEMO-02", "Maladie d'Alzheimer", None, None, None)
    rapport = {"diagnostics": [{"libelle": "Un autre"}, {"libelle": libelle}]}
    assert porte_le_diagnostic(rapport, evident) is identique


@pytest.mark.bornes("criteres_de_la_liste", "veille", "jour", "lendemain", "cas")
@pytest.mark.parametrize(
    ("jour", "annees", "remplis"),
    [
        (DEPOT - UN_JOUR, 5, False),  # 39 ans
        (DEPOT, 5, True),  # 40 ans ce jour-là
        (DEPOT + UN_JOUR, 5, True),
        (DEPOT, 4, False),
        (DEPOT, 6, True),
        (DEPOT, None, False),
        (DEPOT, True, False),
        (DEPOT, "5", False),
    ],
)
def test_l_age_et_les_annees_sans_travail_se_jugent_au_jour_de_la_demande(
    jour: dt.date, annees: Any, remplis: bool
) -> None:
    criteres = {} if annees is None else {"sans_travail_depuis_annees": annees}
    assert criteres_remplis(LISTE, QUARANTE_ANS_CE_JOUR, jour, criteres) is remplis
    assert not criteres_remplis(LISTE, None, jour, criteres)


# --- Signataire ---------------------------------------------------------------------------------


@pytest.mark.bornes("signataire_du_rapport", "veille", "jour", "lendemain", "cas")
@pytest.mark.parametrize(
    ("le", "titre", "role", "signe"),
    [
        (dt.date(2026, 1, 31), "medecin", Role.CLINICIEN, False),  # la veille du permis
        (dt.date(2026, 2, 1), "medecin", Role.CLINICIEN, True),
        (dt.date(2026, 2, 27), "medecin", Role.CLINICIEN, True),
        (dt.date(2026, 2, 28), "medecin", Role.CLINICIEN, True),  # son dernier jour
        (dt.date(2026, 3, 1), "medecin", Role.CLINICIEN, False),
        (dt.date(2026, 2, 15), "ergotherapeute", Role.CLINICIEN, False),
        (dt.date(2026, 2, 15), "medecin", Role.MEDECIN_CSEMS, False),
    ],
)
@pytest.mark.django_db
def test_le_titre_et_le_permis_valent_le_jour_de_la_signature(le: dt.date, titre: str, role: str, signe: bool) -> None:
    compte = Compte.objects.create(email="signataire@exemple.test", role=role)
    Permis.objects.create(
        compte=compte, titre=titre, numero="00000", du=dt.date(2026, 2, 1), expire_le=dt.date(2026, 2, 28)
    )
    assert peut_signer_rapport(compte, le) is signe


@pytest.mark.django_db
def test_sans_permis_personne_ne_signe() -> None:
    compte = Compte.objects.create(email="sans-permis@exemple.test", role=Role.CLINICIEN)
    assert not peut_signer_rapport(compte, DEPOT)


# --- Dates --------------------------------------------------------------------------------------


@pytest.mark.bornes("renseignement_tardif", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("apres", "limite"), [(0, None), (89, None), (90, None), (91, DEPOT + UN_JOUR)])
def test_un_rapport_tardif_n_ote_rien_dans_les_quatre_vingt_dix_jours(apres: int, limite: dt.date | None) -> None:
    assert effet_calcul.limite_du_tardif(DEPOT, DEPOT + apres * UN_JOUR, 90) == limite


@pytest.mark.bornes("periode_temporaire", "veille", "jour", "lendemain")
@pytest.mark.parametrize(
    ("deposee", "suit"),
    [
        (dt.date(2026, 4, 15), False),  # la veille des 45 derniers jours
        (dt.date(2026, 4, 16), True),
        (dt.date(2026, 5, 30), True),
        (dt.date(2026, 5, 31), True),  # le dernier jour de la contrainte d'avant
        (dt.date(2026, 6, 1), False),
    ],
)
def test_une_demande_des_derniers_jours_suit_sans_jour_vide(deposee: dt.date, suit: bool) -> None:
    fin, scellee = dt.date(2026, 5, 31), dt.date(2026, 6, 10)
    periode = decisions.periode_temporaire(3, scellee, deposee, fin, 45)
    assert periode.debut == (fin + UN_JOUR if suit else scellee)
