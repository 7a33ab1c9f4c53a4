"""Envois démesurés, disque plein, doublons, plusieurs fichiers : ce que voit qui envoie, et rien à moitié.

Source : `epreuves.md` U04.
"""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.models import Piece
from dossiers.tasks import verifier_pieces
from socle import horloge
from tests.dossiers.scene import Scene, client
from tests.epreuves import fichiers
from tests.epreuves.depots import envoyer
from tests.epreuves.fichiers import MO

pytestmark = pytest.mark.django_db


# --- U04 : envois démesurés ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("entete", "code"),
    [
        ({"CONTENT_LENGTH": str(100 * MO)}, 413),
        ({"CONTENT_LENGTH": "-1"}, 411),
        ({"CONTENT_LENGTH": "beaucoup"}, 411),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    ],
)
def test_un_envoi_sans_taille_ou_demesure_n_est_pas_lu(client: Client, entete: dict[str, Any], code: int) -> None:
    reponse = client.generic("POST", "/compte/login/", b"x" * 100, **entete)
    assert reponse.status_code == code
    assert "Rien n'a été reçu" in reponse.content.decode()


def test_le_proxy_borne_avant_python(settings: Any) -> None:
    racine = Path(settings.BASE_DIR)
    regles = (racine / "deploiement" / "nginx.conf").read_text(encoding="utf-8")
    assert f"client_max_body_size {settings.TAILLE_MAX_REQUETE // MO}m;" in regles
    assert "error_page 413 /413.html;" in regles
    assert "limit_conn adresse" in regles
    for delai in ("client_body_timeout", "client_header_timeout"):
        assert delai in regles, "un envoi au compte-gouttes est coupé"
    page = (racine / "deploiement" / "pannes" / "413.html").read_text(encoding="utf-8")
    assert "25 Mo" in page


def test_un_jour_ne_permet_pas_tout(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dossiers.actes.pieces.MO", 10)  # 200 « Mo » : deux mille octets
    scene.jouer("consentir", objet="joindre_clinicien")
    scene.jouer("inviter_clinicien", clinicien=scene.clinicien)
    page = reverse("sr2100_pieces", args=[scene.dossier.reference])

    def joindre(rang: int) -> Any:
        fichier = SimpleUploadedFile("a.jpg", fichiers.image("JPEG", (8, 8 + rang)))
        envoi = {"nature": "Autre document", "titre": "Garder ce titre", "fichiers": fichier}
        return client(scene.clinicien).post(page, envoi)

    instant = horloge.maintenant()
    with horloge.figer(instant):  # à minuit, le compte reprendrait à zéro
        assert [joindre(rang).status_code for rang in range(3)] == [302, 302, 302]
        refuse = joindre(3)
    assert refuse.status_code == 200
    rendue = refuse.content.decode()
    assert "Vous avez envoyé 200 Mo aujourd'hui" in rendue.replace("&#x27;", "'")
    assert "Garder ce titre" in rendue
    assert Piece.objects.count() == 3
    with horloge.figer(instant + timedelta(days=1)):
        assert joindre(4).status_code == 302


# --- Disque plein, doublons, plusieurs fichiers --------------------------------------------
@pytest.mark.parametrize("lourd", [False, True])
def test_le_disque_plein_ne_garde_rien_a_moitie(scene: Scene, lourd: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    effaces: list[str] = []

    def plein(self: Any, nom: str, contenu: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    lieu = type(storages["quarantaine"])
    monkeypatch.setattr(lieu, "_save", plein)
    monkeypatch.setattr(lieu, "delete", lambda _lieu, nom: effaces.append(nom))
    octets = fichiers.pdf() + bytes(3 * MO if lourd else 0)
    reponse = envoyer(client(scene.agent), scene, octets)
    assert reponse.status_code == 200
    assert "la place manque" in reponse.context["form"].errors["fichiers"][0]
    assert "Note de clinique" in reponse.content.decode()
    assert not Piece.objects.exists()
    assert len(effaces) == 1


def test_le_disque_plein_pendant_la_reception_a_sa_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(self: Any, *arguments: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", plein)
    navigateur = client(scene.agent)
    navigateur.raise_request_exception = False
    reponse = envoyer(navigateur, scene, fichiers.pdf() + bytes(3 * MO))
    assert reponse.status_code == 507
    assert "La place nous manque" in reponse.content.decode()
    assert not Piece.objects.exists()


def test_le_meme_fichier_deux_fois_se_dit_a_qui_peut_le_savoir(scene: Scene) -> None:
    agent = client(scene.agent)
    page = reverse("dossier_pieces", args=[scene.dossier.reference])
    octets = fichiers.image()
    envoyer(agent, scene, octets, nom="a.jpg")
    assert "déjà au dossier" not in agent.get(page).content.decode()
    envoyer(agent, scene, octets, nom="b.jpg")
    assert "déjà au dossier" in agent.get(page).content.decode()
    assert Piece.objects.count() == 2
    scene.jouer("consentir", objet="joindre_clinicien")
    scene.jouer("inviter_clinicien", clinicien=scene.clinicien)
    clinicien = client(scene.clinicien)
    sienne = reverse("sr2100_pieces", args=[scene.dossier.reference])
    envoi = {"nature": "Autre document", "titre": "Note", "fichiers": SimpleUploadedFile("c.jpg", octets)}
    rendue = clinicien.post(sienne, envoi, follow=True).content.decode()
    assert "déjà au dossier" not in rendue, "le clinicien ne lit pas les pièces d'autrui"


def test_la_meme_soumission_deux_fois_ne_verse_rien_de_plus(scene: Scene) -> None:
    cle = str(uuid4())
    for _ in range(2):
        assert envoyer(client(scene.agent), scene, fichiers.pdf(), fichiers.pdf(2), cle=cle).status_code == 302
    assert Piece.objects.count() == 2


def test_la_personne_envoie_plusieurs_photos_sans_script(scene: Scene) -> None:
    personne = client(scene.dossier.prestataire)
    envoi = {
        "cle": str(uuid4()),
        "nature": "lettre",
        "titre": "Ma lettre",
        "fichier": [SimpleUploadedFile(f"{n}.heic", fichiers.image("HEIF", (64, 64 + n))) for n in range(2)],
    }
    page = personne.post(reverse("suivi_documents"), envoi, follow=True).content.decode()
    assert "Ma lettre (1 de 2)" in page
    assert "Ma lettre (2 de 2)" in page
    assert page.count("En vérification") == 2
    assert verifier_pieces() == 2
    assert "En vérification" not in personne.get(reverse("suivi_documents")).content.decode()
