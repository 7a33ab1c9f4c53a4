"""Les alertes des jours 20 et 75 : posées au jour dit, baissées quand le délai redémarre, jamais deux fois."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dossiers.models import Alerte
from revision import lecture
from revision.models import Revision
from socle import horloge
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db


def _vivantes(scene: Scene) -> set[str]:
    return set(Alerte.objects.filter(dossier=scene.dossier, close_le__isnull=True).values_list("code", flat=True))


def _au_jour(scene: Scene, jour: int) -> None:
    """Avance à midi du `jour`-ième jour du délai et joue le travail de la nuit."""
    depart = lecture.depart(Revision.objects.get(demande__dossier=scene.dossier)).jour
    scene.instant = horloge.heure_locale(depart + timedelta(days=jour), 12, 0)
    scene.joue("systeme", "constater_recours_direct")


@pytest.mark.parametrize(
    ("jour", "attendues"),
    [
        (19, set()),
        (20, {"revision_jour_20"}),
        (21, {"revision_jour_20"}),
        (74, {"revision_jour_20"}),
        (75, {"revision_jour_20", "revision_jour_75"}),
        (76, {"revision_jour_20", "revision_jour_75"}),
    ],
)
def test_posees_au_jour_dit_meme_apres_une_panne(jour: int, attendues: set[str]) -> None:
    scene = Scene().en_revision()
    _au_jour(scene, jour)
    assert _vivantes(scene) == attendues
    scene.joue("systeme", "constater_recours_direct")
    assert Alerte.objects.filter(dossier=scene.dossier, code="revision_jour_20").count() == (1 if jour >= 20 else 0)


def test_le_delai_qui_redemarre_baisse_les_alertes_puis_les_repose() -> None:
    scene = Scene().en_revision()
    _au_jour(scene, 76)
    assert _vivantes(scene) == {"revision_jour_20", "revision_jour_75"}
    scene.joue("prestataire", "demander_delai", jusqu_au=scene.instant.date() + timedelta(days=30))
    assert _vivantes(scene) == set()
    scene.attendre(days=2)
    scene.joue("prestataire", "presenter_observations", texte="Un fait de plus.")
    assert _vivantes(scene) == set()
    _au_jour(scene, 19)
    assert _vivantes(scene) == set()
    _au_jour(scene, 20)
    assert _vivantes(scene) == {"revision_jour_20"}
    assert Alerte.objects.filter(dossier=scene.dossier, code="revision_jour_20").count() == 2


def test_close_par_quelqu_un_elle_ne_revient_pas() -> None:
    scene = Scene().en_revision()
    _au_jour(scene, 21)
    Alerte.objects.filter(dossier=scene.dossier).update(close_le=scene.instant)
    _au_jour(scene, 22)
    assert _vivantes(scene) == set()
