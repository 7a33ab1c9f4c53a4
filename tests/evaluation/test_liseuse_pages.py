"""Les pages préparées et le texte gardé d'une pièce : prêts avant qu'on lise, chiffrés, jamais refusants."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from dossiers import tasks
from dossiers.analyse import copie, pages
from dossiers.analyse.raisons import PieceRefusee
from dossiers.models import Piece, TextesDePiece
from evaluation import pages_pdf
from evaluation.documents import DocumentLu
from evaluation.recherche_documents import LECTURES_MAX, TROUVES_MAX, preparer, rechercher
from socle import horloge
from tests.epreuves import fichiers
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db


def recue(octets: bytes, nom: str = "a.pdf") -> Piece:
    """Une pièce vérifiée."""
    scene = Scene().en_evaluation()
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="T", fichier=ContentFile(octets, nom))
    with horloge.figer(scene.instant + timedelta(minutes=5)):
        assert tasks.verifier_piece(piece.pk)
    return Piece.objects.get(pk=piece.pk)


def document(piece: Piece) -> DocumentLu:
    return DocumentLu(f"piece-{piece.pk}", piece.titre, "A", piece.versee_le, "pieces", piece.titre, objet=piece)


@pytest.fixture
def demandees(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Les rangs dont la préparation est demandée."""
    rangs: list[int] = []
    monkeypatch.setattr(pages, "reveiller", lambda _piece, rang=1: rangs.append(rang))
    return rangs


def test_le_texte_est_pose_la_ou_l_image_le_montre() -> None:
    lue = pages_pdf.lire(recue(fichiers.pdf_de_textes("Bonjour la page\nSeconde ligne")), 1)
    assert lue.cadre == "0 0 2000 2588"
    premiere, seconde = lue.lignes
    assert (premiere.texte, seconde.texte) == ("Bonjour la page", "Seconde ligne")
    # 72 points de 612 : à 235 de 2000; la seconde ligne est plus bas.
    assert 225 <= int(premiere.x) <= 250
    assert int(premiere.bas) < int(seconde.bas) < 600
    assert not premiere.tourner


def test_une_page_tournee_a_son_texte_debout() -> None:
    lue = pages_pdf.lire(recue(fichiers.pdf_de_textes("Bonjour la page", tournee=90)), 1)
    assert lue.cadre == "0 0 2000 1545"
    assert lue.lignes[0].tourner.startswith("rotate(90 ")


def test_une_photo_et_une_page_blanche_n_ont_pas_de_texte() -> None:
    assert pages_pdf.lire(recue(fichiers.image(), "a.jpg"), 1).cadre == ""
    assert pages_pdf.lire(recue(fichiers.pdf()), 1).lignes == ()


def test_la_reception_demande_les_premieres_pages(demandees: list[int]) -> None:
    recue(fichiers.pdf())
    assert demandees == [1]


def test_un_lot_se_prepare_en_un_processus_et_une_fois(monkeypatch: pytest.MonkeyPatch, demandees: list[int]) -> None:
    piece = recue(fichiers.pdf(pages.LOT + 3))
    lances: list[tuple[int, int]] = []
    vraie = copie.page

    def compter(genre: str, entree: Any, sortie: Any, rang: int, combien: int = 1) -> None:
        lances.append((rang, combien))
        vraie(genre, entree, sortie, rang, combien)

    monkeypatch.setattr(copie, "page", compter)
    assert tasks.preparer_pages(piece.pk) == pages.LOT
    assert tasks.preparer_pages(piece.pk) == 0
    assert lances == [(1, pages.LOT)]
    assert pages_pdf.image(piece, pages.LOT).startswith(b"\x89PNG")
    assert pages_pdf.lire(piece, pages.LOT).rang == pages.LOT
    assert lances == [(1, pages.LOT)], "une page préparée ne se refait pas"
    assert tasks.preparer_pages(piece.pk, pages.LOT + 1) == 3
    assert pages_pdf.lire(piece, pages.LOT + 3).total == pages.LOT + 3


