"""Ce qui rappelle une date, et ce qui précède toute fermeture pour silence."""

from typing import Any

from .regles import _regle

SILENCES: list[dict[str, Any]] = [
    _regle(
        "relances_jours",
        [7, 14, 21],
        "jours civils",
        "Après une demande de renseignement, moments de la rappeler",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "inactivite_reponse_jours",
        30,
        "jours civils",
        "Après la lettre d'inactivité, temps laissé pour répondre avant toute fermeture",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "recours_rappel_jours",
        10,
        "jours civils",
        "Avant la fin d'un délai de recours, moment de le rappeler",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "brouillon_rappel_jours",
        7,
        "jours civils",
        "Avant l'effacement d'un formulaire commencé, moment de le dire",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "consentement_bientot_echu_jours",
        30,
        "jours civils",
        "Avant la fin d'un consentement, moment de le dire",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "immobile_multiple",
        2,
        "fois la promesse",
        "Un dossier dont l'étape dure autant de fois la promesse est dit immobile",
        "Choix de conception",
        "choix",
    ),
]
