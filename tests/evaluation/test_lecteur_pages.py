"""Le lecteur de pièces, page par page : un long document s'ouvre en entier, un fichier non vérifié jamais.

Source : `ecrans-et-lettres.md` B2; `epreuves.md` F13.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from dossiers.models import Piece
from dossiers.tasks import verifier_piece
from socle import horloge
from tests.epreuves import fichiers
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


def versee(octets: bytes) -> tuple[Scene, Piece]:
    """Un dossier en évaluation, et un fichier qu'on vient d'y verser."""
    scene = Scene().en_evaluation()
    recu = ContentFile(octets, "long.pdf")
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Dossier d'hôpital", fichier=recu)
    return scene, piece


def test_un_long_document_s_ouvre_jusqu_a_sa_derniere_page() -> None:
    scene, piece = versee(fichiers.pdf_de_pages(245))
    with horloge.figer(scene.instant + timedelta(minutes=5)):
        assert verifier_piece(piece.pk)
        medecin = session(scene["medecin"])
        adresse = reverse("dossier_evaluation", args=[scene.dossier.reference])

        def page(rang: str) -> str:
            return medecin.get(adresse, {"document": f"piece-{piece.pk}", "page": rang}).content.decode()

        premiere = page("1")
        assert "Page <strong>1</strong> de 245" in premiere
        assert "Dernière page" in premiere
        assert "Première page" not in premiere
        assert f"page:piece-{piece.pk}:101" in premiere, "au-delà de deux cents pages, on saute par cent"
        assert "Page <strong>245</strong> de 245" in page("245")
        assert "Page <strong>245</strong> de 245" in page("99999"), "une page demandée trop loin est la dernière"
        image = [scene.dossier.reference, piece.pk]
        derniere = medecin.get(reverse("evaluation_page_image", args=[*image, 245]))
        assert derniere.content.startswith(b"\x89PNG")
        assert medecin.get(reverse("evaluation_page_image", args=[*image, 246])).status_code == 404


def test_un_document_court_ne_propose_aucun_saut() -> None:
    scene, piece = versee(fichiers.pdf(3))
    with horloge.figer(scene.instant + timedelta(minutes=5)):
        assert verifier_piece(piece.pk)
        adresse = reverse("dossier_evaluation", args=[scene.dossier.reference])
        page = session(scene["medecin"]).get(adresse, {"document": f"piece-{piece.pk}"}).content.decode()
    assert "Page <strong>1</strong> de 3" in page
    assert "Dernière page" not in page


@pytest.mark.parametrize("qui", ["medecin", "agent", "prestataire", "clinicien", "administrateur"])
def test_un_fichier_en_verification_ne_s_ouvre_a_personne(qui: str) -> None:
    scene, piece = versee(fichiers.pdf())
    with horloge.figer(scene.instant + timedelta(minutes=5)):
        lecteur, ou = session(scene[qui]), [scene.dossier.reference, piece.pk]
        assert lecteur.get(reverse("dossier_piece", args=ou)).status_code == 404
        assert lecteur.get(reverse("evaluation_page_image", args=[*ou, 1])).status_code == 404
        if qui == "medecin":
            adresse = reverse("dossier_evaluation", args=[scene.dossier.reference])
            page = lecteur.get(adresse, {"document": f"piece-{piece.pk}"}).content.decode()
            assert "La vérification de ce fichier n'est pas finie" in page.replace("&#x27;", "'")
