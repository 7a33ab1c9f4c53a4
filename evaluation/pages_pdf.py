"""Les pages d'une pièce, en images : le fichier lui-même n'est jamais donné au navigateur.

Une pièce n'est ouverte que reçue (vérifiée). `dossiers.analyse.pages` fait et garde les pages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from dossiers.actes.pieces import PAGES_MAX
from dossiers.analyse import pages
from dossiers.analyse.pages import IMAGES, PageIllisible
from dossiers.models import Piece

__all__ = ["PAGES_MAX", "LigneLue", "PageIllisible", "PageLue", "image", "lire", "se_montre"]


@dataclass(frozen=True)
class LigneLue:
    """Une ligne de texte à sa place sur l'image, en unités de la grille de la page, déjà en mots pour un SVG.

    `bas` : la ligne de pied du texte; `tourner` : le texte se lit de haut en bas (page tournée).
    """

    texte: str
    x: str
    bas: str
    taille: str
    longueur: str
    tourner: str = ""


@dataclass(frozen=True)
class PageLue:
    """Une page de la pièce : son rang, le nombre de pages, son texte s'il y en a un, et où il est sur l'image."""

    rang: int
    total: int
    texte: str
    cadre: str = ""
    lignes: tuple[LigneLue, ...] = field(default=(), compare=False)


def se_montre(piece: Piece) -> bool:
    """Vrai si la pièce vérifiée s'affiche page par page : un PDF, ou une image, qui n'a qu'une page."""
    return piece.verification == Piece.Verification.RECUE and pages.extension(piece) in ("pdf", *IMAGES)


def lire(piece: Piece, rang: int) -> PageLue:
    """Nombre de pages et texte d'une page; `rang` est ramené dans la pièce. Lève `PageIllisible`.

    Les pages qui suivent se préparent pendant qu'on lit celle-ci.
    """
    voulu = 1 if pages.extension(piece) in IMAGES else max(1, min(rang, PAGES_MAX))
    dite = json.loads(pages.gardee(piece, voulu, "json"))
    lue, total = int(dite["rang"]), int(dite["total"])
    pages.prendre_de_l_avance(piece, lue, total)
    large, haut = dite.get("taille", (0, 0))
    lignes = tuple(_ligne(*une) for une in dite.get("lignes", ()))
    return PageLue(lue, total, str(dite["texte"]), f"0 0 {large} {haut}" if lignes else "", lignes)


def _ligne(x: int, y: int, large: int, haut: int, texte: str) -> LigneLue:
    if haut > 2 * large and len(texte) > 2:
        return LigneLue(texte, str(x), str(y), str(large), str(haut), f"rotate(90 {x} {y})")
    # Le pied des lettres est un peu au-dessus du bas de leur boîte.
    return LigneLue(texte, str(x), str(y + round(haut * 0.8)), str(haut), str(large))


def image(piece: Piece, rang: int) -> bytes:
    """La page en PNG. Lève `PageIllisible`."""
    if not 1 <= rang <= PAGES_MAX or json.loads(pages.gardee(piece, rang, "json"))["rang"] != rang:
        raise PageIllisible
    return pages.gardee(piece, rang, "png")
