"""Les textes que la personne lit restent courts et simples."""

from __future__ import annotations

import re
from typing import Any

import pytest

from referentiels.semence import CONTENU

CHAMPS = {
    "Motif": ("texte_lettre",),
    "ElementManquant": ("quoi", "pourquoi"),
    "ObjetConsentement": ("texte", "effet_retrait"),
    "PorteeMandat": ("description",),
}
TEXTES = [
    pytest.param(ligne[champ], id=f"{ligne['code']}-{champ}")
    for nom, champs in CHAMPS.items()
    for ligne in CONTENU[nom]
    for champ in champs
]


def longueurs(texte: str) -> list[int]:
    """Nombre de mots de chaque phrase."""
    phrases = [p for p in re.split(r"[.!?]\s*", texte) if p.strip()]
    return [len(re.findall(r"[\wÀ-ÿ]+", phrase)) for phrase in phrases]


@pytest.mark.parametrize("texte", TEXTES)
def test_phrases_courtes(texte: str) -> None:
    """Aucune phrase de plus de 22 mots."""
    assert max(longueurs(texte)) <= 22


@pytest.mark.parametrize("nom", CHAMPS)
def test_moyenne_par_liste(nom: str) -> None:
    """Douze mots la phrase au plus, en moyenne."""
    mots = [n for ligne in CONTENU[nom] for champ in CHAMPS[nom] for n in longueurs(ligne[champ])]
    assert sum(mots) / len(mots) <= 12


@pytest.mark.parametrize("texte", TEXTES)
def test_vos_limitations_et_pas_de_code(texte: str) -> None:
    """« Limitations », jamais « limites »; ni code, ni sigle nu."""
    assert "limites" not in texte.lower()
    assert not re.search(r"\b[a-z]+(_[a-z0-9]+)+\b|\b[A-Z]{3,}\b", texte)


@pytest.mark.parametrize("nom", ["Motif", "ElementManquant", "ObjetConsentement", "PorteeMandat"])
def test_tout_est_traduit(nom: str) -> None:
    """Chaque texte a son anglais."""
    for ligne in CONTENU[nom]:
        vides = [cle for cle in ligne if cle.endswith("_en") and not ligne[cle]]
        assert not vides, ligne["code"]
        assert all(f"{champ}_en" in ligne for champ in CHAMPS[nom])


def test_chaque_ligne_dit_sa_source_et_sa_certitude() -> None:
    """Aucune valeur sans source."""
    lignes: list[dict[str, Any]] = [ligne for lot in CONTENU.values() for ligne in lot]
    assert len(lignes) > 100
    assert all(ligne["source"] and ligne["certitude"] for ligne in lignes)
    assert all(len({ligne["code"] for ligne in lot}) == len(lot) for lot in CONTENU.values())


@pytest.mark.parametrize("ligne", CONTENU["ElementManquant"], ids=lambda ligne: ligne["code"])
def test_ce_que_la_clinique_lit_ne_dit_pas_vous(ligne: dict[str, Any]) -> None:
    """La clinique lit aussi la raison et l'exemple : « vos limitations » y serait les siennes."""
    lu = f"{ligne['libelle']} {ligne['pourquoi']} {ligne['exemple']}".lower()
    assert not re.search(r"\b(vous|votre|vos)\b", lu)
