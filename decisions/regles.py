"""Règles pures de la décision : issue permise par la voie, occasion valable, refus reconductible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dossiers.etats import Voie

ISSUES_DU_TAQ_QUI_MAINTIENNENT = frozenset(
    {"confirmee", "maintenue", "rejetee", "rejete", "desistement", "confirmée", "rejetée", "rejeté"}
)


def issue_permise(voie: str, issue: str) -> bool:
    """Voie évidente : seule `reconnue`; reconduite : seule `non_reconnue`; évaluée : l'une ou l'autre."""
    permises = {
        Voie.EVIDENTE: {"reconnue"},
        Voie.RECONDUITE: {"non_reconnue"},
        Voie.EVALUEE: {"reconnue", "non_reconnue"},
    }
    return issue in permises.get(Voie(voie), set()) if voie else False


def effet_vraisemblable(effet: date, le: date, annees_passees: int, annees_a_venir: int) -> bool:
    """Vrai si l'année de la date d'effet est proche du jour de la signature."""
    return le.year - annees_passees <= effet.year <= le.year + annees_a_venir


@dataclass(frozen=True)
class FaitOccasion:
    """Une occasion offerte : répondue ou non, sa fin, le jour où sa lettre a été émise."""

    repondue: bool
    jusqu_au: date
    lettre_emise_le: date | None


def occasion_valable(occasions: Iterable[FaitOccasion], reponse_apres_transmission: bool, jour: date) -> bool:
    """Vrai si une occasion a été répondue ou est échue, ou si une réponse en tient lieu.

    Une occasion n'est échue que si son dernier jour est passé et que sa lettre a été émise avant lui.
    Source : Loi sur la justice administrative, art. 6.
    """
    if reponse_apres_transmission:
        return True
    return any(
        occasion.repondue
        or (
            jour > occasion.jusqu_au
            and occasion.lettre_emise_le is not None
            and occasion.lettre_emise_le < occasion.jusqu_au
        )
        for occasion in occasions
    )


@dataclass(frozen=True)
class FaitsReconduction:
    """Ce qu'il faut savoir pour reconduire un refus sans réévaluer."""

    refus_en_vigueur: bool
    rapports_identiques: bool
    sr2105_inchange: bool
    diagnostic_evident: bool
    contrainte_temporaire_du_comite: bool
    deterioration: bool


def reconductible(faits: FaitsReconduction) -> bool:
    """Vrai si le refus peut être reconduit; sinon, une évaluation est requise (manuel, sujet 42509)."""
    return (
        faits.refus_en_vigueur
        and faits.rapports_identiques
        and faits.sr2105_inchange
        and not faits.diagnostic_evident
        and not faits.contrainte_temporaire_du_comite
        and not faits.deterioration
    )


def temporaire_permise(contrainte: str, mois: int | None, mois_severe: int) -> bool:
    """Vrai si le rapport dit `temporaire` avec une durée en mois sous le seuil daté."""
    return contrainte == "temporaire" and mois is not None and mois < mois_severe


def taq_maintient(issue: str) -> bool:
    """Vrai si l'issue consignée, en texte libre, dit sans ambiguïté que la décision tient."""
    return issue.strip().casefold() in ISSUES_DU_TAQ_QUI_MAINTIENNENT
