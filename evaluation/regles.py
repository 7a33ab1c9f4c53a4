"""Règles pures de l'évaluation : les trois questions de la loi, la réponse commune, la dissidence.

Source : Loi sur l'aide aux personnes et aux familles, art. 70.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

QUESTIONS = ("atteinte", "duree", "socioprofessionnel")
REPONSES = ("oui", "non", "inconnu")


def questions_sans_reponse(questions: Any) -> list[str]:
    """Questions de la loi restées sans réponse, dans leur ordre."""
    if not isinstance(questions, Mapping):
        return list(QUESTIONS)
    return [question for question in QUESTIONS if questions.get(question) in (None, "")]


@dataclass(frozen=True)
class AvisLu:
    """Ce que la concertation lit d'un avis."""

    auteur: str
    metier: str
    tiers: bool
    questions: Mapping[str, str]
    texte: str
    pieces_citees: tuple[str, ...]
    recommandation: str


def reponses_par_question(avis: Iterable[AvisLu]) -> list[dict[str, Any]]:
    """Pour chaque question, la réponse commune (ou `inconnu` s'ils divergent) et celle de chacun.

    Le tiers avis l'emporte sur les deux premiers quand il existe.
    """
    liste = list(avis)
    tiers = [lu for lu in liste if lu.tiers]
    lignes = []
    for question in QUESTIONS:
        voix = {lu.questions.get(question, "inconnu") for lu in (tiers or liste)}
        lignes.append(
            {
                "question": question,
                "reponse": voix.pop() if len(voix) == 1 else "inconnu",
                "avis": [
                    {"metier": lu.metier, "tiers": lu.tiers, "reponse": lu.questions.get(question, "inconnu")}
                    for lu in liste
                ],
            }
        )
    return lignes


def dissidents(avis: Iterable[AvisLu]) -> list[str]:
    """Métiers dont la recommandation diffère de celle du tiers; vide sans tiers avis."""
    liste = list(avis)
    tiers = next((lu for lu in liste if lu.tiers), None)
    if tiers is None:
        return []
    return [lu.metier for lu in liste if not lu.tiers and lu.recommandation != tiers.recommandation]
