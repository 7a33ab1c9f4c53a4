"""D'une révision figée aux phrases de sa lettre, question par question. Pur.

Source : `ecrans-et-lettres.md` C6; Loi sur l'aide aux personnes et aux familles, art. 70.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from decisions import phrases
from dossiers.phrases import choisir

MEME = ("Notre réponse est la même.", "Our answer is the same.")
AUTRE = ("Notre réponse est différente.", "Our answer is different.")


def fondement(decision: Mapping[str, Any]) -> Mapping[str, Any]:
    """La décision qui a répondu aux questions : elle-même, ou celle qu'elle a reconduite."""
    precedente: Mapping[str, Any] = decision.get("precedente") or {}
    return precedente if precedente.get("questions") and not decision.get("questions") else decision


def _premieres(decision: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {figee["question"]: figee for figee in fondement(decision).get("questions", [])}


def changees(conclues: Iterable[Mapping[str, Any]], decision: Mapping[str, Any]) -> set[str]:
    """Les questions où les réviseurs ne répondent pas comme la première décision."""
    premieres = _premieres(decision)
    return {
        conclue["question"]
        for conclue in conclues
        if conclue["question"] in premieres and premieres[conclue["question"]]["reponse"] != conclue["reponse"]
    }


def questions(
    conclues: Iterable[Mapping[str, Any]], decision: Mapping[str, Any], posees: Mapping[str, str], anglais: bool
) -> list[dict[str, Any]]:
    """Pour chaque question : la première réponse et ses raisons, puis la conclusion des réviseurs et les leurs.

    Une réponse qui change ne reprend aucun motif de la première décision. Une réponse maintenue en reprend le
    motif signé et, si les réviseurs n'ont rien écrit, les raisons : elles se redisent en entier.
    """
    conclues = list(conclues)
    premieres, motifs = _premieres(decision), list(fondement(decision).get("motifs", []))
    autres = changees(conclues, decision)
    lignes = []
    for conclue in conclues:
        figee = premieres.get(conclue["question"])
        change = conclue["question"] in autres
        reprise = figee is not None and not change
        raisons = conclue["raisons"] or (figee["raisons"] if figee and reprise else [])
        [dite] = phrases.questions([{**conclue, "raisons": raisons}], motifs if reprise else [], posees, anglais)
        avant = phrases.questions([figee], motifs, posees, anglais)[0] if figee else None
        comparee = choisir(AUTRE if change else MEME, anglais) if figee else ""
        lignes.append({**dite, "premiere": avant, "change": change, "comparee": comparee})
    return lignes


def raisons(conclues: Iterable[Mapping[str, Any]], decision: Mapping[str, Any], anglais: bool) -> list[str]:
    """Les motifs signés qu'aucune question ne porte et que les réviseurs n'ont pas contredits."""
    autres = changees(conclues, decision)
    dites = []
    for contenu in (decision, decision.get("precedente") or {}):
        tenus = [motif for motif in contenu.get("motifs", []) if motif.get("question", "") not in autres]
        dites += phrases.motifs_a_dire({**contenu, "motifs": tenus}, anglais)
    return dites
