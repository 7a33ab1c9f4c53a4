"""Les pièces dans un dépôt compatible S3 : le vrai client, un serveur local; de l'envoi à l'effacement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from storages.backends.s3 import S3Storage

from dossiers.models import Piece
from dossiers.tasks import purger_quarantaine, verifier_piece
from evaluation import pages_pdf
from socle import horloge
from tests.dossiers.scene import Scene, client
from tests.epreuves import fichiers
from tests.epreuves.depot_s3 import DepotS3, depot_s3
from tests.epreuves.depots import deposer, envoyer, ouvrir, servis

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(monkeypatch: pytest.MonkeyPatch) -> Iterator[DepotS3]:
    """Les deux contenants, avec les options que les réglages donnent au vrai client."""
    with depot_s3() as tenu:
        for champ, contenant in (("fichier", "copies"), ("original", "recus")):
            stockage = S3Storage(
                bucket_name=contenant,
                endpoint_url=tenu.adresse,
                access_key="essai",
                secret_key="essai",
                region_name="ca-central-1",
                default_acl="private",
                file_overwrite=False,
                querystring_auth=True,
            )
            monkeypatch.setattr(Piece._meta.get_field(champ), "storage", stockage)
        yield tenu


def test_de_l_envoi_a_l_effacement(depot: DepotS3, scene: Scene, django_capture_on_commit_callbacks: Any) -> None:
    recu = fichiers.pdf(2) + b"MARQUE-RECUE"
    piece = deposer(scene, recu)
    assert [(nom.split("/")[1], octets) for nom, octets in depot.objets.items()] == [("recus", recu)]
    assert ouvrir(scene, piece).status_code == 404
    assert verifier_piece(piece.pk)
    piece.refresh_from_db()
    servi = servis(scene, piece)
    assert servi.startswith(b"%PDF")
    assert b"MARQUE" not in servi
    assert sorted({nom.split("/")[1] for nom in depot.objets}) == ["copies", "recus"]
    assert pages_pdf.lire(piece, 2).total == 2
    assert pages_pdf.image(piece, 2) == pages_pdf.image(piece, 2), "la page gardée se relit"
    with (
        horloge.figer(horloge.maintenant() + timedelta(days=31)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert purger_quarantaine() == 1
    assert {nom.split("/")[1] for nom in depot.objets} == {"copies"}
    assert servis(scene, piece) == servi


def test_un_depot_plein_ne_garde_rien_a_moitie(depot: DepotS3, scene: Scene) -> None:
    depot.plein = True
    reponse = envoyer(client(scene.agent), scene, fichiers.pdf())
    assert "la place manque" in reponse.context["form"].errors["fichiers"][0]
    assert not Piece.objects.exists()
    assert not depot.objets
    depot.plein = False
    assert deposer(scene, fichiers.pdf()).verification == "en_verification"
