"""Chercher des mots dans les documents qu'une personne peut lire : en mémoire, sans jamais garder ce qui est cherché.

Source : `ecrans-et-lettres.md` B2 (chercher dans le texte des pièces).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dossiers.analyse import pages
from dossiers.models import Piece, TextesDePiece
from evaluation import documents, pages_pdf
from evaluation.documents import DocumentLu
from evaluation.regles_documents import Passage, chercher

TROUVES_MAX = 50  # passages montrés
LECTURES_MAX = 5  # pièces dont le texte, pas encore lu par machine, se lit pendant qu'on attend une recherche


@dataclass(frozen=True)
class Trouve:
    """Une page, ou un document sans pages (0), où les mots sont."""

    document: DocumentLu
    page: int
    passage: Passage


@dataclass
class Recherche:
    """Ce qu'une recherche a trouvé, et ce qu'elle n'a pas lu : `muets`, sans texte; `attendus`, pas encore prêts."""

    mots: str
    trouves: list[Trouve] = field(default_factory=list)
    muets: list[DocumentLu] = field(default_factory=list)
    attendus: int = 0
    coupee: bool = False


def preparer(liste: Sequence[DocumentLu]) -> None:
    """Lit et garde le texte des premières pièces qui ne l'ont pas encore été; demande les autres sans les attendre."""
    gardes = _textes_gardes(liste)
    neuves = [un.objet for un in liste if _a_pages(un) and un.objet.pk not in gardes]
    for piece in neuves[:LECTURES_MAX]:
        pages.textes(piece)
    for piece in neuves[LECTURES_MAX:]:
        pages.reveiller(piece)


def rechercher(liste: Sequence[DocumentLu], mots: str) -> Recherche:
    """Chaque page de ces documents où les mots sont, dans l'ordre de la liste.

    N'écrit rien : une pièce dont le texte n'est pas gardé est comptée, à chercher plus tard (`preparer`).
    """
    faite, gardes = Recherche(mots), _textes_gardes(liste)
    for document in liste:
        piece, a_pages = document.objet, _a_pages(document)
        if a_pages and piece.pk not in gardes:
            faite.attendus += 1
            continue
        if a_pages and not gardes[piece.pk]:
            faite.muets.append(document)
        for page, texte in _textes(document, gardes.get(piece.pk, []) if a_pages else []):
            passage = chercher(texte, mots)
            if passage is not None and len(faite.trouves) >= TROUVES_MAX:
                faite.coupee = True
                return faite
            if passage is not None:
                faite.trouves.append(Trouve(document, page, passage))
    return faite


def _a_pages(document: DocumentLu) -> bool:
    return isinstance(document.objet, Piece) and pages_pdf.se_montre(document.objet)


def texte_de(document: DocumentLu) -> str:
    """Le texte d'un document qui se lit sans pages, tel qu'il est montré."""
    return "\n".join(
        f"{libelle} {texte}".strip() for section in documents.sections(document) for libelle, texte in section.lignes
    )


def _textes(document: DocumentLu, par_page: list[str]) -> Iterator[tuple[int, str]]:
    yield 0, texte_de(document)
    yield from enumerate(par_page, start=1)


def _textes_gardes(liste: Sequence[DocumentLu]) -> dict[int, list[str]]:
    pieces = [un.objet.pk for un in liste if isinstance(un.objet, Piece)]
    return {un.piece_id: un.pages for un in TextesDePiece.objects.filter(piece_id__in=pieces)}
