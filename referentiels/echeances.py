"""Échéances du droit, avec les règles et le calendrier en vigueur à la date du fait.

Réunit `lecture` (quelles durées ?) et `regles` (quel jour ?). Source : `cas/LISEZMOI.md`, « Échéances ».
"""

from __future__ import annotations

import datetime as dt

from . import lecture, regles
from .droit import DELAI, regle_de_droit
from .regles import Echeance


@regle_de_droit(
    "demander_revision",
    "Demander la révision d'une décision",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 107; manuel, sujets 43364 et 43368",
    regles=("reception_presumee_jours", "delai_demande_revision_jours"),
    exige=DELAI,
)
def demander_revision(emission: dt.date, prouvee: dt.date | None = None) -> Echeance:
    """Dernier jour pour demander la révision d'une décision émise le jour `emission`.

    `prouvee` : réception prouvée de la lettre; sinon la réception est présumée.
    Lève `ValueError` si la réception précède l'émission.
    """
    return _depuis_avis(emission, prouvee, "delai_demande_revision_jours")


@regle_de_droit(
    "saisir_taq",
    "Saisir le Tribunal après la décision en révision, ou après une irrecevabilité",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 112 et 118; manuel, sujet 43371",
    regles=("reception_presumee_jours", "delai_taq_jours", "delai_taq_irrecevable_jours"),
    exige=DELAI,
)
def saisir_taq(emission: dt.date, prouvee: dt.date | None = None, *, irrecevable: bool = False) -> Echeance:
    """Dernier jour pour saisir le TAQ, depuis la décision en révision (ou l'irrecevabilité)."""
    return _depuis_avis(emission, prouvee, "delai_taq_irrecevable_jours" if irrecevable else "delai_taq_jours")


@regle_de_droit(
    "rendre_revision",
    "Rendre la décision en révision",
    source="Manuel, sujet 43378",
    regles=("delai_rendre_revision_jours",),
    exige=DELAI,
)
def rendre_revision(depart: dt.date, raison: str = "") -> Echeance:
    """Dernier jour pour rendre la révision.

    `depart` : réception de la demande, ou le fait qui rouvre le délai (dernière observation,
    échéance accordée, renvoi du TAQ); `raison` le dit dans le calcul.
    """
    return _depuis_jour(depart, "delai_rendre_revision_jours", raison)


@regle_de_droit(
    "recours_direct_taq",
    "Saisir le Tribunal quand la révision n'est pas rendue",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 118; manuel, sujet 43380",
    regles=("delai_recours_direct_taq_jours",),
    exige=DELAI,
)
def recours_direct_taq(depart: dt.date, raison: str = "") -> Echeance:
    """Dernier jour d'attente; sans décision au-delà, la personne peut saisir le TAQ. Même départ que ci-dessus."""
    return _depuis_jour(depart, "delai_recours_direct_taq_jours", raison)


@regle_de_droit(
    "reexamen_contraintes",
    "Jour prévu d'un réexamen",
    source="Manuel, sujet 42488",
    exige=DELAI,
)
def reexamen_contraintes(decision: dt.date, mois: int) -> Echeance:
    """Jour prévu d'un réexamen, `mois` mois après la décision."""
    return regles.echeance_mois(decision, mois, lecture.feries(decision))


def fin_mandat_au_plus_tard(debut: dt.date) -> dt.date:
    """Dernier jour permis d'un mandat qui commence le jour `debut`; jamais reporté."""
    return regles.plus_mois(debut, int(lecture.regle("mandat_max_mois", debut)))


def _depuis_avis(emission: dt.date, prouvee: dt.date | None, code: str) -> Echeance:
    return regles.echeance_depuis_avis(
        emission,
        int(lecture.regle("reception_presumee_jours", emission)),
        int(lecture.regle(code, emission)),
        lecture.feries(emission),
        prouvee=prouvee,
    )


def _depuis_jour(depart: dt.date, code: str, raison: str) -> Echeance:
    return regles.echeance_jours(depart, int(lecture.regle(code, depart)), lecture.feries(depart), precision=raison)
