"""Un avis signé, en mots : ses trois réponses, sa grille telle qu'elle était, et ses versions d'avant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluation import documents, regles
from evaluation import grille as grilles
from evaluation.citations import lire as lire_ancrages
from evaluation.citations import par_question
from evaluation.models import Avis
from evaluation.views.commun import REPONSES

ACCORDS = {True: "D'accord", False: "Dissidence"}


def avis_en_clair(
    avis: Avis, libelles: dict[str, str], anciennes: Sequence[Avis] = (), page: str = ""
) -> dict[str, Any]:
    """Un avis signé, en mots; `anciennes` : ses versions d'avant, chacune avec la définition qu'elle suivait.

    `page` : l'écran qui rouvre ses citations, pour qui peut l'ouvrir.
    """
    raisons = avis.raisons
    ancrees = par_question(lire_ancrages(avis.citations), page)
    return {
        "avis": avis,
        "reponses": [
            {
                "question": libelles[question],
                "reponse": REPONSES.get(avis.questions.get(question, ""), "Sans réponse"),
                "raison": raisons.get(question, ""),
                "citations": ancrees[question],
            }
            for question in regles.QUESTIONS
        ],
        "citations": documents.titres_cites(avis.pieces_citees),
        "ancrees": ancrees[""],
        "volets": grilles.en_mots(avis.grille),
        "anciennes": [avis_en_clair(une, libelles, page=page) for une in reversed(anciennes)],
    }


def versions_en_clair(
    versions: Sequence[Sequence[Avis]], libelles: dict[str, str], page: str = ""
) -> list[dict[str, Any]]:
    """Le dernier avis de chaque personne, avec ses versions d'avant."""
    return [avis_en_clair(siennes[-1], libelles, siennes[:-1], page) for siennes in versions]


def accords_en_mots(par_question: dict[str, dict[str, Any]], libelles: dict[str, str]) -> list[str]:
    """Ce qu'une concertation a gardé question par question : « … : dissidence. … »."""
    return [
        f"{libelles[question]} {ACCORDS[bool(dit['accord'])]}."
        + (f" {dit['commentaire']}" if dit["commentaire"] else "")
        for question, dit in par_question.items()
        if question in libelles
    ]
