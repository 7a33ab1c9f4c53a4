"""Le réexamen prévu : une tâche, une fois, à temps; jamais une lettre, jamais un état."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from correspondance.models import Lettre
from decisions import reexamens
from dossiers import travaux
from dossiers.models import Tache
from journal.models import Entree
from socle import horloge
from tests.fabriques import RECONNUE, Scene

pytestmark = pytest.mark.django_db
PREVU = date(2027, 2, 2)


def _reconnue() -> Scene:
    scene = Scene().evidente_a_signer()
    scene.joue("agent", "signer_decision", issue="reconnue", **RECONNUE, reexamen_le=PREVU)
    scene.joue("systeme", "emettre_lettres")
    return scene


def _nuit(scene: Scene, jour: date) -> int:
    """Joue les travaux de la nuit; rend le nombre de tâches de réexamen."""
    with horloge.figer(horloge.heure_locale(jour, 0, 5)):
        travaux.jouer(scene.dossier)
    return Tache.objects.filter(dossier=scene.dossier, code=Tache.Code.REEXAMEN_A_OUVRIR).count()


def test_la_tache_nait_trente_jours_avant_une_seule_fois() -> None:
    scene = _reconnue()
    lettres, etat = Lettre.objects.count(), scene.demande.etat
    assert _nuit(scene, PREVU - timedelta(days=31)) == 0
    assert _nuit(scene, PREVU - timedelta(days=30)) == 1
    assert _nuit(scene, PREVU - timedelta(days=29)) == 1
    tache = Tache.objects.get(code=Tache.Code.REEXAMEN_A_OUVRIR)
    assert tache.avant_le == PREVU
    assert "Les prestations continuent" in tache.note
    assert (Lettre.objects.count(), scene.demande.etat) == (lettres, etat)
    assert Entree.objects.filter(acte="constater_reexamen", nature="acte").count() == 1


def test_une_nuit_manquee_se_rattrape() -> None:
    scene = _reconnue()
    assert _nuit(scene, PREVU + timedelta(days=200)) == 1


def test_une_tache_close_n_est_pas_refaite() -> None:
    scene = _reconnue()
    _nuit(scene, PREVU)
    tache = Tache.objects.get(code=Tache.Code.REEXAMEN_A_OUVRIR)
    scene.joue("agent", "clore_tache", tache=tache.pk, note="Ouvert.")
    assert _nuit(scene, PREVU + timedelta(days=1)) == 1


def test_le_reexamen_ouvert_avant_n_appelle_aucune_tache() -> None:
    scene = _reconnue()
    scene.joue("agent", "deposer_demande", canal="comptoir", type="reexamen_contraintes")
    assert _nuit(scene, PREVU) == 0
    assert reexamens.prevu(scene.dossier) is None


def test_sans_reexamen_prevu_rien_ne_nait() -> None:
    scene = Scene().reconnue()
    assert _nuit(scene, date(2030, 1, 1)) == 0


@pytest.mark.parametrize("par", ["agent", "prestataire", "medecin"])
def test_seul_le_systeme_constate(par: str) -> None:
    assert _reconnue().refuse(par, "constater_reexamen") == "acces_refuse"


def test_un_deces_note_arrete_tout() -> None:
    scene = _reconnue()
    scene.joue("agent", "constater_deces", le=scene.instant.date(), source="La famille a appelé.")
    assert _nuit(scene, PREVU) == 0
    scene.dossier.refresh_from_db()
    assert reexamens.prevu(scene.dossier) is None
