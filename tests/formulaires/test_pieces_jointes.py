"""Joindre un document ou une note au rapport : par l'acte des pièces, sans rien perdre de ce qui est écrit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.models import Piece
from formulaires.models import Brouillon
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import adresse, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


@pytest.fixture(autouse=True)
def _fichiers(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def pdf(nom: str = "note.pdf") -> SimpleUploadedFile:
    tampon = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tampon)
    return SimpleUploadedFile(nom, tampon.getvalue())


def envoi(**change: Any) -> dict[str, Any]:
    return {"nature": "Notes de clinique", "titre": "Suivi", "source": "Clinique fictive", **change}


def test_page_4_garde_le_brouillon_puis_offre_de_joindre(scene: Scene) -> None:
    client = session(scene["clinicien"])
    assert "Joindre un document" in client.get(adresse(scene, "duree/")).content.decode()
    suivi = client.post(adresse(scene, "duree/"), {"justification": "Déjà écrit", "joindre": "oui"})
    assert suivi.headers["Location"] == adresse(scene, "documents/")
    assert Brouillon.objects.get().contenu["pages"]["duree"] == {"justification": "Déjà écrit"}
    assert adresse(scene, "duree/") in client.get(adresse(scene, "documents/")).content.decode()


def test_une_note_de_word_se_relit_en_texte_avant_de_partir(scene: Scene) -> None:
    """Le balisage retiré se voit : le clinicien relit ce qui reste, puis envoie."""
    client = session(scene["clinicien"])
    note = "<p class=MsoNormal>Lombalgie&nbsp;: <b>stable</b><o:p></o:p></p>"
    page = client.post(adresse(scene, "documents/"), envoi(note=note))
    assert "La mise en forme de cette note est retirée" in page.content.decode()
    assert page.context["form"]["note"].value() == "Lombalgie : stable"
    assert not Piece.objects.exists()
    page = client.post(adresse(scene, "documents/"), envoi(note=page.context["form"]["note"].value()), follow=True)
    assert Piece.objects.get().texte == "Source : Clinique fictive\n\nLombalgie : stable"
    assert "<strong>Suivi</strong>" in page.content.decode()


def test_un_pdf_nomme_jpg_est_garde_comme_pdf_et_le_dit(scene: Scene) -> None:
    client = session(scene["clinicien"])
    page = client.post(
        adresse(scene, "documents/"), envoi(fichiers=[pdf("photo.jpg"), pdf()], note="Voir aussi"), follow=True
    )
    assert "Un fichier est en fait un PDF" in page.content.decode()
    assert "photo.jpg" not in page.content.decode()
    premiere, seconde = Piece.objects.order_by("pk")
    assert premiere.original
    assert not premiere.fichier
    assert "Voir aussi" in premiere.texte
    assert "Voir aussi" not in seconde.texte


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({}, "Choisissez un fichier, ou collez une note."),
        ({"note": "x" * 1_000_000}, "la limite est 15\u00a0000"),
        ({"note": "</p><" + "a:" * 500_000}, "la limite est 15\u00a0000"),
        ({"note": "bon\x00jour \u202eenvers"}, "signes invisibles (2)"),
        ({"titre": "Suivi \u202e", "note": "Bien"}, "signes invisibles (1)"),
        ({"fichiers": SimpleUploadedFile("note.jpg", b"du texte")}, "ni un PDF ni une photo"),
    ],
)
def test_une_mauvaise_entree_se_dit_et_rien_ne_se_perd(scene: Scene, change: dict[str, Any], dit: str) -> None:
    page = session(scene["clinicien"]).post(adresse(scene, "documents/"), envoi(**change))
    assert page.status_code == 200
    assert dit in page.content.decode()
    assert page.context["form"]["source"].value() == "Clinique fictive"
    ecrite = str(page.context["form"]["note"].value())
    assert ecrite == change.get("note", "").replace("\x00", "").replace("\u202e", "")
    assert not Piece.objects.exists()


def test_sans_autorisation_ce_qui_est_ecrit_est_rendu(scene: Scene) -> None:
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    page = session(scene["clinicien"]).post(adresse(scene, "documents/"), envoi(note="À rendre"))
    assert "À rendre" in page.content.decode()
    assert not Piece.objects.exists()


def test_apres_la_signature_et_portes(scene: Scene) -> None:
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    client = session(scene["clinicien"])
    assert adresse(scene, "documents/") in client.get(adresse(scene, "signe/")).content.decode()
    assert adresse(scene, "signe/") in client.get(adresse(scene, "documents/")).content.decode()
    for qui in ("clinicien_ailleurs", "agent", "prestataire", "medecin", "ressource"):
        assert session(scene[qui]).get(adresse(scene, "documents/")).status_code == 404, qui


def test_le_meme_envoi_deux_fois_ne_joint_qu_une_piece(scene: Scene) -> None:
    client = session(scene["clinicien"])
    cle = str(client.get(adresse(scene, "documents/")).context["form"]["cle"].value())
    for _ in range(2):
        assert client.post(adresse(scene, "documents/"), envoi(note="Une fois", cle=cle)).status_code == 302
    assert Piece.objects.count() == 1


def test_le_clinicien_ne_revoit_que_ce_qu_il_a_joint(scene: Scene) -> None:
    scene.joue("agent", "verser_piece", nature="Autre document", titre="Secret de l'agent")
    assert "Secret" not in session(scene["clinicien"]).get(adresse(scene, "documents/")).content.decode()
