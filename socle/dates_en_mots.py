"""Dates en mots, en français du Québec, ou en anglais sur une page anglaise. Pur, sauf « aujourd'hui ».

Un `datetime` avisé est d'abord ramené à l'heure du Québec. Source : maquettes et
`ecrans-et-lettres.md` B0 (une date, puis ce qu'elle veut dire).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from socle import horloge


def _jour(valeur: date | datetime) -> date:
    return horloge.jour_civil(valeur) if isinstance(valeur, datetime) else valeur


def _anglais() -> bool:
    return (get_language() or "").startswith("en")


def _mot(table: str, rang: int) -> str:
    """Mot français d'un jour ou d'un mois; les tables sont lues une fois dans le catalogue de Django."""
    return _tables()[table][rang]


@cache
def _tables() -> dict[str, list[str]]:
    with translation.override("fr"):
        return {
            "l": [date_format(date(2024, 1, jour), "l", use_l10n=False) for jour in range(1, 8)],
            "D": [date_format(date(2024, 1, jour), "D", use_l10n=False) for jour in range(1, 8)],
            "F": [date_format(date(2024, mois, 1), "F", use_l10n=False) for mois in range(1, 13)],
            "N": [date_format(date(2024, mois, 1), "N", use_l10n=False) for mois in range(1, 13)],
        }


def _en_francais(jour: date, forme: str) -> str:
    if forme == "F Y":
        return f"{_mot('F', jour.month - 1)} {jour.year}"
    return _mot(forme, jour.weekday() if forme in ("l", "D") else jour.month - 1)


def _quantieme(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)


def date_longue(valeur: date | datetime) -> str:
    """« lundi 28 décembre 2026 »."""
    jour = _jour(valeur)
    if _anglais():
        return date_format(jour, "l, F j, Y", use_l10n=False)
    return f"{_en_francais(jour, 'l')} {_quantieme(jour)} {_en_francais(jour, 'F Y')}"


def date_moyenne(valeur: date | datetime) -> str:
    """« 28 décembre 2026 »."""
    jour = _jour(valeur)
    if _anglais():
        return date_format(jour, "F j, Y", use_l10n=False)
    return f"{_quantieme(jour)} {_en_francais(jour, 'F Y')}"


def date_courte(valeur: date | datetime) -> str:
    """« mar. 18 août »; l'année s'ajoute si ce n'est pas celle d'aujourd'hui."""
    jour = _jour(valeur)
    annee = "" if jour.year == horloge.aujourd_hui().year else f" {jour.year}"
    if _anglais():
        return date_format(jour, f"D, N j{', Y' if annee else ''}", use_l10n=False)
    mois = _en_francais(jour, "N")
    return f"{_en_francais(jour, 'D')}. {_quantieme(jour)} {mois}{annee}"


def heure(valeur: datetime) -> str:
    """« 14 h 30 », heure du Québec, avec des espaces insécables."""
    locale = valeur.astimezone(horloge.FUSEAU)
    if _anglais():
        return f"{locale.hour % 12 or 12}:{locale.minute:02d}\u00a0{'a.m.' if locale.hour < 12 else 'p.m.'}"
    return f"{locale.hour}\u00a0h\u00a0{locale.minute:02d}"


def date_heure(valeur: datetime) -> str:
    """« 18 août 2026, 10 h 05 », heure du Québec."""
    return f"{date_moyenne(valeur)}, {heure(valeur)}"


def dans_combien(valeur: date | datetime) -> str:
    """« En retard de 2 jours », « Hier » exclu : un délai passé est un retard. « Aujourd'hui », « Demain »."""
    ecart = (_jour(valeur) - horloge.aujourd_hui()).days
    if ecart < 0:
        return gettext("En retard de %(jours)s") % {"jours": nombre_de_jours(-ecart)}
    if ecart == 0:
        return gettext("Aujourd'hui")
    return gettext("Demain") if ecart == 1 else gettext("Dans %(jours)s") % {"jours": nombre_de_jours(ecart)}


def il_reste(valeur: date | datetime) -> str:
    """« Il reste 13 jours. », « C'est le dernier jour. » ou « Cette date est passée. »."""
    ecart = (_jour(valeur) - horloge.aujourd_hui()).days
    if ecart < 0:
        return gettext("Cette date est passée.")
    if ecart == 0:
        return gettext("C'est le dernier jour.")
    return gettext("Il reste %(jours)s.") % {"jours": nombre_de_jours(ecart)}


def depuis(valeur: date | datetime) -> str:
    """« 71 jours » écoulés depuis cette date; « Aujourd'hui » au premier jour."""
    ecart = (horloge.aujourd_hui() - _jour(valeur)).days
    return nombre_de_jours(ecart) if ecart > 0 else gettext("Aujourd'hui")


def est_en_retard(valeur: date | datetime) -> bool:
    """Vrai si la date civile est avant aujourd'hui."""
    return _jour(valeur) < horloge.aujourd_hui()


def nombre_de_jours(jours: int) -> str:
    """« 1 jour », « 2 jours »."""
    return ngettext("%(n)s jour", "%(n)s jours", jours) % {"n": jours}
