"""Vérifier un fichier reçu avant que quiconque l'ouvre : genre, virus, puis une copie remise à neuf.

Le genre se lit dans le contenu, jamais dans le nom. Un PDF est réécrit sans script ni pièce jointe; une
image est réencodée sans métadonnée. Source : `epreuves.md` (fichiers); `conception.md` §5.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import filetype  # type: ignore[import-untyped]
import pikepdf
from clamd import ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from PIL import Image, ImageOps

GENRES: dict[str, str] = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
GENRES_EN_MOTS = "PDF, JPEG ou PNG"
PIXELS_MAX = 60_000_000
PAGES_MAX = 2_000
DELAI_ANTIVIRUS = 30  # secondes
# Signature d'essai des antivirus, écrite en deux morceaux pour ne pas alarmer ceux qui lisent ce fichier.
ESSAI = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"
ACTIFS_DU_CATALOGUE = ("/OpenAction", "/AA", "/AcroForm", "/Names", "/Collection", "/JavaScript")


class PieceRefusee(Exception):
    """Le fichier ne peut pas être gardé; le message se lit tel quel."""


@dataclass(frozen=True)
class Neuve:
    """Copie remise à neuf, son extension, l'empreinte du fichier reçu."""

    octets: bytes
    extension: str
    sha256: str


def genre(debut: bytes) -> str:
    """Genre MIME lu dans le contenu, vide s'il n'est pas accepté."""
    trouve = filetype.guess_mime(debut)
    return trouve if trouve in GENRES else ""


def chercher_virus(octets: bytes) -> None:
    """Lève `PieceRefusee` si un virus est trouvé; laisse remonter une panne de l'antivirus, pour réessayer."""
    if not settings.CLAMD_URL:
        if ESSAI in octets:
            raise PieceRefusee("Un virus a été trouvé dans ce fichier. Demandez une autre copie.")
        return
    resultat: dict[str, Any] = _antivirus().instream(io.BytesIO(octets))
    if resultat.get("stream", ("", ""))[0] != "OK":
        raise PieceRefusee("Un virus a été trouvé dans ce fichier. Demandez une autre copie.")


def _antivirus() -> Any:
    adresse = urlsplit(settings.CLAMD_URL)
    if adresse.scheme == "unix":
        return ClamdUnixSocket(adresse.path, timeout=DELAI_ANTIVIRUS)
    return ClamdNetworkSocket(adresse.hostname or "127.0.0.1", adresse.port or 3310, timeout=DELAI_ANTIVIRUS)


def _pdf(octets: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(octets)) as document:
            if len(document.pages) > PAGES_MAX:
                raise PieceRefusee("Ce document a trop de pages. Envoyez-le en plusieurs fichiers.")
            for cle in ACTIFS_DU_CATALOGUE:
                if cle in document.Root:
                    del document.Root[cle]
            for page in document.pages:
                for cle in ("/AA", "/Annots"):
                    if cle in page:
                        del page[cle]
            sortie = io.BytesIO()
            document.save(sortie, linearize=True)
            return sortie.getvalue()
    except pikepdf.PasswordError as erreur:
        raise PieceRefusee("Ce PDF est protégé par un mot de passe. Envoyez une copie sans mot de passe.") from erreur
    except pikepdf.PdfError as erreur:
        raise PieceRefusee("Ce PDF est abîmé. Demandez une autre copie.") from erreur


def _image(octets: bytes, extension: str) -> bytes:
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > PIXELS_MAX:
                raise PieceRefusee("Cette image est trop grande. Envoyez-en une plus petite.")
            image.load()
            # Le sens d'une photo de téléphone est une métadonnée : il s'applique avant qu'elle parte.
            droite = ImageOps.exif_transpose(image).convert("RGB" if extension == "jpg" else "RGBA")
            sortie = io.BytesIO()
            droite.save(sortie, "JPEG" if extension == "jpg" else "PNG", quality=90)
            return sortie.getvalue()
    except PieceRefusee:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as erreur:
        raise PieceRefusee("Cette image est abîmée. Demandez une autre copie.") from erreur


def remettre_a_neuf(octets: bytes) -> Neuve:
    """Vérifie un fichier et rend sa copie sûre; lève `PieceRefusee` avec une phrase pour la personne."""
    if len(octets) > settings.TAILLE_MAX_PIECE:
        raise PieceRefusee("Ce fichier dépasse 25 Mo. Envoyez-le en plusieurs fichiers.")
    lu = genre(octets[:8192])
    if not lu:
        raise PieceRefusee(f"Ce fichier n'est pas un {GENRES_EN_MOTS}. Envoyez une photo ou un PDF.")
    chercher_virus(octets)
    extension = GENRES[lu]
    neuf = _pdf(octets) if extension == "pdf" else _image(octets, extension)
    return Neuve(neuf, extension, hashlib.sha256(octets).hexdigest())
