"""Jours fermés au départ. Les 24, 26, 31 décembre et le 2 janvier n'y sont pas : les textes divergent."""

from typing import Any

_COMMUN = {"source": "Conception §4, liste de départ; à confirmer par le Ministère", "certitude": "choix"}


def _jour(code: str, genre: str, fr: str, en: str, **definition: Any) -> dict[str, Any]:
    return {"code": code, "genre": genre, "libelle": fr, "libelle_en": en, **_COMMUN, **definition}


JOURS_FERIES: list[dict[str, Any]] = [
    _jour("samedi", "hebdomadaire", "Samedi", "Saturday", jour_semaine=6),
    _jour("dimanche", "hebdomadaire", "Dimanche", "Sunday", jour_semaine=7),
    _jour("jour_de_l_an", "fixe", "Jour de l'An", "New Year's Day", mois=1, jour=1),
    _jour("vendredi_saint", "paques", "Vendredi saint", "Good Friday", decalage=-2),
    _jour("lundi_de_paques", "paques", "Lundi de Pâques", "Easter Monday", decalage=1),
    _jour("patriotes", "lundi_avant", "Journée nationale des patriotes", "National Patriots' Day", mois=5, jour=25),
    _jour("fete_nationale", "fixe", "Fête nationale du Québec", "Québec's National Holiday", mois=6, jour=24),
    _jour("fete_du_canada", "fete_canada", "Fête du Canada", "Canada Day"),
    _jour("fete_du_travail", "nieme_jour", "Fête du Travail", "Labour Day", mois=9, n=1, jour_semaine=1),
    _jour("action_de_graces", "nieme_jour", "Action de grâces", "Thanksgiving", mois=10, n=2, jour_semaine=1),
    _jour("noel", "fixe", "Noël", "Christmas Day", mois=12, jour=25),
]
