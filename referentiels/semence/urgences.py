"""Ce que l'équipe fait d'une alerte, ce qui borne une rencontre, et ce qui se dit de l'argent pendant l'attente."""

from typing import Any

from .lettres import _mot
from .regles import _regle

_CHOIX = "Choix de conception; pratique du Ministère non vérifiée"


def _consigne(code: str, libelle: str, en: str, quoi: str, jours: int) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": libelle,
        "libelle_en": en,
        "quoi_faire": quoi,
        "delai_jours": jours,
        "source": _CHOIX,
        "certitude": "choix",
    }


CONSIGNES: list[dict[str, Any]] = [
    _consigne(
        "detresse",
        "Détresse",
        "Distress",
        "Appeler la personne aujourd'hui. Danger immédiat : 911. Donner les lignes de crise. Ne parler d'aucune "
        "décision. Sans réponse : rappeler, puis joindre la personne-ressource.",
        0,
    ),
    _consigne(
        "crise",
        "Crise",
        "Crisis",
        "Appeler la personne aujourd'hui. Demander ce qui aiderait maintenant, et qui peut être là. Proposer la "
        "personne-ressource. Ne rien lui demander d'autre cette semaine.",
        0,
    ),
    _consigne(
        "perte_logement",
        "Perte de logement",
        "Loss of housing",
        "Appeler la personne. Faire étudier l'aide d'urgence. Noter où ses lettres peuvent l'attendre. Nommer un "
        "organisme d'hébergement de sa région.",
        1,
    ),
    _consigne(
        "urgence_financiere",
        "Urgence financière",
        "Urgent money need",
        "Appeler la personne. Faire étudier l'aide pour se loger, manger ou se soigner. Dire que sa demande n'en "
        "dépend pas. Vérifier qu'elle reçoit ce à quoi elle a déjà droit.",
        2,
    ),
    _consigne(
        "sans_clinicien",
        "Sans clinicien",
        "No clinician",
        "Chercher une clinique avec la personne, dans la liste des portes de sa région. Lui remettre un code pour la "
        "clinique. Rien ne se ferme pour cette raison.",
        10,
    ),
]

REGLES_RENCONTRES: list[dict[str, Any]] = [
    _regle(
        "premiere_rencontre_jours",
        10,
        "jours ouvrables",
        "Délai visé pour offrir la première rencontre",
        _CHOIX,
        "choix",
    ),
    _regle("rencontre_minutes", 30, "minutes", "Durée d'une rencontre", _CHOIX, "choix"),
    _regle(
        "rencontre_horizon_jours",
        180,
        "jours civils",
        "Au plus loin d'un moment proposé pour une rencontre",
        _CHOIX,
        "choix",
    ),
    _regle(
        "rencontre_rappel_jours", 1, "jours civils", "Jours avant une rencontre où elle est rappelée", _CHOIX, "choix"
    ),
]

# Rien n'est promis : ni montant, ni jour de versement.
MOTS: list[dict[str, Any]] = [
    _mot(
        "retroactivite_lettre",
        "La lettre de décision dit à partir de quel jour elle compte, et pourquoi.",
        "The decision letter says from which day it counts, and why.",
        _CHOIX,
        "choix",
    ),
    _mot(
        "retroactivite_avant",
        "Ce jour peut être avant la décision. Une somme peut alors vous être due pour les mois passés. Elle vient "
        "après la lettre.",
        "That day can be before the decision. Money may then be owed for past months. It comes after the letter.",
        _CHOIX,
        "incertaine",
    ),
    _mot(
        "retroactivite_sans_promesse",
        "Personne ne peut promettre un montant ni un jour avant que le dossier soit étudié. Vous recevez déjà une "
        "aide ? Cette demande ne la change pas.",
        "No one can promise an amount or a day before the file is studied. You already get help? This request does not "
        "change it.",
        _CHOIX,
        "incertaine",
    ),
]
