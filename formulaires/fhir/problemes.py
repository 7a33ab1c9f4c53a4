"""Ce qui ne va pas dans une ressource reçue, et l'`OperationOutcome` qui le dit champ par champ.

Source : FHIR R4 (4.0.1), OperationOutcome : `issue.expression` est un FHIRPath simple (noms et rangs).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from formulaires.fhir.textes import systeme
from socle.refus import Refus

RACINE = "QuestionnaireResponse"
# Refus d'un acte : sa sorte dans la liste IssueType de FHIR.
SORTE_DU_REFUS = {
    "acces_refuse": "forbidden",
    "mandat_inactif": "forbidden",
    "portee_insuffisante": "forbidden",
    "consentement_absent": "forbidden",
    "signataire_non_autorise": "forbidden",
    "etat_interdit": "conflict",
    "champ_manquant": "required",
}


@dataclass(frozen=True)
class Probleme:
    """Un constat : sa sorte (`IssueType`), sa phrase, où il est, et le code de refus de la maison s'il en a un."""

    sorte: str
    dit: str
    chemin: str = RACINE
    refus: str = ""
    gravite: str = "error"


class ReponseRefusee(Exception):
    """La ressource ne peut pas devenir un brouillon; rien n'a été écrit."""

    def __init__(self, problemes: Iterable[Probleme]) -> None:
        self.problemes = list(problemes)
        super().__init__("; ".join(probleme.dit for probleme in self.problemes))


def depuis_refus(refus: Refus, chemin: str = RACINE) -> Probleme:
    """Le constat d'un refus de la maison."""
    return Probleme(SORTE_DU_REFUS.get(refus.code, "business-rule"), refus.message, chemin, refus.code)


def operation_outcome(problemes: Iterable[Probleme]) -> dict[str, Any]:
    """L'`OperationOutcome` de ces constats, validé par la bibliothèque."""
    from fhir.resources.R4B.operationoutcome import OperationOutcome

    brut = {
        "resourceType": "OperationOutcome",
        "issue": [_issue(probleme) for probleme in problemes],
    }
    valide: dict[str, Any] = json.loads(OperationOutcome.model_validate(brut).model_dump_json())
    return valide


def _issue(probleme: Probleme) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "severity": probleme.gravite,
        "code": probleme.sorte,
        "diagnostics": probleme.dit,
        "expression": [probleme.chemin],
    }
    if probleme.refus:
        issue["details"] = {"coding": [{"system": systeme("refus"), "code": probleme.refus}]}
    return issue


def chemin_de(lieu: Iterable[str | int], racine: str = RACINE) -> str:
    """FHIRPath d'un lieu de la ressource : `("item", 0, "answer", 0, "valueString")` → `….item[0].answer[0].value`."""
    chemin = racine
    for pas in lieu:
        if isinstance(pas, int):
            chemin += f"[{pas}]"
        else:
            chemin += ".value" if pas.startswith("value") and pas != "value" else f".{pas}"
    return chemin
