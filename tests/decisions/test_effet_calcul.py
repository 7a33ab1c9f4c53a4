"""La date d'effet : ce que la règle propose, son arithmétique aux bornes, et l'histoire qui ne s'efface pas."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from decisions import effet, effet_calcul
from decisions.effet_calcul import RegleLue
from decisions.models import DateEffet, Decision
from socle import horloge
from tests.fabriques import RECONNUE, REFUS, Scene

REPERE = RegleLue("date_effet_proposee", "demande", "Source du repère", "incertaine")
TARDIF = RegleLue("retroactivite_renseignement_max_jours", 90, "Manuel, sujet 42506", "vue")
DEPOT = date(2026, 2, 2)


@pytest.mark.parametrize(
    ("effet_le", "jour", "mois"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), 0),
        (date(2026, 2, 28), date(2026, 3, 1), 1),
        (date(2025, 12, 31), date(2026, 1, 1), 1),
        (date(2025, 3, 8), date(2026, 3, 8), 12),
        (date(2026, 3, 1), date(2026, 2, 28), 0),
    ],
)
def test_les_mois_se_comptent_de_mois_civil_a_mois_civil(effet_le: date, jour: date, mois: int) -> None:
    assert effet_calcul.mois_de_retroactivite(effet_le, jour) == mois


@pytest.mark.bornes("renseignement_tardif", "veille", "jour", "lendemain")
@pytest.mark.parametrize(("apres", "dite"), [(0, False), (89, False), (90, False), (91, True)])
def test_un_rapport_recu_apres_coup_dit_sa_limite(apres: int, dite: bool) -> None:
    """À 90 jours, la limite tombe le jour de la demande : elle n'ajoute rien; le lendemain, elle se dit."""
    recu = DEPOT + timedelta(days=apres)
    proposition = effet_calcul.proposer(DEPOT, recu, REPERE, TARDIF, recu)
    assert any("moins 90 jours" in etape.texte for etape in proposition.etapes) is dite
    assert proposition.date == DEPOT


def test_une_regle_douteuse_se_marque_a_verifier() -> None:
    proposition = effet_calcul.proposer(DEPOT, date(2026, 6, 5), REPERE, TARDIF)
    assert [etape.a_verifier for etape in proposition.etapes] == [False, True, False]
    assert "4 mois de rétroactivité" in proposition.etapes[-1].texte


def test_sans_regle_aucune_date_n_est_proposee() -> None:
    rien = RegleLue("date_effet_proposee", "aucun", "Source", "incertaine")
    proposition = effet_calcul.proposer(DEPOT, DEPOT, rien, TARDIF)
    assert proposition.date is None
    gardees = effet_calcul.retenue(proposition, DEPOT, DEPOT)
    assert "Le signataire a retenu" in gardees[-2]["texte"]


@pytest.mark.django_db
def test_la_date_signee_entre_a_l_histoire_avec_son_calcul() -> None:
    scene = Scene().reconnue()
    ligne = DateEffet.objects.get(decision__demande=scene.demande)
    assert (ligne.date, ligne.justification, ligne.par) == (DEPOT, "date de la demande", scene["agent"])
    assert ligne.origine == DateEffet.Origine.PROPOSEE
    assert any(etape["regle"] == "date_effet_proposee" for etape in ligne.calcul)


@pytest.mark.django_db
def test_une_autre_date_s_ajoute_et_rien_ne_s_efface() -> None:
    scene = Scene().reconnue()
    decision = Decision.objects.get(demande=scene.demande)
    with horloge.figer(scene.instant):
        assert effet.consigner(decision, scene["agent"], scene.instant) is None
        decision.date_effet, decision.justification_date = date(2026, 1, 5), "Jour de l'accident."
        suivante = effet.consigner(decision, scene["agent"], scene.instant)
    assert suivante is not None
    assert suivante.origine == DateEffet.Origine.CHOISIE
    assert [une.date for une in decision.dates_effet.order_by("pk")] == [DEPOT, date(2026, 1, 5)]
    for geste in (suivante.delete, suivante.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()
    assert decision.dates_effet.count() == 2


@pytest.mark.django_db
def test_un_refus_n_a_pas_de_date_d_effet() -> None:
    scene = Scene().a_signer()
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    assert not DateEffet.objects.exists()


@pytest.mark.django_db
def test_une_date_d_avant_la_reouverture_reste_a_l_histoire() -> None:
    scene = Scene().a_signer()
    scene.joue("medecin", "signer_decision", issue="reconnue", **RECONNUE)
    scene.joue("specialiste", "rouvrir_evaluation", motif="Un document manque.")
    scene.joue("medecin", "conclure_concertation", accord="oui")
    autre = {**RECONNUE, "date_effet": date(2026, 1, 5), "justification_date": "Jour de l'accident."}
    decision = scene.joue("medecin", "signer_decision", issue="reconnue", **autre)
    lues = effet.histoire(decision)
    assert [(une.date, une.rouverte) for une in lues] == [(DEPOT, True), (date(2026, 1, 5), False)]
