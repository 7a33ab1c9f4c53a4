"""Prestation réduite de plus de la moitié (art. 114) et intérêt (art. 119) : des dates et des tâches, aux bornes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dossiers.models import Echeance, Tache
from referentiels import lecture as referentiels
from revision import regles
from revision.models import Revision
from socle import horloge
from socle.dates_en_mots import date_longue
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
DIFFERE = {"ce_qui_differe": "La durée est écrite.", "cause": "preuve_nouvelle", "date_effet": date(2026, 2, 2)}


@pytest.mark.bornes("reprise_prestation", "ferme", "heure")
@pytest.mark.parametrize(
    ("recue_le", "dernier"),
    [
        (date(2026, 2, 2), date(2026, 2, 16)),  # lundi : deux semaines ordinaires
        (date(2026, 2, 6), date(2026, 2, 20)),  # vendredi
        (date(2026, 2, 7), date(2026, 2, 20)),  # samedi : le premier jour compté est lundi
        (date(2026, 2, 27), date(2026, 3, 13)),  # traverse le passage à l'heure d'été
        (date(2026, 10, 23), date(2026, 11, 6)),  # traverse le retour à l'heure normale
        (date(2026, 3, 27), date(2026, 4, 14)),  # traverse les congés de Pâques
        (date(2026, 12, 18), date(2027, 1, 5)),  # traverse Noël et le jour de l'An
    ],
)
def test_le_dixieme_jour_ouvrable(recue_le: date, dernier: date) -> None:
    due = regles.reprise(recue_le, 10, referentiels.feries(recue_le))
    ouverts = [
        recue_le + timedelta(days=n)
        for n in range(1, (due.date - recue_le).days + 1)
        if not _ferme(recue_le + timedelta(days=n))
    ]
    assert len(ouverts) == 10
    assert ouverts[-1] == due.date
    assert "10 j (jours ouvrables)" in due.calcul
    assert due.date == dernier


def _ferme(jour: date) -> bool:
    from referentiels.regles import est_ferme

    return est_ferme(jour, referentiels.feries(jour))


def _en_revision(**donnees: object) -> Scene:
    scene = Scene().emise()
    scene.attendre(days=2)
    scene.joue("agent", "demander_revision", **donnees)
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    return scene


def _nuit_du(scene: Scene, jour: date) -> int:
    scene.instant = horloge.heure_locale(jour, 0, 5)
    scene.joue("systeme", "constater_recours_direct")
    return Tache.objects.filter(dossier=scene.dossier, code=Tache.Code.REPRISE_PRESTATION).count()


def _due(scene: Scene) -> date:
    return Echeance.objects.get(dossier=scene.dossier, code=Echeance.Code.REPRISE_PRESTATION).date


@pytest.mark.bornes("reprise_prestation", "veille", "jour", "lendemain")
def test_la_tache_nait_le_lendemain_du_dernier_jour_une_seule_fois() -> None:
    scene = _en_revision(prestation_reduite_de_plus_de_moitie="oui", reduite_le="2026-02-02")
    due = _due(scene)
    assert _nuit_du(scene, due - timedelta(days=1)) == 0
    assert _nuit_du(scene, due) == 0
    assert _nuit_du(scene, due + timedelta(days=1)) == 1
    Tache.objects.filter(code=Tache.Code.REPRISE_PRESTATION).update(close_le=scene.instant)
    assert _nuit_du(scene, due + timedelta(days=9)) == 1


def test_le_temps_pris_par_la_personne_ne_repousse_pas_la_reprise() -> None:
    scene = _en_revision(prestation_reduite_de_plus_de_moitie="oui")
    avant = _due(scene)
    scene.joue("prestataire", "demander_delai", jusqu_au=scene.instant.date() + timedelta(days=60))
    assert _due(scene) == avant


@pytest.mark.parametrize("reponse", [None, "non"])
def test_sans_reduction_il_n_y_a_ni_date_ni_tache(reponse: str | None) -> None:
    scene = _en_revision(prestation_reduite_de_plus_de_moitie=reponse)
    assert not Echeance.objects.filter(code=Echeance.Code.REPRISE_PRESTATION).exists()
    assert _nuit_du(scene, scene.instant.date() + timedelta(days=40)) == 0


def test_rendue_avant_la_date_s_efface() -> None:
    scene = _en_revision(prestation_reduite_de_plus_de_moitie="oui")
    due = _due(scene)
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    scene.joue("reviseur", "rendre_revision", issue="confirmee")
    scene.joue("reviseuse", "rendre_revision", issue="confirmee")
    assert not Echeance.objects.filter(code=Echeance.Code.REPRISE_PRESTATION).exists()
    assert _nuit_du(scene, due + timedelta(days=1)) == 0


@pytest.mark.bornes("interet_revision", "cas")
@pytest.mark.parametrize(
    ("issue", "premiere", "attendu"),
    [
        ("confirmee", "non_reconnue", False),
        ("infirmee", "non_reconnue", True),
        ("infirmee", "temporaire", True),
        ("infirmee", "reconnue", False),
        ("modifiee", "reconnue", True),
        ("", "non_reconnue", False),
    ],
)
def test_quand_un_interet_se_verifie(issue: str, premiere: str, attendu: bool) -> None:
    assert regles.interet_a_verifier(issue, premiere) is attendu


@pytest.mark.parametrize(("issue", "nombre"), [("infirmee", 1), ("modifiee", 1), ("confirmee", 0)])
def test_la_tache_d_interet_nait_a_l_emission(issue: str, nombre: int) -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    de_plus = DIFFERE if issue != "confirmee" else {}
    scene.joue("reviseur", "rendre_revision", issue=issue, **de_plus)
    scene.joue("reviseuse", "rendre_revision", issue=issue)
    taches = Tache.objects.filter(code=Tache.Code.INTERETS_REVISION)
    assert not taches.exists()
    scene.joue("systeme", "emettre_lettres")
    assert taches.count() == nombre
    if nombre:
        emise = Revision.objects.get().demande.decision_emise_le
        assert emise is not None
        assert date_longue(emise) in taches.get().note
        avant = taches.get().avant_le
        assert avant is not None
        assert avant > horloge.jour_civil(scene.instant)


def test_une_irrecevable_ne_doit_ni_reprise_ni_interet() -> None:
    scene = _en_revision(prestation_reduite_de_plus_de_moitie="oui")
    scene.joue("reviseuse", "juger_recevabilite", recevable="non", justification="Pas une décision révisable.")
    scene.joue("systeme", "emettre_lettres")
    assert not Echeance.objects.filter(code=Echeance.Code.REPRISE_PRESTATION).exists()
    assert not Tache.objects.filter(code=Tache.Code.INTERETS_REVISION).exists()
