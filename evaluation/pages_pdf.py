"""Les pages d'une pièce, en images : le fichier lui-même n'est jamais donné au navigateur.

Une pièce n'est ouverte que reçue (vérifiée). PDFium ne supporte pas deux fils à la fois : un verrou.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

from dossiers.models import Piece

PAGES_MAX = 200
LARGEUR = 1100  # pixels : lisible à 200 %, sans peser
_verrou = threading.Lock()


class PageIllisible(Exception):
    """La pièce ou la page ne se lit pas; une personne doit redemander une copie."""


@dataclass(frozen=True)
class PageLue:
    """Une page de la pièce : son rang, le nombre de pages, et son texte s'il y en a un."""

    rang: int
    total: int
    texte: str


def est_pdf(piece: Piece) -> bool:
    """Vrai si la pièce est un PDF vérifié."""
    return (
        bool(piece.fichier)
        and piece.verification == Piece.Verification.RECUE
        and (str(piece.fichier.name).lower().endswith(".pdf"))
    )


def se_montre(piece: Piece) -> bool:
    """Vrai si la pièce vérifiée s'affiche page par page : un PDF, ou une image, qui n'a qu'une page."""
    return est_pdf(piece) or _est_image(piece)


def _est_image(piece: Piece) -> bool:
    extension = str(piece.fichier.name or "").lower().rpartition(".")[2]
    return piece.verification == Piece.Verification.RECUE and extension in ("jpg", "jpeg", "png")


def _octets(piece: Piece) -> bytes:
    try:
        with piece.fichier.open("rb") as fichier:
            return bytes(fichier.read())
    except OSError as erreur:
        raise PageIllisible from erreur


def lire(piece: Piece, rang: int) -> PageLue:
    """Nombre de pages et texte d'une page; `rang` est ramené dans la pièce. Lève `PageIllisible`."""
    if _est_image(piece):
        return PageLue(1, 1, "")
    octets = _octets(piece)
    with _verrou:
        try:
            document = pypdfium2.PdfDocument(octets)
            try:
                total = min(len(document), PAGES_MAX)
                voulue = max(1, min(rang, total))
                texte = document[voulue - 1].get_textpage().get_text_bounded()
            finally:
                document.close()
        except (pypdfium2.PdfiumError, IndexError, ValueError) as erreur:
            raise PageIllisible from erreur
    return PageLue(voulue, total, texte.replace("\x00", "").strip())


def image(piece: Piece, rang: int) -> bytes:
    """La page en PNG. Lève `PageIllisible`."""
    if _est_image(piece):
        return _photo(piece, rang)
    octets = _octets(piece)
    with _verrou:
        try:
            document = pypdfium2.PdfDocument(octets)
            try:
                if not 1 <= rang <= min(len(document), PAGES_MAX):
                    raise PageIllisible
                page = document[rang - 1]
                echelle = LARGEUR / max(page.get_width(), page.get_height() / 2, 1.0)
                rendue = page.render(scale=min(echelle, 4.0)).to_pil()
            finally:
                document.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as erreur:
            raise PageIllisible from erreur
    tampon = BytesIO()
    rendue.save(tampon, format="PNG", optimize=False)
    return tampon.getvalue()


def _sur_blanc(photo: Image.Image) -> Image.Image:
    """La photo sur du papier blanc : un fond transparent deviendrait noir, et l'encre ne s'y lirait plus."""
    transparente = photo.convert("RGBA")
    papier = Image.new("RGBA", transparente.size, "white")
    return Image.alpha_composite(papier, transparente).convert("RGB")


def _photo(piece: Piece, rang: int) -> bytes:
    """Une photo de la pièce, ramenée à une largeur lisible et réécrite en PNG, sans ses métadonnées."""
    if rang != 1:
        raise PageIllisible
    try:
        with Image.open(BytesIO(_octets(piece)), formats=("JPEG", "PNG")) as photo:
            reduite = _sur_blanc(ImageOps.exif_transpose(photo))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as erreur:
        raise PageIllisible from erreur
    reduite.thumbnail((LARGEUR, LARGEUR * 4))
    tampon = BytesIO()
    reduite.save(tampon, format="PNG")
    return tampon.getvalue()
