"""La date d'effet d'une décision : lue par les actes et par les formulaires, selon la même règle datée.

Une décision signée ne se modifie plus : la faute de frappe dans l'année s'arrête avant.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from comptes.models import Compte
from decisions import effet_calcul, regles
from decisions.effet_calcul import Proposition, RegleLue
from decisions.models import DateEffet, Decision
from dossiers import verification as verifier
from dossiers.models import Demande
from formulaires.lecture import dernier_rapport
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

TROP_ELOIGNEE = "Vérifiez l'année : cette date d'effet est trop éloignée."


def _lue(code: str, le: date) -> RegleLue:
    ligne = referentiels.ligne_regle(code, le)
    return RegleLue(code, ligne.valeur, ligne.source, ligne.certitude)


def proposition(demande: Demande, jour: date) -> Proposition:
    """La date proposée pour cette demande, avec son calcul, aux règles en vigueur le jour de la demande."""
    depot = demande.jour_depot
    rapport = dernier_rapport(demande)
    recu = horloge.jour_civil(rapport.recu_le) if rapport is not None else None
    return effet_calcul.proposer(
        depot, jour, _lue("date_effet_proposee", depot), _lue("retroactivite_renseignement_max_jours", depot), recu
    )


def consigner(decision: Decision, par: Compte, le: datetime, *, origine: str = "") -> DateEffet | None:
    """Ajoute à l'histoire la date d'effet que porte la décision; rien si elle n'en porte pas, ou si rien n'a changé.

    `origine` vide : proposée si c'est celle de la règle, choisie sinon.
    """
    if decision.date_effet is None:
        return None
    jour = horloge.jour_civil(le)
    derniere = decision.dates_effet.order_by("-pk").first()
    if derniere and (derniere.date, derniere.justification) == (decision.date_effet, decision.justification_date):
        return None
    proposee = proposition(decision.demande, jour)
    suivie = DateEffet.Origine.PROPOSEE if decision.date_effet == proposee.date else DateEffet.Origine.CHOISIE
    return DateEffet.objects.create(
        decision=decision,
        date=decision.date_effet,
        justification=decision.justification_date,
        origine=origine or suivie,
        calcul=effet_calcul.retenue(proposee, decision.date_effet, jour),
        par=par,
        le=le,
    )


def consigner_en_revision(demande: Demande, date_effet: date | None, par: Compte, le: datetime) -> None:
    """Ajoute la date que fixe une décision en révision qui vient d'être scellée; elle se lit après sa lettre."""
    decision = Decision.objects.filter(demande=demande, scellee_le__isnull=False).first()
    if decision is None or date_effet is None:
        return
    DateEffet.objects.create(
        decision=decision,
        date=date_effet,
        justification="Fixée par la décision en révision.",
        origine=DateEffet.Origine.REVISION,
        par=par,
        le=le,
    )


def histoire(decision: Decision) -> list[DateEffet]:
    """Les dates retenues pour cette demande, dans l'ordre, celles d'un tour rouvert comprises.

    Celle d'une révision attend que la personne l'ait apprise.
    """
    lues = DateEffet.objects.filter(decision__demande=decision.demande_id)
    lues = lues.select_related("par", "decision__demande").order_by("pk")
    if decision.demande.revision_emise_le is None:
        lues = lues.exclude(origine=DateEffet.Origine.REVISION)
    return list(lues)


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
