"""La date d'effet d'une décision : lue par les actes et par les formulaires, selon la même règle datée.

Une décision signée ne se modifie plus : la faute de frappe dans l'année s'arrête avant.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from decisions import regles
from dossiers import verification as verifier
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

TROP_ELOIGNEE = "Vérifiez l'année : cette date d'effet est trop éloignée."


def est_vraisemblable(effet: date, le: date) -> bool:
    """`regles.effet_vraisemblable`, aux limites en vigueur ce jour."""
    passees = int(referentiels.regle("date_effet_passee_max_annees", le))
    a_venir = int(referentiels.regle("date_effet_a_venir_max_annees", le))
    return regles.effet_vraisemblable(effet, le, passees, a_venir)


def lire(valeur: Any, le: date, *, requis: bool) -> date | None:
    """La date d'effet reçue par un acte; lève `champ_manquant` ou `champ_invalide` (illisible, trop éloignée)."""
    effet = verifier.une_date("date_effet", valeur, requis=requis)
    if effet is not None and not est_vraisemblable(effet, le):
        raise Refus("champ_invalide", TROP_ELOIGNEE, champ="date_effet")
    return effet


def valider(effet: date) -> None:
    """La même règle, pour un champ de formulaire."""
    if not est_vraisemblable(effet, horloge.aujourd_hui()):
        raise ValidationError(TROP_ELOIGNEE, "eloignee")
