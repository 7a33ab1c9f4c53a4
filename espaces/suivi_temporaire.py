"""La fin d'une contrainte temporaire, dite à la personne en mots simples, en français ou en anglais.

Aucun délai n'y est un reproche, et rien n'y promet la décision. Source : étude SOM, obstacle 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from decisions import temporaires
from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import Demande, Dossier
from socle import horloge
from socle.dates_en_mots import date_moyenne

Paire = tuple[str, str]
TITRE: Paire = ("Votre contrainte temporaire", "Your temporary constraint")
EVALUATION: Paire = (
    (
        "Plusieurs contraintes temporaires se suivent. Si votre santé vous limite pour longtemps, "
        "vous pouvez demander une évaluation des contraintes sévères. Rien ne vous y oblige."
    ),
    (
        "You have had several temporary constraints in a row. If your health limits you for a long time, "
        "you can ask for an assessment of severe constraints. You do not have to."
    ),
)


@dataclass(frozen=True)
class Carte:
    """Ce que la personne lit : `textes` en phrases, `appel` vrai si appeler aide, `evaluation` à proposer."""

    titre: str
    textes: list[str]
    appel: bool
    evaluation: str


def _jusqu_au(fin: date) -> Paire:
    with translation.override("en"):
        anglais = date_format(fin, "F j, Y")
    if fin < horloge.aujourd_hui():
        return (
            f"Votre contrainte temporaire était prévue jusqu'au {date_moyenne(fin)}.",
            f"Your temporary constraint was planned until {anglais}.",
        )
    return f"Votre contrainte temporaire va jusqu'au {date_moyenne(fin)}.", f"It lasts until {anglais}."


ATTEND: Paire = (
    "Nous avons demandé à votre clinique si elle est toujours valable. Vous n'avez rien à faire.",
    "We asked your clinic if it is still valid. You have nothing to do.",
)
ATTEND_PASSEE: Paire = (
    "Votre clinique n'a pas encore répondu. Appelez-nous : nous regarderons avec vous.",
    "Your clinic has not answered yet. Call us: we will look at it with you.",
)
SANS_CLINIQUE: Paire = (
    (
        "Nous ne pouvons pas joindre votre clinique en ce moment. Appelez-nous : nous chercherons avec vous "
        "qui peut dire si elle est toujours valable."
    ),
    "We cannot reach your clinic right now. Call us: together we will find who can say if it is still valid.",
)
RAPPORT_RECU: Paire = (
    "Votre clinique a envoyé un nouveau rapport. Nous le lisons, puis nous vous appelons.",
    "Your clinic sent a new report. We are reading it, then we will call you.",
)
NON_CONFIRMEE: Paire = (
    (
        "Votre clinique n'a pas confirmé qu'elle est toujours valable. Votre dossier reste ouvert. "
        "Un agent vous appellera. Vous pouvez aussi nous appeler."
    ),
    (
        "Your clinic did not confirm that it is still valid. Your file stays open. An agent will call you. "
        "You can also call us."
    ),
)
CONFIRMEE: Paire = (
    "Votre clinique a dit qu'elle est toujours valable. Nous étudions la suite. Vous n'avez rien à faire.",
    "Your clinic said that it is still valid. We are studying what comes next. You have nothing to do.",
)
SANS_JOUR_VIDE: Paire = (
    "Si elle est renouvelée, la suite commence le lendemain. Vous pouvez retirer cette demande en tout temps.",
    "If it is renewed, it continues the next day. You can withdraw this request at any time.",
)


def _etat(propose: Any, demande: Demande) -> tuple[list[Paire], bool] | None:
    """Ce qui est à dire maintenant, et si un appel aide; None si une autre demande a pris la suite."""
    if propose.demande_id is not None:
        if propose.demande_id != demande.pk or demande.etat not in AVANT_DECISION:
            return None
        a_temps = demande.jour_depot <= propose.fin
        return [CONFIRMEE, SANS_JOUR_VIDE] if a_temps else [CONFIRMEE], False
    if propose.decision.demande_id != demande.pk:
        return None
    if propose.reponse:
        return [NON_CONFIRMEE], True
    if propose.nouveau_rapport:
        return [RAPPORT_RECU], False
    if propose.clinicien_id is None or not propose.joignable:
        return [SANS_CLINIQUE], True
    return ([ATTEND_PASSEE], True) if propose.fin < horloge.aujourd_hui() else ([ATTEND], False)


def carte(dossier: Dossier, demande: Demande | None) -> Carte | None:
    """La carte de la contrainte temporaire, si sa fin approche ou que sa suite est à l'étude."""
    if demande is None or (demande.rang == 1 and demande.etat in AVANT_DECISION) or demande.etat == Etat.RECONNUES:
        return None
    propose = temporaires.du_dossier(dossier)
    dit = _etat(propose, demande) if propose is not None else None
    if propose is None or dit is None:
        return None
    anglais = (translation.get_language() or "").startswith("en")
    paires, appel = dit
    return Carte(
        TITRE[anglais],
        [une[anglais] for une in (_jusqu_au(propose.fin), *paires)],
        appel,
        EVALUATION[anglais] if temporaires.a_evaluer(dossier, demande) else "",
    )
