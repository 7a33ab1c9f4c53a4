"""Le délai habituel est mesuré sur les dossiers par le travail de nuit, et se dit à la personne."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from dossiers.delais import delai_habituel, delais_constates, etapes_comparables
from dossiers.etats import Etat, Voie
from dossiers.lettres import contenu_accuse_reception
from dossiers.models import Demande, Dossier
from referentiels import lecture, tasks
from referentiels.actes import ecrire_delai_habituel
from socle import horloge
from tests.dossiers.scene import Scene, autre_dossier, client, monter
from tests.fabriques import scene

pytestmark = pytest.mark.django_db


def _decidee(dossier: Dossier, depot: datetime, jours: int, voie: str = Voie.EVALUEE) -> None:
    emise = horloge.jour_civil(depot) + timedelta(days=jours)
    Demande.objects.filter(dossier=dossier).update(deposee_le=depot, decision_emise_le=emise, voie=voie)


def _decidees(jeu: Scene, combien: int, jours: int, region: str = "06", voie: str = Voie.EVALUEE) -> None:
    depart = horloge.heure_locale(horloge.aujourd_hui() - timedelta(days=120), 10)
    for _ in range(combien):
        _decidee(autre_dossier(jeu.bureau, jeu.agent, region=region), depart, jours, voie)


def test_le_travail_de_nuit_mesure_les_dossiers_et_la_personne_le_lit() -> None:
    jeu = monter()
    navigateur = client(jeu.dossier.prestataire)
    assert "Nous ne savons pas encore" in navigateur.get(reverse("suivi")).content.decode()
    _decidees(jeu, 11, 35)
    _decidees(jeu, 5, 42)
    _decidees(jeu, 3, 70)
    assert tasks.calculer_delais() == 0, "dix-neuf demandes : trop peu pour rien dire"
    _decidees(jeu, 1, 49)
    assert tasks.calculer_delais() == 4
    delai = lecture.delai_habituel("decision")
    assert delai is not None
    assert (delai.mediane_jours, delai.p80_jours, delai.effectif) == (35, 42, 20)
    page = navigateur.get(reverse("suivi")).content.decode()
    assert "De 5 à 6 semaines après la demande" in page
    assert "20 demandes semblables" in page


def test_le_delai_le_plus_comparable_l_emporte_quand_il_compte_vingt_demandes() -> None:
    jeu = monter()
    Dossier.objects.filter(pk=jeu.dossier.pk).update(region="06")
    _decidees(jeu, 20, 28, region="06")
    _decidees(jeu, 20, 70, region="03")
    tasks.calculer_delais()
    demande = jeu.dossier.courante
    assert demande is not None
    ici, la, ailleurs = (delai_habituel(demande, region) for region in ("06", "03", "11"))
    assert (ici and ici.mediane_jours, la and la.mediane_jours) == (28, 70)
    assert ailleurs is not None
    assert ailleurs.etape == "decision"
    jeu.dossier.refresh_from_db()
    assert contenu_accuse_reception(demande)["delai_habituel"] == [28, 28]


def test_une_voie_qui_dirait_le_resultat_ne_change_pas_le_delai_dit() -> None:
    """Un délai de demande évidente, montré avant la lettre, annoncerait la reconnaissance."""
    attendu = etapes_comparables("", "06")
    assert attendu == ["decision:toutes:06", "decision"]
    for voie in (Voie.EVIDENTE, Voie.TEMPORAIRE, Voie.RECONDUITE):
        assert etapes_comparables(voie, "06") == attendu
    assert etapes_comparables(Voie.EVALUEE, "06")[:2] == ["decision:evaluee:06", "decision:evaluee"]


def test_un_calcul_perime_ou_trop_mince_ne_se_dit_plus() -> None:
    ecrire_delai_habituel("decision", 40, 60, effectif=19)
    assert delai_habituel(None, "06") is None
    with horloge.figer(horloge.maintenant() - timedelta(days=32)):
        ecrire_delai_habituel("decision", 40, 60, effectif=200)
    assert delai_habituel(None, "06") is None
    with horloge.figer(horloge.maintenant() - timedelta(days=30)):
        ecrire_delai_habituel("decision", 41, 61, effectif=200)
    frais = delai_habituel(None, "06")
    assert frais is not None
    assert frais.mediane_jours == 41


def test_ne_comptent_que_les_decisions_de_la_periode() -> None:
    jeu = monter()
    du, au = date(2026, 3, 1), date(2026, 8, 31)
    # Déposée à 23 h 30 le 1er février au Québec, déjà le 2 en temps universel.
    soir = horloge.heure_locale(date(2026, 2, 1), 23, 30)
    for jours in (27, 28, 211, 212):
        _decidee(autre_dossier(jeu.bureau, jeu.agent), soir, jours)
    assert sorted(dict(delais_constates(du, au))["decision"]) == [28, 211]


def test_la_duree_va_du_depot_a_la_lettre_de_decision() -> None:
    jeu = scene(Etat.NON_RECONNUES)
    demande = jeu.demande
    demande.refresh_from_db()
    assert demande.decision_emise_le is not None
    attendu = (demande.decision_emise_le - demande.jour_depot).days
    fin = demande.decision_emise_le
    constates = dict(delais_constates(fin - timedelta(days=30), fin))
    assert constates["decision"] == [attendu]
    assert set(constates) == {"decision:evaluee:06", "decision:evaluee", "decision:toutes:06", "decision"}
