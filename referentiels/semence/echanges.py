"""Genres de question d'un message du dossier, et combien de temps un message non lu se compte."""

from typing import Any


def _type(code: str, fr: str, en: str) -> dict[str, Any]:
    return {"code": code, "libelle": fr, "libelle_en": en, "source": "Choix de conception", "certitude": "choix"}


TYPES_QUESTION: list[dict[str, Any]] = [
    _type("document", "Un document à trouver ou à préciser", "A document to find or clarify"),
    _type("precision_clinique", "Une précision clinique", "A clinical clarification"),
    _type("parcours", "Le parcours de la personne (travail, école)", "The person's path (work, school)"),
    _type("organisation", "Une date, un rendez-vous, comment s'organiser", "A date, an appointment, logistics"),
    _type("autre", "Autre question", "Other question"),
]

REGLES_ECHANGES: list[dict[str, Any]] = [
    {
        "code": "echange_a_lire_jours",
        "valeur": 90,
        "unite": "jours civils",
        "libelle": "Combien de temps un message non lu se compte à l'accueil",
        "source": "Choix de conception",
        "certitude": "choix",
    }
]
