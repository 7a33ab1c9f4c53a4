"""Nouvelle demande ou révision? Ce que les règles disent d'un dossier décidé; la personne choisit. Pur.

Source : `domaine.md` §3.4; manuel, sujet 42509 (détérioration, refus reconduit, dossier « portant à interrogation »);
guide des Premières Nations, article 13, régime voisin (demande déposée pendant une révision).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from referentiels.droit import BORNES, CAS, regle_de_droit


class Voie(StrEnum):
    """Ce que les règles indiquent; jamais une interdiction de l'autre chemin."""

    ATTENDRE = "attendre"
    RECOURS_EN_COURS = "recours_en_cours"
    REVISION = "revision"
    NOUVELLE_DEMANDE = "nouvelle_demande"


class Raison(StrEnum):
    """Un fait qui a compté, dit à l'écran."""

    SANS_DECISION = "sans_decision"
    ATTEND_LE_RECOURS = "attend_le_recours"
    DANS_LE_DELAI = "dans_le_delai"
    HORS_DELAI = "hors_delai"
    DETERIORATION = "deterioration"
    RAPPORT_DIFFERENT = "rapport_different"
    RECONDUCTION = "reconduction"
    INTERROGATION = "interrogation"
    SANS_RAPPORT = "sans_rapport"
    DEJA_REVISEE = "deja_revisee"


@dataclass(frozen=True)
class Faits:
    """Ce qui est lu au dossier.

    `jours_restants` : jours civils jusqu'au dernier jour pour demander la révision, 0 ce jour-là, négatif après; None
    si aucune décision révisable n'est partie. `revisee` : la révision de cette décision est rendue.
    `rapport_nouveau` : un rapport reçu après la décision; `rapport_differe` : il dit autre chose que le précédent;
    `deterioration` : il la déclare; `temporaire_du_comite` : le comité avait accordé une contrainte temporaire.
    """

    jours_restants: int | None
    en_recours: bool = False
    revisee: bool = False
    refus: bool = True
    rapport_nouveau: bool = False
    rapport_differe: bool = False
    deterioration: bool = False
    temporaire_du_comite: bool = False


@dataclass(frozen=True)
class Conseil:
    """La voie que les règles indiquent, et pourquoi, dans l'ordre à dire."""

    voie: Voie
    raisons: tuple[Raison, ...]


@regle_de_droit(
    "nouvelle_demande_ou_revision",
    "Nouvelle demande ou révision",
    source="Manuel, sujet 42509; guide des Premières Nations, article 13 (régime voisin)",
    exige=(*BORNES, CAS),
)
def conseil(faits: Faits) -> Conseil:
    """Les branches : recours en cours, déjà révisée, rien de décidé, hors délai, détérioration, dans le délai.

    Après le dernier jour, ou avant avec un rapport nouveau qui invoque une détérioration : nouvelle demande. Sinon, la
    révision. Un rapport qui ne dit rien de neuf mène à un refus reconduit, qui rouvre le droit de révision, ou, si le
    comité avait accordé une contrainte temporaire, à un dossier porté à l'interrogation du médecin.
    """
    if faits.en_recours:
        return Conseil(Voie.RECOURS_EN_COURS, (Raison.ATTEND_LE_RECOURS,))
    if faits.revisee:
        return Conseil(Voie.NOUVELLE_DEMANDE, (Raison.DEJA_REVISEE, *_du_rapport(faits)))
    if faits.jours_restants is None:
        return Conseil(Voie.ATTENDRE, (Raison.SANS_DECISION,))
    if faits.jours_restants < 0:
        return Conseil(Voie.NOUVELLE_DEMANDE, (Raison.HORS_DELAI, *_du_rapport(faits)))
    if faits.rapport_nouveau and faits.deterioration:
        return Conseil(Voie.NOUVELLE_DEMANDE, (Raison.DETERIORATION, Raison.DANS_LE_DELAI))
    return Conseil(Voie.REVISION, (Raison.DANS_LE_DELAI, *_du_rapport(faits)))


def _du_rapport(faits: Faits) -> tuple[Raison, ...]:
    """Ce que le dernier rapport laisse attendre d'une nouvelle demande."""
    if not faits.rapport_nouveau:
        return (Raison.SANS_RAPPORT,)
    if faits.deterioration:
        return (Raison.DETERIORATION,)
    if faits.rapport_differe or not faits.refus:
        return (Raison.RAPPORT_DIFFERENT,)
    return (Raison.INTERROGATION if faits.temporaire_du_comite else Raison.RECONDUCTION,)
