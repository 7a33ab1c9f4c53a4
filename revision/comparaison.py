"""Ce qui a changé entre la première décision et la révision, lu dans ce que leurs lettres ont figé. Pur.

Ne dit rien avant l'émission : l'appelant ne donne que des lettres émises. Codes en sortie, mots ailleurs.
Source : `ecrans-et-lettres.md` B5 et C6; Loi sur l'aide aux personnes et aux familles, art. 70.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.phrases import QUESTIONS
from revision.phrases import changees, fondement

ANNULEE, MODIFIEE = "annulee", "modifiee"


@dataclass(frozen=True)
class QuestionComparee:
    """Une question de la loi : la réponse d'avant et celle d'après, codées; vide si elle n'a pas été posée."""

    code: str
    avant: str
    apres: str
    raisons: tuple[str, ...] = ()

    @property
    def change(self) -> bool:
        """Vrai si les deux réponses existent et diffèrent."""
        return bool(self.avant and self.apres) and self.avant != self.apres


@dataclass(frozen=True)
class Comparaison:
    """Les deux décisions, point par point. Dates en ISO, vides si la décision n'en porte pas."""

    revision: str
    issue_avant: str
    issue_apres: str
    effet_avant: str
    effet_apres: str
    questions: tuple[QuestionComparee, ...]
    motifs_retires: tuple[str, ...]
    motifs_gardes: tuple[str, ...]
    nouvelles: tuple[Mapping[str, Any], ...]
    cause: str
    ce_qui_differe: str

    @property
    def change(self) -> bool:
        """Vrai si la décision elle-même change; des réponses peuvent changer sans elle."""
        return self.revision != "confirmee"


def comparer(premiere: Mapping[str, Any], seconde: Mapping[str, Any]) -> Comparaison:
    """Compare le contenu figé de la lettre de décision à celui de la lettre de révision.

    `premiere` peut être vide (lettre ancienne) : la révision redit alors seule ce que disait la décision. Les pièces
    nouvelles sont celles que la seconde lettre dit lues et que la première ne disait pas.
    """
    redite: Mapping[str, Any] = seconde.get("decision") or {}
    decision = premiere or redite
    revision = str(seconde.get("issue", ""))
    conclues = list(seconde.get("questions", []))
    retires, gardes = _motifs(decision, changees(conclues, decision))
    change = revision != "confirmee"
    effet_avant = str(decision.get("date_effet", ""))
    return Comparaison(
        revision=revision,
        issue_avant=str(decision.get("issue", "")),
        issue_apres=_issue_apres(str(decision.get("issue", "")), revision),
        effet_avant=effet_avant,
        effet_apres=str(seconde.get("date_effet", "")) if change else effet_avant,
        questions=_questions(decision, conclues),
        motifs_retires=retires,
        motifs_gardes=gardes,
        nouvelles=_nouvelles(premiere.get("pieces_lues", []), redite.get("pieces_lues", [])) if premiere else (),
        cause=str(seconde.get("cause", "")) if change else "",
        ce_qui_differe=str(seconde.get("ce_qui_differe", "")) if change else "",
    )


def _issue_apres(avant: str, revision: str) -> str:
    """La décision qui vaut après la révision : un refus infirmé reconnaît; autre chose infirmé est annulé."""
    if revision == "confirmee":
        return avant
    if revision == "modifiee":
        return MODIFIEE
    return "reconnue" if avant == "non_reconnue" else ANNULEE


def _questions(decision: Mapping[str, Any], conclues: Iterable[Mapping[str, Any]]) -> tuple[QuestionComparee, ...]:
    avant = {une["question"]: une["reponse"] for une in fondement(decision).get("questions", [])}
    apres = {une["question"]: une for une in conclues}
    return tuple(
        QuestionComparee(
            code,
            str(avant.get(code, "")),
            str(apres[code]["reponse"]) if code in apres else "",
            tuple(apres[code].get("raisons", ())) if code in apres else (),
        )
        for code in QUESTIONS
        if code in avant or code in apres
    )


def _motifs(decision: Mapping[str, Any], autres: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Les motifs que contredit une réponse changée, puis ceux qui restent; des libellés."""
    motifs = list(fondement(decision).get("motifs", []))
    retires = tuple(motif["libelle"] for motif in motifs if motif.get("question", "") in autres)
    return retires, tuple(motif["libelle"] for motif in motifs if motif.get("question", "") not in autres)


def _nouvelles(avant: Iterable[Mapping[str, Any]], apres: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Les pièces lues après et pas avant; deux pièces de même titre, auteur et date se comptent chacune."""
    deja = [_marque(une) for une in avant]
    trouvees = []
    for une in apres:
        if _marque(une) in deja:
            deja.remove(_marque(une))
        else:
            trouvees.append(une)
    return tuple(trouvees)


def _marque(piece: Mapping[str, Any]) -> tuple[str, str, str]:
    return (piece.get("titre", ""), piece.get("auteur", ""), piece.get("date", ""))
