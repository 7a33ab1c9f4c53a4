"""La grille d'évaluation au départ : volet médical, volet socioprofessionnel, et la part de l'âge."""

from typing import Any


def _ligne(code: str, volet: str, genre: str, fr: str, en: str, aide: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "volet": volet,
        "genre": genre,
        "libelle": fr,
        "libelle_en": en,
        "aide": aide,
        "source": "Loi sur l'aide aux personnes et aux familles, art. 70; étude SOM; découpage à confirmer",
        "certitude": "choix",
    }


QUESTIONS_GRILLE: list[dict[str, Any]] = [
    _ligne(
        "limitations",
        "medical",
        "domaines",
        "Limitations par domaine",
        "Limitations by area",
        "Ce que vous retenez de l'ensemble du dossier; le niveau écrit au rapport est rappelé sous chaque domaine.",
    ),
    _ligne(
        "effet_cumulatif",
        "medical",
        "reponse",
        "L'effet cumulatif de plusieurs problèmes explique-t-il l'atteinte ?",
        "Does the cumulative effect of several problems explain the impairment?",
        "Plusieurs problèmes, dont aucun n'est sévère seul, peuvent l'être ensemble.",
    ),
    _ligne(
        "traitement",
        "medical",
        "reponse",
        "Les traitements possibles ont-ils été essayés, ou sont-ils en cours ?",
        "Have the possible treatments been tried, or are they under way?",
        "Un traitement hors d'atteinte (attente, prix, effets) n'est pas un traitement refusé.",
    ),
    _ligne(
        "pronostic",
        "medical",
        "reponse",
        "Une amélioration qui permettrait de travailler est-elle attendue ?",
        "Is an improvement that would allow work expected?",
    ),
    _ligne("scolarite", "socio", "facteur", "Scolarité", "Schooling"),
    _ligne("experience", "socio", "facteur", "Travail et expérience", "Work and experience"),
    _ligne("hors_emploi", "socio", "facteur", "Temps passé hors d'un emploi", "Time away from work"),
    _ligne("langue", "socio", "facteur", "Langue", "Language"),
    _ligne("logement", "socio", "facteur", "Logement", "Housing"),
    _ligne("isolement", "socio", "facteur", "Isolement", "Isolation"),
    _ligne("soutien", "socio", "facteur", "Soutien de l'entourage et des services", "Support from others and services"),
    _ligne(
        "temps_plein",
        "socio",
        "reponse",
        "La personne pourrait-elle tenir un emploi à temps plein ?",
        "Could the person hold a full-time job?",
    ),
    _ligne(
        "capacite_soutenue",
        "socio",
        "reponse",
        "Pourrait-elle le tenir de façon soutenue, semaine après semaine ?",
        "Could the person keep it up, week after week?",
    ),
    _ligne(
        "age",
        "commun",
        "age",
        "L'âge de la personne a-t-il pesé dans votre avis ?",
        "Did the person's age weigh in your opinion?",
        "Si oui, la lettre le dira, avec vos mots.",
    ),
]

_LIMITE = {"unite": "signes", "source": "Choix de conception", "certitude": "choix"}

REGLES_GRILLE: list[dict[str, Any]] = [
    {
        "code": "grille_phrase_max_caracteres",
        "valeur": 300,
        "libelle": "Longueur d'une phrase de la grille, celle de l'âge comprise",
        **_LIMITE,
    },
    {
        "code": "concertation_commentaire_max_caracteres",
        "valeur": 600,
        "libelle": "Longueur du commentaire d'une dissidence par question",
        **_LIMITE,
    },
]
