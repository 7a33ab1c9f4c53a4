"""Les pages d'une pièce, en images : le fichier lui-même n'est jamais donné au navigateur.

Une pièce n'est ouverte que reçue (vérifiée). Une page est faite une fois, par un processus jetable
(`dossiers.analyse.copie`), puis gardée près de la copie : le web ne décode jamais un document.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File

from dossiers.analyse import copie
from dossiers.analyse.raisons import PieceRefusee
from dossiers.models import Piece

PAGES_MAX = 2_000  # ce qu'une copie gardée peut avoir (`dossiers.analyse.enfant`) : toute page s'ouvre
IMAGES = ("jpg", "jpeg", "png")


class PageIllisible(Exception):
    """La pièce ou la page ne se lit pas; une personne doit redemander une copie."""


@dataclass(frozen=True)
class PageLue:
    """Une page de la pièce : son rang, le nombre de pages, et son texte s'il y en a un."""

    rang: int
    total: int
    texte: str


def _extension(piece: Piece) -> str:
    return str(piece.fichier.name or "").lower().rpartition(".")[2]


def se_montre(piece: Piece) -> bool:
    """Vrai si la pièce vérifiée s'affiche page par page : un PDF, ou une image, qui n'a qu'une page."""
    return piece.verification == Piece.Verification.RECUE and _extension(piece) in ("pdf", *IMAGES)


def lire(piece: Piece, rang: int) -> PageLue:
    """Nombre de pages et texte d'une page; `rang` est ramené dans la pièce. Lève `PageIllisible`."""
    voulu = 1 if _extension(piece) in IMAGES else max(1, min(rang, PAGES_MAX))
    dite = json.loads(_gardee(piece, voulu, "json"))
    return PageLue(int(dite["rang"]), int(dite["total"]), str(dite["texte"]))


def image(piece: Piece, rang: int) -> bytes:
    """La page en PNG. Lève `PageIllisible`."""
    if not 1 <= rang <= PAGES_MAX or lire(piece, rang).rang != rang:
        raise PageIllisible
    return _gardee(piece, rang, "png")


def _nom(piece: Piece, rang: int, suffixe: str) -> str:
    # Le nom de la copie est au hasard et ne sert qu'une fois : ses pages ne sont jamais celles d'une autre.
    return f"pages/{Path(str(piece.fichier.name)).stem}/{rang}.{suffixe}"


def _gardee(piece: Piece, rang: int, suffixe: str) -> bytes:
    """Ce qui est gardé d'une page, faite maintenant si elle ne l'est pas encore."""
    stockage = piece.fichier.storage
    for _ in range(2):
        try:
            with stockage.open(_nom(piece, rang, suffixe), "rb") as gardee:
                return bytes(gardee.read())
        except FileNotFoundError:
            _faire(piece, rang)
        except OSError as erreur:
            raise PageIllisible from erreur
    raise PageIllisible


def _faire(piece: Piece, rang: int) -> None:
    with tempfile.TemporaryDirectory(prefix="cse-page-") as lieu:
        entree, sortie = Path(lieu, "piece"), Path(lieu, "page.png")
        try:
            with piece.fichier.open("rb") as ouvert, entree.open("wb") as local:
                for morceau in ouvert.chunks():
                    local.write(morceau)
            copie.page(_extension(piece), entree, sortie, rang)
            for suffixe in ("png", "json"):
                with sortie.with_suffix(f".{suffixe}").open("rb") as faite:
                    piece.fichier.storage.save(_nom(piece, rang, suffixe), File(faite))
        except (OSError, PieceRefusee) as erreur:
            raise PageIllisible from erreur
