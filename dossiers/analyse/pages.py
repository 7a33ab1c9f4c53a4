"""Les pages d'une pièce reçue, en images et en texte : faites par un processus jetable, gardées près de la copie.

Le web ne décode jamais un document. Une page se fait une fois. Les premières sont prêtes dès la réception, et les
suivantes se préparent pendant qu'on lit : tourner la page n'attend rien. Source : `ecrans-et-lettres.md` B2.
"""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path

from celery import current_app
from django.core.cache import cache
from django.core.files import File

from dossiers.actes.pieces import garder_textes
from dossiers.analyse import copie
from dossiers.analyse.raisons import PieceRefusee
from dossiers.models import Piece, TextesDePiece

journal_technique = logging.getLogger(__name__)
IMAGES = ("jpg", "jpeg", "png")
LOT = 10  # pages préparées d'un coup : les premières à la réception, puis devant qui lit
REVEIL = 60  # s pendant lesquelles un même lot n'est pas redemandé


class PageIllisible(Exception):
    """La pièce ou la page ne se lit pas; une personne doit redemander une copie."""


def extension(piece: Piece) -> str:
    """Le genre de la copie, en minuscules et sans point."""
    return str(piece.fichier.name or "").lower().rpartition(".")[2]


def gardee(piece: Piece, rang: int, suffixe: str) -> bytes:
    """Ce qui est gardé d'une page (`png` ou `json`), faite maintenant si elle ne l'est pas encore.

    Lève `PageIllisible`.
    """
    stockage = piece.fichier.storage
    for _ in range(2):
        try:
            with stockage.open(_nom(piece, rang, suffixe), "rb") as lue:
                return bytes(lue.read())
        except FileNotFoundError:
            _faire(piece, rang)
        except OSError as erreur:
            raise PageIllisible from erreur
    raise PageIllisible


def preparer(piece: Piece, rang: int = 1) -> int:
    """Fait les pages qui manquent parmi les `LOT` dès `rang`; rend combien. Une pièce illisible n'en fait aucune."""
    combien = 1 if extension(piece) in IMAGES else LOT
    manquent = [un for un in range(rang, rang + combien) if not _faite(piece, un)]
    if not manquent:
        return 0
    try:
        return _faire(piece, manquent[0], manquent[-1] - manquent[0] + 1)
    except PageIllisible:
        return 0


def prendre_de_l_avance(piece: Piece, rang: int, total: int) -> None:
    """Demande les pages qui suivent celle qu'on lit, si elles ne sont pas prêtes; ne les attend pas."""
    devant = rang + LOT // 2
    if devant <= total and not _faite(piece, devant):
        reveiller(piece, rang + 1)


def reveiller(piece: Piece, rang: int = 1) -> None:
    """Demande au travailleur de préparer des pages; courtier en panne, elles se feront à la lecture."""
    if not cache.add(f"pages-{piece.pk}-{(rang - 1) // (LOT // 2)}", True, REVEIL):
        return
    try:
        current_app.send_task("dossiers.preparer_pages", args=[piece.pk, rang], retry=False, ignore_result=True)
    except Exception as erreur:  # noqa: BLE001 - aucune panne du courtier ne doit remonter à la page
        journal_technique.warning("pages non demandées : %s", type(erreur).__name__)


def textes(piece: Piece) -> list[str]:
    """Le texte de chaque page, lu une fois dans la copie et gardé chiffré; vide pour une photo ou une numérisation."""
    gardes = TextesDePiece.objects.filter(piece=piece).first()
    if gardes is not None:
        return gardes.pages
    lus = _lire_textes(piece) if extension(piece) == "pdf" else []
    if lus is None:
        return []
    garder_textes(piece, lus)
    return lus


def _lire_textes(piece: Piece) -> list[str] | None:
    """Le texte de chaque page; rien de gardable si la machine n'a pas pu essayer : la fois suivante le fera."""
    with tempfile.TemporaryDirectory(prefix="cse-textes-") as lieu:
        sortie = Path(lieu, "textes.json")
        try:
            copie.textes(_prise(piece, Path(lieu)), sortie)
        except PieceRefusee:
            return []
        except OSError as erreur:
            journal_technique.warning("texte de la pièce %s non lu : %s", piece.pk, type(erreur).__name__)
            return None
        lus: list[str] = json.loads(sortie.read_bytes())
    return lus if any(lus) else []


def _nom(piece: Piece, rang: int, suffixe: str) -> str:
    # Le nom de la copie est au hasard et ne sert qu'une fois : ses pages ne sont jamais celles d'une autre.
    return f"pages/{Path(str(piece.fichier.name)).stem}/{rang}.{suffixe}"


def _faite(piece: Piece, rang: int) -> bool:
    return bool(piece.fichier.storage.exists(_nom(piece, rang, "json")))


def _prise(piece: Piece, lieu: Path) -> Path:
    entree = lieu / "piece"
    with piece.fichier.open("rb") as ouvert, entree.open("wb") as local:
        for morceau in ouvert.chunks():
            local.write(morceau)
    return entree


def _faire(piece: Piece, rang: int, combien: int = 1) -> int:
    """Fait des pages et les garde; rend combien. L'image avant le texte : qui voit l'un trouve l'autre."""
    stockage, faites = piece.fichier.storage, 0
    with tempfile.TemporaryDirectory(prefix="cse-page-") as lieu:
        try:
            copie.page(extension(piece), _prise(piece, Path(lieu)), Path(lieu, "page.png"), rang, combien)
            for dite in sorted(Path(lieu).glob("page*.json")):
                # La première porte le rang demandé, même ramené dans le document : ce rang se relit ensuite.
                voulu = rang if dite.stem == "page" else int(dite.stem.removeprefix("page-"))
                for suffixe in ("png", "json"):
                    nom = _nom(piece, voulu, suffixe)
                    if not stockage.exists(nom):
                        with dite.with_suffix(f".{suffixe}").open("rb") as faite:
                            stockage.save(nom, File(faite))
                faites += 1
        except (OSError, PieceRefusee) as erreur:
            raise PageIllisible from erreur
    return faites
