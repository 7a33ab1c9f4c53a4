"""Champs de formulaire de la maison.

`ChampDate` : jour, mois, année en trois cases, sans calendrier imposé; ce qui est écrit est
gardé même si la date n'existe pas. Source : `ecrans-et-lettres.md` A1 (validation) et D12.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import get_language, gettext

from socle import horloge

MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MOIS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMERO_DU_MOIS = {slugify(nom): rang for mois in (MOIS, MOIS_EN) for rang, nom in enumerate(mois, 1)}


def _case(nom: str, largeur: int, completion: str) -> forms.TextInput:
    attributs = {"inputmode": "numeric", "class": f"largeur-{largeur}"}
    if completion:
        attributs["autocomplete"] = completion
    if nom == "Mois":
        # Un mois peut s'écrire en lettres : le clavier numérique l'empêcherait.
        del attributs["inputmode"]
    return forms.TextInput(attrs=attributs)


class SaisieDate(forms.MultiWidget):
    """Trois cases étiquetées Jour, Mois, Année. `naissance` : propose la date de naissance connue."""

    template_name = "composants/saisie_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, naissance: bool = False) -> None:
        completions = ("bday-day", "bday-month", "bday-year") if naissance else ("", "", "")
        cases: dict[str, forms.Widget | type[forms.Widget]] = {
            "jour": _case("Jour", 2, completions[0]),
            "mois": _case("Mois", 10, completions[1]),
            "annee": _case("Année", 4, completions[2]),
        }
        super().__init__(cases, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Rendre les trois cases d'une date connue; le mois s'écrit en lettres."""
        if isinstance(value, date):
            mois = MOIS_EN if (get_language() or "").startswith("en") else MOIS
            return [value.day, mois[value.month - 1], value.year]
        return [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Ajouter à chaque case son étiquette visible."""
        contexte = super().get_context(name, value, attrs)
        cases = contexte["widget"]["subwidgets"]
        for case, titre in zip(cases, ("Jour", "Mois", "Année"), strict=True):
            case["titre"] = titre
        return contexte

    def id_for_label(self, id_: str) -> str:
        """Viser la première case : le résumé d'erreurs y mène."""
        return f"{id_}_0" if id_ else ""


class ChampDate(forms.Field):
    """Une date civile en trois cases. Le mois s'écrit en chiffres ou en lettres.

    Rend une `date`, ou `None` si facultatif et vide. Erreurs : `required`, `incomplete`, `invalid`.
    `naissance=True` ajoute la complétion automatique de la date de naissance.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Écrivez le jour, le mois et l'année.",
        "incomplete": "Il manque %(manque)s. Écrivez le jour, le mois et l'année.",
        "invalid": "Cette date n'existe pas. Vérifiez le jour, le mois et l'année.",
    }

    def __init__(self, *, naissance: bool = False, **options: Any) -> None:
        options.setdefault("widget", SaisieDate(naissance=naissance))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """Lire les trois cases; les zéros, espaces et accents ne comptent pas."""
        if isinstance(value, date):
            return value
        cases = [str(case or "").strip() for case in (value or [])]
        if not any(cases):
            return None
        noms = ("le jour", "le mois", "l'année")
        manque = [gettext(nom) for nom, case in zip(noms, cases, strict=True) if not case]
        if manque:
            erreur = gettext(str(self.error_messages["incomplete"]))
            raise ValidationError(erreur, "incomplete", {"manque": gettext(" et ").join(manque)})
        return self._composer(*cases)

    def _composer(self, jour: str, mois: str, annee: str) -> date:
        try:
            rang = _NUMERO_DU_MOIS.get(slugify(mois)) or int(mois)
            # « 26 » serait l'an 26 : une année s'écrit en quatre chiffres.
            an = int(annee) if len(annee) == 4 else 0
            return date(an, rang, int(jour.removesuffix("er")))
        except (ValueError, OverflowError) as cause:
            raise ValidationError(self.error_messages["invalid"], "invalid") from cause

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Comparer la date composée à celle d'avant; une saisie illisible est un changement."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


_TELEPHONE = re.compile(r"(\+?[\d\s().\-\u2010-\u2013]+?)(?:\s*(?:,|poste|p\.|ext\.?|x)\s*(\d{1,6}))?", re.IGNORECASE)


def numero_et_poste(numero: str) -> tuple[str, str] | None:
    """Le numéro principal tel qu'écrit et le poste (« » s'il n'y en a pas); None si cela ne se lit pas."""
    # Un texte collé par erreur n'est pas relu signe par signe.
    lu = _TELEPHONE.fullmatch(numero.strip()) if len(numero) <= 60 else None
    return (lu[1], lu[2] or "") if lu else None


def telephone_lisible(numero: str) -> None:
    """Refuse ce qui ne se compose pas : de 7 à 15 chiffres (UIT-T E.164), et un poste s'il y en a un."""
    lu = numero_et_poste(numero)
    if lu is None or not 7 <= sum(signe.isdigit() for signe in lu[0]) <= 15:
        raise ValidationError("Écrivez un numéro, par exemple 418 555-0100 ou 418 555-0100 poste 123.", "telephone")


class ChampTelephone(forms.CharField):
    """Un numéro de téléphone, tel qu'écrit; facultatif d'avance. Erreur : `telephone`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 30)
        options.setdefault("validators", [telephone_lisible])
        super().__init__(**options)


def moment_possible(texte: str) -> None:
    """Refuse ce qui n'est pas une année, un mois et une année, ou une date (« mars 2020 », « 2019-02-28 »).

    Un mot d'imprécision (« vers », « environ », « depuis ») est permis. Code : `moment`.
    """
    if any(unicodedata.category(signe) in {"Cc", "Cf", "So", "Cs", "Co", "Cn"} for signe in texte):
        raise ValidationError("Effacez les signes qui ne sont ni des lettres ni des chiffres.", "moment")
    lu = moment_lu(texte)
    if lu is None:
        raise ValidationError(MOMENT, "moment")
    if lu > horloge.aujourd_hui() or lu.year < horloge.aujourd_hui().year - 120:
        raise ValidationError("Écrivez un moment passé. Vérifiez l'année.", "moment")


def moment_lu(texte: str) -> date | None:
    """Premier jour du moment écrit (« mars 2020 » : le 1er mars 2020), ou None s'il ne se lit pas."""
    mots = slugify(re.sub(r"\W+", " ", texte)).split("-")
    while mots and mots[0] in {"vers", "environ", "depuis", "le", "en", "l", "an", "annee", "debut", "fin", "mi", "de"}:
        mots.pop(0)
    if not mots or len(mots) > 3:
        return None
    if len(mots[0]) == 4 and mots[0].isdigit():
        mots = mots[::-1]
    jour, mois, annee = (["1"] * (3 - len(mots)) + mots) if len(mots) < 3 else mots
    try:
        lu: date | None = ChampDate().clean([jour, mois, annee])
    except ValidationError:
        return None
    return lu


MOMENT = "Écrivez une année, un mois et une année, ou une date qui existe. Par exemple : 2020, mars 2020, 2020-03-15."