def test_lire_prepare_la_suite_sans_l_attendre(demandees: list[int]) -> None:
    piece = recue(fichiers.pdf(pages.LOT + 10))
    tasks.preparer_pages(piece.pk)
    demandees.clear()
    pages_pdf.lire(piece, 1)
    assert demandees == [], "les pages devant sont déjà prêtes"
    pages_pdf.lire(piece, pages.LOT)
    assert demandees == [pages.LOT + 1]
    pages_pdf.lire(piece, pages.LOT + 10)
    assert demandees == [pages.LOT + 1], "rien après la dernière page"


def test_rien_ne_se_prepare_d_une_piece_non_recue() -> None:
    piece = recue(fichiers.pdf())
    Piece.objects.update(verification=Piece.Verification.REFUSEE)
    assert tasks.preparer_pages(piece.pk) == 0
    assert tasks.preparer_pages(0) == 0


def test_le_texte_se_garde_chiffre_et_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    piece = recue(fichiers.pdf_de_textes("Sciatalgie", "Cervicalgie"))
    tasks.preparer_pages(piece.pk)
    with connection.cursor() as curseur:
        curseur.execute("SELECT pages_json FROM dossiers_textesdepiece WHERE piece_id = %s", [piece.pk])
        assert "Sciatalgie" not in curseur.fetchone()[0]
    monkeypatch.setattr(copie, "textes", lambda *_: pytest.fail("le texte se relit"))
    assert pages.textes(piece) == ["Sciatalgie", "Cervicalgie"]


def test_un_texte_qui_ne_se_lit_pas_ne_bloque_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    def tomber(*_: Any) -> None:
        raise PieceRefusee("bombe")

    piece = recue(fichiers.pdf_de_textes("Sciatalgie"))
    monkeypatch.setattr(copie, "textes", tomber)
    assert pages.textes(piece) == []
    assert TextesDePiece.objects.get().pages == []


def test_une_machine_trop_chargee_ne_rend_pas_une_piece_muette(monkeypatch: pytest.MonkeyPatch) -> None:
    def attendre(*_: Any) -> None:
        raise TimeoutError

    piece = recue(fichiers.pdf_de_textes("Sciatalgie"))
    with monkeypatch.context() as lente:
        lente.setattr(copie, "textes", attendre)
        assert pages.textes(piece) == []
    assert not TextesDePiece.objects.exists()
    assert pages.textes(piece) == ["Sciatalgie"]


def test_chercher_rend_la_page_et_dit_ce_qui_est_muet() -> None:
    parlante = document(recue(fichiers.pdf_de_textes("Rien ici", "Une névralgie tenace")))
    muette = document(recue(fichiers.pdf()))
    assert rechercher([parlante, muette], "nevralgie").attendus == 2, "rien n'est lu pendant la recherche même"
    preparer([parlante, muette])
    faite = rechercher([parlante, muette], "nevralgie")
    assert [(un.document, un.page, un.passage.mots) for un in faite.trouves] == [(parlante, 2, "névralgie")]
    assert faite.muets == [muette]
    assert (faite.attendus, faite.coupee) == (0, False)


def test_une_recherche_ne_lit_que_quelques_pieces_neuves(monkeypatch: pytest.MonkeyPatch, demandees: list[int]) -> None:
    piece = recue(fichiers.pdf_de_textes("Névralgie"))
    autres = [
        Piece.objects.create(
            dossier=piece.dossier, demande=piece.demande, nature="n", titre=f"T{rang}", versee_par=piece.versee_par,
            versee_le=piece.versee_le, fichier=piece.fichier.name, verification=Piece.Verification.RECUE,
        )
        for rang in range(LECTURES_MAX)
    ]  # fmt: skip
    demandees.clear()
    liste = [document(une) for une in [*autres, piece]]
    preparer(liste)
    faite = rechercher(liste, "névralgie")
    assert (len(faite.trouves), faite.attendus, demandees) == (LECTURES_MAX, 1, [1])
    preparer(liste)
    assert rechercher(liste, "névralgie").attendus == 0


def test_une_recherche_trop_large_se_coupe_et_le_dit() -> None:
    piece = recue(fichiers.pdf())
    TextesDePiece.objects.create(piece=piece, pages_json='["douleur"' + ', "douleur"' * TROUVES_MAX + "]")
    faite = rechercher([document(piece)], "douleur")
    assert (len(faite.trouves), faite.coupee) == (TROUVES_MAX, True)
