"""Règles pures de la décision : issue permise par la voie, occasion valable, refus reconductible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.etats import Voie
from referentiels.droit import BORNES, CAS, regle_de_droit
from referentiels.regles import plus_mois

# Ces motifs disent la voie elle-même : ailleurs, ils seraient faux. Aucun ne se déduit.
MOTIFS_D_UNE_VOIE = frozenset({"diagnostic_evident", "situation_inchangee"})
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


def severe_non_permanente(issue: str, reponses: Mapping[str, str]) -> bool:
    """Vrai d'un refus où les limitations et le profil ont « oui », et la seule durée « non ».

    Ne change rien à la décision : c'est le compte que le Ministère n'a pas. Source : étude SOM, obstacle 25.
    """
    return issue == "non_reconnue" and (
        reponses.get("atteinte"),
        reponses.get("duree"),
        reponses.get("socioprofessionnel"),
    ) == ("oui", "non", "oui")


@dataclass(frozen=True)
class FaitOccasion:
    """Une occasion offerte : répondue ou non, sa fin, le jour où sa lettre a été émise."""

    repondue: bool
    jusqu_au: date
    lettre_emise_le: date | None


@regle_de_droit(
    "occasion_de_completer",
    "Occasion de compléter avant un refus",
    source="Loi sur la justice administrative (J-3), art. 6",
)
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


@regle_de_droit(
    "refus_reconduit",
    "Un refus se reconduit si rien n'a changé",
    source="Manuel, sujet 42509",
    exige=(CAS,),
)
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


@regle_de_droit(
    "contrainte_temporaire",
    "Contrainte temporaire demandée telle par le rapport",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 53; manuel, sujet 42477",
    regles=("contrainte_temporaire_min_mois", "duree_severe_mois"),
)
def temporaire_permise(contrainte: str, mois: int | None, mois_severe: int) -> bool:
    """Vrai si le rapport dit `temporaire` avec une durée en mois sous le seuil daté."""
    return contrainte == "temporaire" and mois is not None and mois < mois_severe


def taq_maintient(issue: str) -> bool:
    """Vrai si l'issue consignée, en texte libre, dit sans ambiguïté que la décision tient."""
    return issue.strip().casefold() in ISSUES_DU_TAQ_QUI_MAINTIENNENT


@dataclass(frozen=True)
class Periode:
    """Premier et dernier jour d'une contrainte temporaire, tous deux compris."""

    debut: date
    fin: date


@dataclass(frozen=True)
class FaitDecision:
    """Une décision scellée, telle que la lit la suite des contraintes temporaires.

    `mois` : ceux d'une contrainte temporaire en vigueur; None pour toute autre décision.
    """

    mois: int | None
    scellee: date
    deposee: date


@regle_de_droit(
    "periode_temporaire",
    "Premier et dernier jour d'une contrainte temporaire",
    source="Étude SOM, obstacle 9; jour de départ à confirmer",
    regles=("temporaire_avis_jours",),
    exige=(*BORNES, CAS),
)
def periode_temporaire(mois: int, scellee: date, deposee: date, precedente: date | None, avis_jours: int) -> Periode:
    """Période d'une contrainte temporaire de `mois` mois civils (au moins 1).

    Elle commence le jour de la signature. Si la demande a été déposée dans les `avis_jours` derniers jours de la
    contrainte d'avant (`precedente` : son dernier jour), elle la suit dès le lendemain, sans jour vide. Un quantième
    qui n'existe pas au mois d'arrivée donne la fin de ce mois : 31 janvier et 1 mois, jusqu'au 28 février compris.
    Source : étude SOM, obstacle 9; jour de départ à confirmer (`docs/a-verifier.md`).
    """
    debut = scellee
    if precedente is not None and precedente - timedelta(days=avis_jours) <= deposee <= precedente:
        debut = precedente + timedelta(days=1)
    terme = plus_mois(debut, mois)
    return Periode(debut, terme if terme.day < debut.day else terme - timedelta(days=1))


def periodes_temporaires(decisions: Iterable[FaitDecision], avis_jours: int) -> list[Periode | None]:
    """Période de chaque décision, dans l'ordre des demandes; None pour une décision qui n'en accorde pas."""
    periodes: list[Periode | None] = []
    precedente: date | None = None
    for une in decisions:
        periode = None
        if une.mois is not None:
            periode = periode_temporaire(une.mois, une.scellee, une.deposee, precedente, avis_jours)
        periodes.append(periode)
        precedente = periode.fin if periode is not None else None
    return periodes


def temporaires_de_suite(decisions: Iterable[FaitDecision]) -> int:
    """Combien de contraintes temporaires, en remontant depuis la dernière décision, sans autre issue entre elles."""
    nombre = 0
    for une in decisions:
        nombre = nombre + 1 if une.mois is not None else 0
    return nombre
