"""Envoyer un fichier comme le fait une page, et lire ce qui en est servi."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.analyse import copie
from dossiers.models import Piece
from tests.dossiers.scene import Scene, client


def envoyer(qui: Client, scene: Scene, *octets: bytes, nom: str = "note.pdf", cle: str = "") -> Any:
    """Verse ces fichiers par la page des pièces."""
    envoi = {
        "cle": cle or str(uuid4()),
        "nature": "Autre document",
        "titre": "Note de clinique",
        "fichiers": [SimpleUploadedFile(nom, un) for un in octets],
    }
    return qui.post(reverse("dossier_pieces", args=[scene.dossier.reference]), envoi)


def deposer(scene: Scene, octets: bytes, nom: str = "note.pdf") -> Piece:
    """Une pièce de plus, versée par l'agent."""
    reponse = envoyer(client(scene.agent), scene, octets, nom=nom)
    assert reponse.status_code == 302, reponse.context["form"].errors
    return Piece.objects.latest("pk")


def ouvrir(scene: Scene, piece: Piece) -> Any:
    """Ce que répond l'adresse du fichier."""
    return client(scene.agent).get(reverse("dossier_piece", args=[scene.dossier.reference, piece.pk]))


def servis(scene: Scene, piece: Piece) -> bytes:
    """Les octets servis."""
    reponse = ouvrir(scene, piece)
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content)


def refaite(tmp_path: Path, genre: str, octets: bytes) -> bytes:
    """La copie sûre de ces octets."""
    (tmp_path / "recu").write_bytes(octets)
    (tmp_path / "copie").unlink(missing_ok=True)
    copie.refaire(genre, tmp_path / "recu", tmp_path / "copie")
    return (tmp_path / "copie").read_bytes()
