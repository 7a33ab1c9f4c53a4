"""Où l'âge a pesé, la décision dit comment : ce qui se fige à la signature, et la phrase de la lettre.

L'âge ne trie, ne colore et ne préremplit rien; il ne paraît que lorsqu'une personne, ou un critère écrit, l'a pesé.
Source : étude SOM (l'âge dans l'évaluation); manuel, sujet 42476 pour un critère d'âge de la liste.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decisions.models import Decision
from dossiers import phrases as communes
from dossiers.etats import Voie
from dossiers.phrases import choisir
from referentiels import lecture as referentiels

A_PESE = (
    "Votre âge a compté dans notre réponse.",
    "Your age counted in our answer.",
)
SANS_DIRE_COMMENT = ("Appelez-nous : nous vous dirons comment.", "Call us: we will tell you how.")


def contenu(decision: Decision, projet: Mapping[str, Any]) -> dict[str, Any]:
    """`{"pese": True, "phrases": […]}`, ou `{"pese": True, "ans": 40}` si un critère l'a fixé; vide sinon.

    `projet` : le contenu figé du projet de décision, où la concertation a mis ce que les avis disent de l'âge.
    """
    if decision.voie != Voie.EVIDENTE:
        dit: dict[str, Any] = projet.get("age") or {}
        return dict(dit)
    code = decision.projet.diagnostic_evident if decision.projet is not None else ""
    ligne = referentiels.diagnostic_evident(code, decision.demande.jour_depot) if code else None
    ans = ligne.criteres.get("age_min") if ligne is not None else None
    return {"pese": True, "ans": ans} if ans else {}


def dire(contenu: Mapping[str, Any], anglais: bool) -> dict[str, Any]:
    """Les mots de la lettre : `phrase` (vide si l'âge n'a pas pesé) et `libres`, ce que les évaluateurs ont écrit.

    Un refus reconduit ne pèse rien de neuf : il redit ce que disait le refus qu'il reconduit.
    """
    age = contenu.get("age") or (contenu.get("precedente") or {}).get("age") or {}
    if not age.get("pese"):
        return {"phrase": "", "libres": []}
    if age.get("ans"):
        suite = (f"La règle suivie vaut à partir de {age['ans']} ans.", f"The rule used applies from age {age['ans']}.")
        return {"phrase": _phrase(suite, anglais), "libres": []}
    libres = [communes.abreger(texte) for texte in age.get("phrases", []) if texte.strip()]
    return {"phrase": choisir(A_PESE, anglais) if libres else _phrase(SANS_DIRE_COMMENT, anglais), "libres": libres}


def _phrase(suite: tuple[str, str], anglais: bool) -> str:
    return f"{choisir(A_PESE, anglais)} {choisir(suite, anglais)}"
