"""« Ce qui a changé » en mots simples : la première décision et la révision, point par point.

Pour la personne comme pour la qualité; tout vient de lettres émises. Source : `ecrans-et-lettres.md` B5 et B8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from correspondance.models import Lettre
from decisions.lecture import lettre_de
from decisions.lettres import questions_posees
from revision.comparaison import Comparaison, QuestionComparee, comparer
from revision.models import Revision
from socle.dates_en_mots import date_longue

TITRES = {
    "confirmee": "La décision ne change pas",
    "modifiee": "La décision change en partie",
    "infirmee": "La première décision est annulée",
}
ISSUES = {
    "reconnue": "Votre demande est acceptée.",
    "non_reconnue": "Votre demande n'est pas acceptée.",
    "temporaire": "Une contrainte temporaire est reconnue.",
    "modifiee": "Elle change en partie.",
    "annulee": "Elle est annulée.",
}
REPONSES = {"oui": "Oui", "non": "Non", "inconnu": "Nous ne le savons pas"}
CAUSES = {
    "preuve_nouvelle": "Nous avons lu des renseignements nouveaux.",
    "erreur_appreciation": "La première décision n'a pas bien pesé les renseignements.",
    "renseignement_manquant": "Il manquait un renseignement à la première décision.",
}
SANS_DATE = "Aucune"


@dataclass(frozen=True)
class Point:
    """Un point comparé : ce que disait la première décision, ce que dit la révision, et pourquoi."""

    titre: str
    avant: str
    apres: str
    change: bool
    raisons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changement:
    """La page entière, dans la langue de qui la lit. `jours` : jours civils de la demande de révision à sa lettre."""

    titre: str
    points: tuple[Point, ...]
    cause: str
    ce_qui_differe: str
    nouvelles: tuple[tuple[str, str], ...]
    comparaison: Comparaison
    jours: int | None = None


def changement(lettre: Lettre) -> Changement:
    """Ce qui a changé selon cette lettre de révision émise et la lettre de la décision qu'elle révise."""
    revision = Revision.objects.select_related("decision__demande").get(pk=lettre.cause_id)
    premiere = lettre_de(revision.decision)
    compare = comparer(premiere.contenu if premiere is not None else {}, lettre.contenu)
    posees = questions_posees(revision.decision.demande.jour_depot, (get_language() or "fr")[:2])
    jours = (lettre.jour_emission - revision.recue_le).days if lettre.jour_emission else None
    return replace(en_mots(compare, posees), jours=jours)


def en_mots(compare: Comparaison, posees: Mapping[str, str]) -> Changement:
    """La comparaison codée, dite dans la langue courante. `posees` : les trois questions de la loi, en mots."""
    points = [
        Point(
            gettext("La décision"),
            _dit(ISSUES, compare.issue_avant),
            _dit(ISSUES, compare.issue_apres),
            compare.change,
        )
    ]
    if compare.effet_avant or compare.effet_apres:
        avant, apres = _jour(compare.effet_avant), _jour(compare.effet_apres)
        points.append(Point(gettext("La date où elle commence à compter"), avant, apres, avant != apres))
    points += [_question(une, posees) for une in compare.questions]
    return Changement(
        titre=_dit(TITRES, compare.revision),
        points=tuple(points),
        cause=_dit(CAUSES, compare.cause),
        ce_qui_differe=compare.ce_qui_differe,
        nouvelles=tuple((_titre(une), _jour(une.get("date", ""))) for une in compare.nouvelles),
        comparaison=compare,
    )


def _question(une: QuestionComparee, posees: Mapping[str, str]) -> Point:
    sans = gettext("Cette question n'a pas été posée.")
    reprise = gettext("La réponse de la première décision est reprise.") if une.avant else sans
    return Point(
        posees.get(une.code, une.code),
        _dit(REPONSES, une.avant) or sans,
        _dit(REPONSES, une.apres) or reprise,
        une.change,
        une.raisons,
    )


def _dit(mots: Mapping[str, str], code: str) -> str:
    """Le mot d'un code dans la langue courante; vide pour un code vide."""
    return gettext(mots[code]) if code in mots else ""


def _jour(iso: str) -> str:
    return date_longue(date.fromisoformat(iso)) if iso else gettext(SANS_DATE)


def _titre(piece: Mapping[str, Any]) -> str:
    anglais = (get_language() or "").startswith("en")
    return str((piece.get("titre_en") if anglais else "") or piece.get("titre", ""))
