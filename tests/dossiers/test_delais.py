"""Le délai habituel est mesuré sur les dossiers par le travail de nuit, et se dit à la personne."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from dossiers.delais import delais_constates
from dossiers.etats import Etat
from dossiers.models import Demande, Dossier
from referentiels import lecture, tasks
from socle import horloge
from tests.dossiers.scene import autre_dossier, client, monter
from tests.fabriques import scene

pytestmark = pytest.mark.django_db


def _decidee(dossier: Dossier, depot: datetime, jours: int) -> None:
    emise = horloge.jour_civil(depot) + timedelta(days=jours)
    Demande.objects.filter(dossier=dossier).update(deposee_le=depot, decision_emise_le=emise)


def test_le_travail_de_nuit_mesure_les_dossiers_et_la_personne_le_lit() -> None:
    jeu, jour = monter(), horloge.aujourd_hui()
    navigateur = client(jeu.dossier.prestataire)
    assert "Nous ne savons pas encore" in navigateur.get(reverse("suivi")).content.decode()
    depart = horloge.heure_locale(jour - timedelta(days=120), 10)
    for jours in (28, 35, 42, 70):
        _decidee(autre_dossier(jeu.bureau, jeu.agent), depart, jours)
    assert tasks.calculer_delais() == 0, "quatre dossiers : trop peu pour rien dire"
    _decidee(autre_dossier(jeu.bureau, jeu.agent), depart, 49)
    assert tasks.calculer_delais() == 1
    delai = lecture.delai_habituel("decision")
    assert delai is not None
    assert (delai.mediane_jours, delai.p80_jours, delai.effectif) == (42, 49, 5)
    assert "Délai habituel : de 6 à 7 semaines" in navigateur.get(reverse("suivi")).content.decode()


def test_ne_comptent_que_les_decisions_de_la_periode() -> None:
    jeu = monter()
    du, au = date(2026, 3, 1), date(2026, 8, 31)
    # Déposée à 23 h 30 le 1er février au Québec, déjà le 2 en temps universel.
    soir = horloge.heure_locale(date(2026, 2, 1), 23, 30)
    for jours in (27, 28, 211, 212):
        _decidee(autre_dossier(jeu.bureau, jeu.agent), soir, jours)
    assert [(etape, sorted(durees)) for etape, durees in delais_constates(du, au)] == [("decision", [28, 211])]


def test_la_duree_va_du_depot_a_la_lettre_de_decision() -> None:
    jeu = scene(Etat.NON_RECONNUES)
    demande = jeu.demande
    demande.refresh_from_db()
    assert demande.decision_emise_le is not None
    attendu = (demande.decision_emise_le - demande.jour_depot).days
    fin = demande.decision_emise_le
    assert list(delais_constates(fin - timedelta(days=30), fin)) == [("decision", [attendu])]
