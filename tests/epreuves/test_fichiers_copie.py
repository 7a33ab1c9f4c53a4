"""Bombes et fichiers piégés : ce qui est refusé avant de se déplier, et ce qui reste dans la copie servie.

Source : `epreuves.md` U02, U03.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import psutil
import pypdfium2
import pytest
from django.test import Client
from PIL import Image

from dossiers.analyse import antivirus, copie
from dossiers.analyse.raisons import PieceRefusee
from dossiers.models import Piece
from dossiers.tasks import verifier_piece
from socle import horloge
from tests import services
from tests.dossiers.scene import Scene, client
from tests.epreuves import fichiers
from tests.epreuves.depots import deposer, envoyer, ouvrir, refaite, servis
from tests.epreuves.fichiers import MO

pytestmark = pytest.mark.django_db


# --- U02 : bombes --------------------------------------------------------------------------
MESURE = (
    "import runpy, sys, atexit\n"
    "def dire():\n"
    "    print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')), file=sys.stderr)\n"
    "atexit.register(dire)\n"
    "sys.argv = sys.argv[1:]\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)


@pytest.mark.parametrize(
    ("genre", "octets", "code"),
    [
        ("pdf", lambda: fichiers.bombe_flate(256 * MO), "bombe"),
        ("pdf", lambda: fichiers.bombe_flate(256 * MO, fois=2), "bombe"),
        ("pdf", lambda: fichiers.bombe_flate(64 * MO, fois=4), "bombe"),
        ("pdf", lambda: fichiers.pdf_de_pages(60_000), "trop_de_pages"),
        ("png", lambda: fichiers.png_annonce(50_000, 50_000), "image_trop_grande"),
    ],
    ids=["flate", "double flate", "quadruple flate", "60 000 pages", "50 000 × 50 000"],
)
def test_une_bombe_est_refusee_avant_de_se_deplier(
    tmp_path: Path, genre: str, octets: Callable[[], bytes], code: str
) -> None:
    """Refusée en moins de dix secondes de processeur, et le processus qui l'a lue n'a pas pris 200 Mo."""
    (tmp_path / "recu").write_bytes(octets())
    debut = resource.getrusage(resource.RUSAGE_CHILDREN)
    commande = [
        sys.executable,
        "-c",
        MESURE,
        str(copie.ENFANT),
        genre,
        "recu",
        "copie",
        str(copie.MEMOIRE[genre]),
        "20",
    ]
    lu = subprocess.run(commande, cwd=tmp_path, capture_output=True, check=False, timeout=180)
    assert (lu.returncode, lu.stdout.decode()) == (3, code), lu.stderr.decode()
    fin = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert fin.ru_utime + fin.ru_stime - debut.ru_utime - debut.ru_stime < 10
    assert int(lu.stderr.split()[-2]) // 1024 < 200
    with pytest.raises(PieceRefusee) as refusee:
        copie.refaire(genre, tmp_path / "recu", tmp_path / "copie")
    assert refusee.value.code == code


@pytest.mark.clamav
@pytest.mark.parametrize("forme", ["zip", "zip de zip", "docx"])
def test_une_archive_qui_se_deplie_sans_fin_n_est_jamais_recue(
    antivirus_vrai: services.Dateur, scene: Scene, forme: str
) -> None:
    """Dix secondes de processeur au plus, l'antivirus compris; le temps de mur dirait la charge de la machine."""
    nue = fichiers.archive("a", bytes(200 * MO))
    bombe = {"zip": nue, "zip de zip": fichiers.archive("b", nue), "docx": fichiers.docx(fichiers.archive("b", nue))}
    clamd = psutil.Process(antivirus_vrai.pid)

    def processeur() -> float:
        return sum(clamd.cpu_times()[:2]) + sum(psutil.Process().cpu_times()[:2])

    debut = processeur()
    antivirus.examiner(io.BytesIO(bombe[forme]))
    assert envoyer(client(scene.agent), scene, bombe[forme]).status_code == 200
    assert processeur() - debut < 10
    assert not Piece.objects.exists()


# --- U03 : ce qui est servi ----------------------------------------------------------------
def test_rien_d_actif_ne_survit_dans_un_pdf(scene: Scene) -> None:
    piece = deposer(scene, fichiers.pdf_arme() + fichiers.archive("a.txt", b"MARQUE-ZIP") + b"<script>MARQUE-HTML")
    assert verifier_piece(piece.pk)
    servi = servis(scene, piece)
    with pikepdf.open(io.BytesIO(servi)) as document:
        tout = servi + b"".join(
            repr(objet).encode() + (objet.read_bytes() if isinstance(objet, pikepdf.Stream) else b"")
            for objet in document.objects
        )
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/OCProperties"}
        assert len(document.pages) == 1
    for interdit in ("MARQUE", "marque", "JavaScript", "Launch", "SubmitForm", "URI", "Annots", "AcroForm", "XFA"):
        assert interdit.encode() not in tout, interdit


def test_une_gif_qui_cache_une_archive_n_est_pas_recue(scene: Scene) -> None:
    gifar = fichiers.image("GIF") + fichiers.archive("META-INF/MANIFEST.MF", b"Main-Class: A")
    assert "ni un PDF ni une photo" in envoyer(client(scene.agent), scene, gifar, nom="a.jpg").content.decode()
    assert not Piece.objects.exists()


