"""Virus, limites et pannes de l'antivirus : un vrai clamd, de vrais fichiers composés à l'essai.

Source : `epreuves.md` F13, U01, U07.
"""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comptes.models import Role
from dossiers.analyse import antivirus
from dossiers.models import Piece, Tache
from dossiers.tasks import verifier_piece, verifier_pieces
from socle import horloge
from socle.refus import Refus
from tests import services
from tests.dossiers.scene import Scene, client, compte
from tests.epreuves import fichiers
from tests.epreuves.depots import deposer, envoyer, ouvrir

pytestmark = pytest.mark.django_db


# --- U01 : virus ---------------------------------------------------------------------------
@pytest.mark.clamav
@pytest.mark.parametrize("forme", fichiers.infectes())
def test_le_vrai_antivirus_reconnait_chaque_forme(antivirus_vrai: Any, forme: str) -> None:
    assert antivirus.examiner(io.BytesIO(fichiers.infectes()[forme])) is antivirus.Verdict.INFECTE
    assert antivirus.examiner(io.BytesIO(fichiers.pdf())) is antivirus.Verdict.SAIN


@pytest.mark.clamav
@pytest.mark.parametrize(
    "octets",
    [fichiers.pdf_avec(services.eicar()), fichiers.pdf() + fichiers.archive("a.com", services.eicar())],
    ids=["joint à un PDF", "PDF suivi d'un zip"],
)
def test_un_fichier_infecte_est_mis_de_cote_et_dit(antivirus_vrai: Any, scene: Scene, octets: bytes) -> None:
    piece = deposer(scene, octets)
    assert verifier_piece(piece.pk)
    piece.refresh_from_db()
    assert piece.verification == "refusee"
    assert not piece.fichier
    assert piece.original.open("rb").read() == octets, "l'original reste en quarantaine, tel que reçu"
    assert ouvrir(scene, piece).status_code == 404
    tache = Tache.objects.get(code=Tache.Code.PIECE_REFUSEE)
    assert (tache.dossier, tache.pour) == (scene.dossier, "agent")
    page = client(scene.agent).get(reverse("dossier_pieces", args=[scene.dossier.reference])).content.decode()
    assert "Un virus a été trouvé dans ce fichier" in page
    assert "Refusée" in page


@pytest.mark.parametrize("forme", ["nu", "zip", "double zip", "docx"])
def test_un_genre_qui_n_est_pas_recu_est_dit_tout_de_suite(scene: Scene, forme: str) -> None:
    reponse = envoyer(client(scene.agent), scene, fichiers.infectes()[forme], nom="note.pdf")
    assert reponse.status_code == 200
    assert "ni un PDF ni une photo" in reponse.content.decode()
    assert "Note de clinique" in reponse.content.decode()
    assert not Piece.objects.exists()
    assert not Tache.objects.filter(code=Tache.Code.PIECE_REFUSEE).exists(), "l'agent n'a pas besoin de se le rappeler"


@pytest.mark.parametrize("forme", ["nu", "zip", "double zip", "docx"])
def test_l_agent_sait_qu_une_personne_n_a_pas_pu_envoyer(scene: Scene, forme: str) -> None:
    personne, adresse = client(scene.dossier.prestataire), reverse("suivi_documents")
    for titre in ("Note de ma clinique", "Note de ma clinique", "Radiographie"):
        fichier = SimpleUploadedFile("note.pdf", fichiers.infectes()[forme])
        page = personne.post(adresse, {"nature": "lettre", "titre": titre, "fichier": fichier}).content.decode()
        assert "ni un PDF ni une photo" in page
        assert titre in page
    assert not Piece.objects.exists(), "rien n'est gardé d'un fichier que personne ne peut lire"
    tache = Tache.objects.get(code=Tache.Code.PIECE_REFUSEE)
    assert (tache.dossier, tache.pour) == (scene.dossier, "agent")
    assert tache.note.count("Note de ma clinique") == 1
    assert "Radiographie" in tache.note
    scene.jouer("prendre_dossier")
    travail = client(scene.agent).get(reverse("travail")).content.decode()
    assert "Demander une autre copie de la pièce" in travail


