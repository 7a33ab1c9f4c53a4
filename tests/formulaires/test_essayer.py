"""Essayer un emploi, ou faire du bénévolat, ne compte jamais contre la personne : aucune règle ne le lit."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from formulaires import coherence
from formulaires.models import Brouillon
from formulaires.sr2105.textes import EMPLOIS
from tests.fabriques import SR2105, Scene

PROJET = Path(__file__).parents[2]
# Ce qui juge, trie ou empêche; les écrans et les lettres, eux, montrent ce que la personne a écrit.
JUGENT = (
    "formulaires/coherence.py",
    "formulaires/jugements.py",
    "formulaires/regles.py",
    "formulaires/actes/completude.py",
    "decisions/regles.py",
    "decisions/triage.py",
    "decisions/actes/triage.py",
    "decisions/actes/signature.py",
    "evaluation/actes.py",
    "revision/regles.py",
)
MOTS = ("emplois", "benevolat", "bénévolat", "stage", "situation")


def _est_liste_de_champs(noeud: ast.stmt) -> bool:
    return isinstance(noeud, ast.Assign) and ast.unparse(noeud.targets[0]).startswith("CHAMPS_")


def test_aucune_contradiction_ne_porte_sur_ce_qui_est_essaye() -> None:
    assert not {champ for regle in coherence.REGLES for champ in regle.champs} & set(MOTS)


@pytest.mark.parametrize("chemin", JUGENT)
def test_rien_de_ce_qui_juge_ne_lit_les_emplois_essayes(chemin: str) -> None:
    arbre = ast.parse((PROJET / chemin).read_text())
    # La liste des champs d'un formulaire les nomme tous, sans en juger aucun.
    arbre.body = [noeud for noeud in arbre.body if not _est_liste_de_champs(noeud)]
    lus = {noeud.value for noeud in ast.walk(arbre) if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str)}
    assert not lus & set(MOTS)


def test_la_question_le_dit_dans_les_deux_langues() -> None:
    assert "ne compte jamais contre vous" in EMPLOIS.aide("fr")
    assert "never counts against you" in EMPLOIS.aide("en")


@pytest.mark.django_db
@pytest.mark.parametrize("emplois", ["", "Bénévole le mardi; trois essais d'emploi en 2025"])
def test_un_dossier_se_complete_pareil_qu_on_ait_essaye_ou_non(emplois: str) -> None:
    scene = Scene().deposee()
    scene.joue("clinicien", "signer_sr2100", diagnostics=[{"libelle": "Discopathie", "principal": True}],
               limitations=[{"domaine": "bouger", "niveau": "grave"}], duree={"type": "permanente"},
               contrainte="severe")  # fmt: skip
    scene.joue("prestataire", "deposer_sr2105", **{**SR2105, "emplois": emplois})
    scene.joue("agent", "declarer_complet")
    assert scene.demande.etat == "complete"
    assert not Brouillon.objects.exists()
