"""« Prochaine étape » : ce qui est nommé est ce qui débloque le dossier."""

from __future__ import annotations

import pytest

from tests.fabriques import Scene

pytestmark = pytest.mark.django_db


def test_une_revision_sans_reviseur_attend_son_affectation() -> None:
    scene = Scene().emise()
    scene.joue("prestataire", "demander_revision", motifs="Je conteste.")

    def etape() -> tuple[str, str]:
        scene.dossier.refresh_from_db()
        return scene.dossier.balle, scene.dossier.prochaine_etape

    assert etape() == ("drra", "Affecter les réviseurs")
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    assert etape() == ("drra", "Rendre la décision en révision")