def test_refuser_un_envoi_exige_le_droit_de_verser(scene: Scene) -> None:
    with pytest.raises(Refus) as refus:
        scene.jouer("refuser_envoi", par=compte(Role.CLINICIEN), titre="x")
    assert refus.value.code == "acces_refuse"


# --- U07 : trop gros pour l'antivirus ------------------------------------------------------
@pytest.mark.clamav
@pytest.mark.parametrize("limite", ["MaxFileSize 20K", "StreamMaxLength 20K"])
def test_trop_gros_pour_l_antivirus_n_est_pas_sain(
    settings: Any, tmp_path_factory: pytest.TempPathFactory, scene: Scene, limite: str
) -> None:
    lieu = tmp_path_factory.mktemp("clamd-petit")
    with services.clamd_local(lieu, limite) as devant:
        settings.CLAMD_URL = devant.adresse
        petit, gros = deposer(scene, fichiers.pdf()), deposer(scene, fichiers.pdf() + b"%" + bytes(60_000))
        assert verifier_pieces() == 2
    petit.refresh_from_db()
    gros.refresh_from_db()
    assert petit.verification == "recue"
    assert gros.verification == "refusee"
    assert "trop gros ou trop compliqué" in gros.raison_refus
    assert "virus" not in gros.raison_refus


@pytest.mark.clamav
def test_sans_alerte_de_depassement_il_passerait_pour_sain(
    settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Ce que `AlertExceedsMax yes`, en production, empêche."""
    gros = fichiers.pdf() + b"%" + bytes(60_000)
    lieu = tmp_path_factory.mktemp("clamd-muet")
    with services.clamd_local(lieu, "MaxFileSize 20K", "AlertExceedsMax no") as devant:
        settings.CLAMD_URL = devant.adresse
        assert antivirus.examiner(io.BytesIO(gros)) is antivirus.Verdict.SAIN


# --- F13 : antivirus en panne --------------------------------------------------------------
@pytest.mark.clamav
@pytest.mark.parametrize("panne", ["arrêté", "signatures vieilles", "signatures sans date"])
def test_l_antivirus_en_panne_ne_perd_rien(
    settings: Any,
    clamd: services.Dateur,
    scene: Scene,
    panne: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CLAMD_URL = clamd.adresse
    if panne == "arrêté":
        settings.CLAMD_URL = "tcp://127.0.0.1:1"  # personne n'y écoute jamais
    elif panne == "signatures vieilles":
        monkeypatch.setattr(clamd, "signatures", datetime.now(UTC) - timedelta(hours=25))
    else:
        settings.CLAMD_URL = "tcp://{}:{}".format(*clamd.vrai)
    with caplog.at_level(logging.ERROR):
        piece = deposer(scene, fichiers.pdf())
        assert not verifier_piece(piece.pk)
        assert verifier_pieces() == 0
    assert "antivirus muet" in caplog.text
    piece.refresh_from_db()
    assert piece.verification == "en_verification"
    assert ouvrir(scene, piece).status_code == 404
    vue = client(compte(Role.ADMINISTRATEUR)).get(reverse("gestion_fichiers")).content.decode()
    assert "La vérification est arrêtée" in vue
    with horloge.figer(horloge.maintenant() + timedelta(minutes=11)):
        page = client(scene.agent).get(reverse("dossier_pieces", args=[scene.dossier.reference])).content.decode()
    assert "La vérification prend plus de temps que d'habitude" in page.replace("&#x27;", "'")
    # Au retour, sans que personne ne refasse rien.
    settings.CLAMD_URL = clamd.adresse
    monkeypatch.setattr(clamd, "signatures", datetime.now(UTC))
    assert verifier_pieces() == 1
    assert ouvrir(scene, piece).status_code == 200
    vue = client(compte(Role.ADMINISTRATEUR)).get(reverse("gestion_fichiers")).content.decode()
    assert "La vérification marche" in vue


@pytest.mark.parametrize("reponse", ["", "stream: bizarre", "UNKNOWN COMMAND", "stream: Can't allocate memory ERROR"])
def test_une_reponse_qui_n_est_pas_un_verdict_est_une_panne(reponse: str) -> None:
    with pytest.raises(antivirus.AntivirusMuet):
        antivirus._verdict(reponse)
