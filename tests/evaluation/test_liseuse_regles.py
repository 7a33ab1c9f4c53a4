"""Filtrer les documents, y chercher des mots, retrouver un extrait : les règles, sans base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from evaluation import regles_documents as regles
from evaluation.citations import CLE
from evaluation.regles_documents import Filtre


@dataclass(frozen=True)
class Document:
    """Ce qu'un filtre lit."""

    famille: str
    auteur: str
    jour: date


RAPPORT = Document("sr2100", "Ève Fictif", date(2026, 2, 1))
PIECE = Document("piece", "Alizée Fictif", date(2026, 2, 10))
ECHANGE = Document("echange", "Ève Fictif", date(2026, 3, 1))
TOUS = [ECHANGE, PIECE, RAPPORT]


@pytest.mark.parametrize(
    ("filtre", "retenus"),
    [
        (Filtre(), TOUS),
        (Filtre(genre="rapports"), [RAPPORT]),
        (Filtre(genre="inconnu"), TOUS),
        (Filtre(auteur="Ève Fictif"), [ECHANGE, RAPPORT]),
        (Filtre(depuis=date(2026, 2, 10)), [ECHANGE, PIECE]),
        (Filtre(depuis=date(2026, 2, 11)), [ECHANGE]),
        (Filtre(jusqu_au=date(2026, 2, 10)), [PIECE, RAPPORT]),
        (Filtre(jusqu_au=date(2026, 2, 9)), [RAPPORT]),
        (Filtre(genre="pieces", auteur="Ève Fictif"), []),
    ],
)
def test_un_filtre_retient_dans_l_ordre(filtre: Filtre, retenus: list[Document]) -> None:
    assert regles.filtrer(TOUS, filtre) == retenus
    assert filtre.actif == (filtre != Filtre())


def test_toute_famille_citable_a_son_genre() -> None:
    familles = {famille for _, liste in regles.GENRES.values() for famille in liste}
    for famille in ("sr2100", "sr2105", "substitut", "contribution", "piece", "echange"):
        assert famille in familles
        assert CLE.fullmatch(f"{famille}-12")


def test_les_auteurs_se_rangent_sans_accent_ni_doublon() -> None:
    assert regles.auteurs(TOUS) == ["Alizée Fictif", "Ève Fictif"]


@pytest.mark.parametrize("texte", ["Éléphant", "ça", "œuvre", "İstanbul", "e\u0301", "ﬁn", "’", "", "ß 12"])
def test_plier_garde_la_longueur(texte: str) -> None:
    assert len(regles.plier(texte)) == len(texte)


@pytest.mark.parametrize(
    ("mots", "trouve"),
    [
        ("fatigue", "Fatigue"),
        ("FATIGUÉ", "Fatigue"),
        ("douleur lombaire", "douleur lombaire"),
        ("l'effort", "l’effort"),
        ("effort douleur", "effort"),
        ("hospitalisation", "hospitalisation"),
    ],
)
def test_chercher_ignore_casse_accents_et_coupures(mots: str, trouve: str) -> None:
    texte = "Fatigue à l’effort,  douleur\nlombaire. Une hospi\u0002\ntalisation."
    passage = regles.chercher(texte.replace("\u0002\n", "\u0002"), mots)
    assert passage is not None
    assert passage.mots == trouve


@pytest.mark.parametrize("mots", ["", "a", " a ", "migraine", "fatigue migraine"])
def test_chercher_ne_rend_rien_d_absent_ni_de_trop_court(mots: str) -> None:
    assert regles.chercher("Fatigue à l'effort.", mots) is None


def test_un_passage_dit_ce_qui_l_entoure_et_combien_de_fois() -> None:
    passage = regles.chercher(f"{'avant ' * 40}douleur {'apres ' * 40}douleur", "douleur")
    assert passage is not None
    assert passage.fois == 2
    assert passage.avant.startswith("… ")
    assert passage.apres.endswith(" …")
    assert len(passage.avant) <= regles.AUTOUR + 2
    court = regles.chercher("La douleur dure.", "douleur")
    assert court == regles.Passage("La ", "douleur", " dure.", 1)


def test_un_extrait_se_retrouve_aux_espaces_pres() -> None:
    page = "Marche limitée\r\nà dix minutes."
    assert regles.contient(page, "limitée à dix")
    assert regles.contient(page, "LIMITEEa dix")
    assert not regles.contient(page, "limitée à vingt")


def test_le_debut_se_coupe_entre_deux_mots() -> None:
    assert regles.debut("Un deux  trois", 40) == "Un deux trois"
    assert regles.debut("Un deux trois quatre", 14) == "Un deux…"
    assert len(regles.debut("x" * 500, 140)) == 140
