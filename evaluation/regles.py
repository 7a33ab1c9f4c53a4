"""Règles pures de l'évaluation : les trois questions de la loi, la réponse commune, la dissidence.

Source : Loi sur l'aide aux personnes et aux familles, art. 70.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from referentiels.droit import CAS, regle_de_droit

QUESTIONS = ("atteinte", "duree", "socioprofessionnel")
REPONSES = ("oui", "non", "inconnu")


@regle_de_droit(
    "trois_questions",
    "Chaque question de la loi a sa réponse",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 70",
    exige=(CAS,),
)
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
    raisons: Mapping[str, str] = field(default_factory=dict)
    grille: Mapping[str, Any] = field(default_factory=dict)


def reponses_par_question(avis: Iterable[AvisLu]) -> list[dict[str, Any]]:
    """Pour chaque question, la réponse commune (ou `inconnu` s'ils divergent) et celle de chacun.

    Le tiers avis l'emporte sur les deux premiers quand il existe. `raisons` : ce que la lettre dira,
    pris chez ceux dont la réponse est la réponse retenue.
    """
    liste = list(avis)
    tiers = [lu for lu in liste if lu.tiers]
    lignes = []
    for question in QUESTIONS:
        voix = {lu.questions.get(question, "inconnu") for lu in (tiers or liste)}
        retenue = voix.pop() if len(voix) == 1 else "inconnu"
        lignes.append(
            {
                "question": question,
                "reponse": retenue,
                "raisons": _raisons(tiers or liste, question, retenue),
                "avis": [
                    {"metier": lu.metier, "tiers": lu.tiers, "reponse": lu.questions.get(question, "inconnu")}
                    for lu in liste
                ],
            }
        )
    return lignes


def _raisons(avis: Iterable[AvisLu], question: str, reponse: str) -> list[str]:
    """Raisons de ceux qui ont donné cette réponse, chacune une fois, dans l'ordre des avis."""
    donnees = (lu.raisons.get(question, "") for lu in avis if lu.questions.get(question) == reponse)
    return [raison for raison in dict.fromkeys(donnees) if raison]


def assembler(libelles: Mapping[str, str], raisons: Mapping[str, str], texte: str) -> str:
    """Le texte de l'avis : la raison de chaque question sous son libellé, puis le texte d'ensemble."""
    parties = [f"{libelles[q]}\n{raisons[q]}" for q in QUESTIONS if raisons.get(q)]
    return "\n\n".join([*parties, texte] if texte else parties)


def dissidents(avis: Iterable[AvisLu]) -> list[str]:
    """Métiers dont la recommandation diffère de celle du tiers; vide sans tiers avis."""
    liste = list(avis)
    tiers = next((lu for lu in liste if lu.tiers), None)
    if tiers is None:
        return []
    return [lu.metier for lu in liste if not lu.tiers and lu.recommandation != tiers.recommandation]


def differences(avis: Iterable[AvisLu], titres: Mapping[str, str], mots: Mapping[str, str]) -> list[str]:
    """Ce qui diffère entre les avis, une phrase par question; vide s'ils concordent."""
    liste = list(avis)
    phrases = []
    for question in QUESTIONS:
        if len({lu.questions.get(question, "inconnu") for lu in liste}) > 1:
            voix = "; ".join(f"{lu.auteur} répond « {mots[lu.questions.get(question, 'inconnu')]} »" for lu in liste)
            phrases.append(f"{titres[question]} : {voix}.")
    return phrases
