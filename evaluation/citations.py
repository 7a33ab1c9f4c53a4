"""Citer une page : une réponse s'appuie sur un document, une page et un extrait; la citation rouvre la page.

Source : `ecrans-et-lettres.md` B2.3 (« Citer cette page »).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dossiers.actes.pieces import PAGES_MAX
from dossiers.models import Dossier, Piece
from evaluation.documents import DocumentLu, titre_cite
from evaluation.pages_pdf import PageLue
from evaluation.regles import QUESTIONS
from evaluation.regles_documents import contient, debut
from socle.composants import Citation
from socle.refus import Refus

EXTRAIT_MAX = 300  # signes
EXTRAIT_OFFERT = 140  # signes du début de la page, quand aucun extrait n'est choisi
CITATIONS_MAX = 60
CLE = re.compile(r"(sr2100|sr2105|substitut|contribution|piece|echange)-[0-9]{1,18}")


class ExtraitAbsent(Exception):
    """L'extrait n'est pas dans le texte du document ou de la page cités."""


@dataclass(frozen=True)
class Ancrage:
    """Une citation : la question qu'elle appuie (vide : tout l'avis), le document, sa page (0 : sans page), l'extrait.

    `code` est ce que l'avis cite (`pieces_citees`); `document`, la clé de ce qui se rouvre.
    """

    question: str
    code: str
    document: str
    page: int
    extrait: str


def lire(brut: Any) -> list[Ancrage]:
    """Les citations gardées d'un brouillon ou d'un avis; ce qui n'en a pas la forme est passé."""
    if not isinstance(brut, list):
        return []
    noms = Ancrage.__dataclass_fields__
    return [Ancrage(**un) for un in brut if isinstance(un, Mapping) and set(un) == set(noms)]


def en_clair(ancrages: Iterable[Ancrage]) -> list[dict[str, Any]]:
    """Ce qui s'écrit au brouillon et dans l'avis."""
    return [asdict(un) for un in ancrages]


def ancrer(document: DocumentLu, lue: PageLue | None, texte: str, question: str, extrait: str) -> Ancrage:
    """La citation de ce qui est ouvert. `texte` : celui de la page, ou du document s'il n'a pas de pages.

    Sans extrait choisi, le début du texte. Une page sans texte (numérisée) prend l'extrait tel qu'il est recopié.
    Lève `ExtraitAbsent`.
    """
    choisi = " ".join(extrait.split())[:EXTRAIT_MAX]
    if choisi and texte.strip() and not contient(texte, choisi):
        raise ExtraitAbsent
    return Ancrage(
        question if question in QUESTIONS else "",
        document.citable,
        document.cle,
        lue.rang if lue is not None else 0,
        choisi or debut(texte, EXTRAIT_OFFERT),
    )


def marque(une: Ancrage) -> str:
    """Ce qui nomme une citation dans une page : son rang changerait d'une fenêtre à l'autre."""
    dite = json.dumps(asdict(une), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2s(dite.encode(), digest_size=8).hexdigest()


def codes(citees: Iterable[str], ancrages: Iterable[Ancrage]) -> list[str]:
    """Tout ce que l'avis cite : les pièces entières, puis celles dont une page l'est."""
    return list(dict.fromkeys([*citees, *(un.code for un in ancrages)]))


def verifiees(brut: Any, pieces_citees: Iterable[str], dossier: Dossier) -> list[dict[str, Any]]:
    """Rang 8 : les citations d'un avis, telles qu'elles y resteront. Lève `champ_invalide`.

    Chacune appuie une question de la loi, ou tout l'avis; son document est de ce dossier et parmi les pièces citées.
    """
    if brut is None:
        return []
    connus = set(pieces_citees)
    lues = lire(brut)
    if not isinstance(brut, list) or len(lues) != len(brut) or len(lues) > CITATIONS_MAX:
        raise Refus("champ_invalide", champ="citations")
    if any(not _valable(un, connus) for un in lues):
        raise Refus("champ_invalide", champ="citations")
    pieces = {int(un.document.removeprefix("piece-")) for un in lues if un.document.startswith("piece-")}
    if pieces and Piece.objects.filter(dossier=dossier, pk__in=pieces).count() != len(pieces):
        raise Refus("champ_invalide", champ="citations")
    return en_clair(dict.fromkeys(lues))


def _valable(une: Ancrage, connus: set[str]) -> bool:
    textes = (une.question, une.code, une.document, une.extrait)
    return (
        all(isinstance(un, str) for un in textes)
        and (not une.question or une.question in QUESTIONS)
        and une.code in connus
        and bool(CLE.fullmatch(une.document))
        and type(une.page) is int
        and 0 <= une.page <= PAGES_MAX
        and len(une.extrait) <= EXTRAIT_MAX
        and "\x00" not in une.extrait
    )


def en_mots(une: Ancrage) -> str:
    """« Dossier d'hôpital, page 12 : « … » »."""
    ou = f"{titre_cite(une.code)}, page {une.page}" if une.page else titre_cite(une.code)
    return f"{ou} : « {une.extrait} »" if une.extrait else ou


def adresse(une: Ancrage, page: str) -> str:
    """L'adresse qui rouvre ce qui est cité, à sa page."""
    return f"{page}?document={une.document}{f'&page={une.page}' if une.page else ''}#gauche"


def par_question(
    ancrages: list[Ancrage], page: str = "", *, apres: int = 0, retirer: bool = False
) -> dict[str, list[Citation]]:
    """Les citations de chaque question, numérotées dans l'ordre de l'avis; vide : celles de tout l'avis.

    `page` : l'écran qui les rouvre, vide s'il n'y en a pas pour qui lit. `apres` : le dernier numéro déjà pris à
    l'écran. `retirer` : chacune porte son bouton.
    """
    rangees: dict[str, list[Citation]] = {question: [] for question in ("", *QUESTIONS)}
    for rang, une in enumerate(ancrages, start=apres + 1):
        bouton = ("geste", f"desancrer:{marque(une)}") if retirer else ("", "")
        rangees[une.question].append(Citation(rang, en_mots(une), adresse(une, page) if page else "", *bouton))
    return rangees


def de_la_page(ancrages: list[Ancrage], document: str, page: int, *, apres: int = 0) -> list[tuple[int, Ancrage]]:
    """Ce qui est déjà cité de la page ouverte (0 : d'un document sans pages), sous le même numéro que la réponse."""
    numerotees = enumerate(ancrages, start=apres + 1)
    return [(rang, une) for rang, une in numerotees if (une.document, une.page) == (document, page)]