def test_ce_qu_un_formulaire_montre_reste_lisible(tmp_path: Path) -> None:
    neuf = refaite(tmp_path, "pdf", fichiers.formulaire_rempli())
    page = pypdfium2.PdfDocument(neuf)[0]
    assert "REPONSE" in page.get_textpage().get_text_bounded()


@pytest.mark.parametrize("genre", ["JPEG", "PNG"])
def test_une_image_est_refaite_de_ses_seuls_points(tmp_path: Path, genre: str) -> None:
    sens = Image.Exif()
    sens[0x0112], sens[0x010E] = 6, "MARQUE-EXIF"
    options: dict[str, Any] = {"exif": sens, "icc_profile": b"MARQUE-ICC" * 20}
    if genre == "JPEG":
        options["comment"] = b"*/alert('MARQUE-COM')/*"
    octets = fichiers.image(genre, (64, 48), **options) + b"MARQUE-FIN" + fichiers.archive("a", b"MARQUE")
    neuve = refaite(tmp_path, "jpg" if genre == "JPEG" else "png", octets)
    assert b"MARQUE" not in neuve
    with Image.open(io.BytesIO(neuve)) as lue:
        assert lue.size == (48, 64), "le sens de la photo est appliqué"
        assert not set(lue.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_une_photo_de_telephone_heic_devient_lisible(scene: Scene) -> None:
    piece = deposer(scene, fichiers.image("HEIF"), nom="IMG_0001.HEIC")
    assert verifier_piece(piece.pk)
    with Image.open(io.BytesIO(servis(scene, piece))) as lue:
        assert (lue.format, lue.size) == ("JPEG", (64, 48))


def test_une_tres_grande_photo_reste_lisible(tmp_path: Path) -> None:
    neuve = refaite(tmp_path, "jpg", fichiers.image("JPEG", (8000, 6000)))
    with Image.open(io.BytesIO(neuve)) as lue:
        assert lue.size == (4000, 3000)


def test_le_fichier_servi_l_est_dans_un_bac_a_sable(scene: Scene) -> None:
    piece = deposer(scene, fichiers.pdf())
    assert verifier_piece(piece.pk)
    entetes = ouvrir(scene, piece).headers
    assert entetes["Content-Disposition"].startswith("attachment")
    assert entetes["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert entetes["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"%PDF-1.7\nrien", "abîmé"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "abîmée"),
        (b"\x00\x00\x00\x1cftypheic" + bytes(200), "abîmée"),
    ],
)
def test_un_fichier_abime_se_dit_sans_faute(scene: Scene, octets: bytes, dit: str) -> None:
    piece = deposer(scene, octets)
    assert verifier_piece(piece.pk)
    piece.refresh_from_db()
    assert dit in piece.raison_refus


# --- U03 : un autre hôte -------------------------------------------------------------------
@pytest.fixture
def autre_hote(settings: Any) -> str:
    settings.HOTE_FICHIERS = "fichiers.exemple.invalid"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, settings.HOTE_FICHIERS]
    return str(settings.HOTE_FICHIERS)


def test_un_fichier_vient_d_un_hote_sans_seance(scene: Scene, autre_hote: str) -> None:
    piece = deposer(scene, fichiers.pdf())
    assert verifier_piece(piece.pk)
    renvoi = ouvrir(scene, piece)
    assert renvoi.status_code == 302
    adresse = urlsplit(renvoi.headers["Location"])
    assert adresse.netloc == autre_hote
    ailleurs = Client(SERVER_NAME=autre_hote)
    reponse = ailleurs.get(adresse.path)
    assert reponse.status_code == 200
    assert reponse.getvalue().startswith(b"%PDF")
    assert reponse.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not reponse.cookies
    assert not ailleurs.cookies
    for chemin in ("/", "/compte/login/", f"/dossiers/{scene.dossier.reference}/pieces/", f"{adresse.path}x"):
        assert ailleurs.get(chemin).status_code == 404, chemin
    assert ailleurs.post(adresse.path).status_code == 404
    assert client(scene.agent).get(adresse.path).status_code == 404, "le site ne connaît pas ces adresses"


def test_l_adresse_d_un_fichier_ne_vaut_qu_une_minute_et_tant_que_l_acces_dure(scene: Scene, autre_hote: str) -> None:
    piece = deposer(scene, fichiers.pdf())
    assert verifier_piece(piece.pk)
    ailleurs = Client(SERVER_NAME=autre_hote)
    instant = horloge.maintenant()
    with horloge.figer(instant):
        chemin = urlsplit(ouvrir(scene, piece).headers["Location"]).path
    with horloge.figer(instant + timedelta(seconds=61)):
        assert ailleurs.get(chemin).status_code == 404
    with horloge.figer(instant + timedelta(seconds=59)):
        assert ailleurs.get(chemin).status_code == 200
        type(scene.agent).objects.filter(pk=scene.agent.pk).update(is_active=False)
        assert ailleurs.get(chemin).status_code == 404
