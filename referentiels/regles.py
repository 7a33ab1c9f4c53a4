"""Calendrier, échéances et comparaisons purs : aucun accès à la base, aucune horloge.

Toutes les échéances sont des **dates civiles** de `America/Toronto`; le dernier jour finit à
23:59:59. Les durées et les fermetures viennent de `referentiels.lecture`, jamais d'ici. La réception
d'une lettre, présumée ou prouvée, n'est jamais reportée; seul le dernier jour l'est.
Exemple de calcul en mots : « 22 sept. + 7 j (réception présumée) + 90 j = lundi 28 déc. ».
Source : `conception.md` §4 (jours fermés, report), `cas/LISEZMOI.md` (échéances).
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import math
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from .droit import BORNES, FERME, HEURE, regle_de_droit

LUNDI, DIMANCHE = 1, 7


class GenreFermeture(enum.StrEnum):
    """Manière de dire quand un jour est fermé."""

    HEBDOMADAIRE = "hebdomadaire"
    FIXE = "fixe"
    PAQUES = "paques"
    LUNDI_AVANT = "lundi_avant"
    NIEME_JOUR = "nieme_jour"
    FETE_CANADA = "fete_canada"
    PONCTUEL = "ponctuel"


EXIGES: dict[GenreFermeture, tuple[str, ...]] = {
    GenreFermeture.HEBDOMADAIRE: ("jour_semaine",),
    GenreFermeture.FIXE: ("mois", "jour"),
    GenreFermeture.PAQUES: ("decalage",),
    GenreFermeture.LUNDI_AVANT: ("mois", "jour"),
    GenreFermeture.NIEME_JOUR: ("mois", "rang", "jour_semaine"),
    GenreFermeture.FETE_CANADA: (),
    GenreFermeture.PONCTUEL: ("date",),
}


@dataclass(frozen=True, slots=True)
class Fermeture:
    """Définition d'un jour fermé.

    `jour_semaine` : 1 = lundi … 7 = dimanche; `decalage` : jours après le dimanche de Pâques;
    `rang` : le n-ième `jour_semaine` du `mois`.
    """

    genre: GenreFermeture
    libelle: str = ""
    mois: int | None = None
    jour: int | None = None
    decalage: int | None = None
    rang: int | None = None
    jour_semaine: int | None = None
    date: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse une définition incomplète : un jour fermé oublié fausserait une échéance."""
        manquants = [nom for nom in EXIGES[self.genre] if getattr(self, nom) is None]
        if manquants:
            raise ValueError(f"Fermeture « {self.libelle} » incomplète : {', '.join(manquants)}.")

    def dates(self, annee: int) -> tuple[dt.date, ...]:
        """Dates de cette fermeture dans l'année; vide pour une fermeture hebdomadaire."""
        if self.genre is GenreFermeture.HEBDOMADAIRE:
            return ()
        if self.genre is GenreFermeture.PONCTUEL:
            return (self.date,) if self.date is not None and self.date.year == annee else ()
        if self.genre is GenreFermeture.PAQUES:
            return (paques(annee) + dt.timedelta(days=self.decalage or 0),)
        if self.genre is GenreFermeture.FETE_CANADA:
            premier = dt.date(annee, 7, 1)
            return (premier.replace(day=2) if premier.isoweekday() == DIMANCHE else premier,)
        mois, jour = self.mois or 1, self.jour or 1
        if self.genre is GenreFermeture.NIEME_JOUR:
            return (_nieme_jour(annee, mois, self.rang or 1, self.jour_semaine or LUNDI),)
        if self.genre is GenreFermeture.LUNDI_AVANT:
            repere = dt.date(annee, mois, jour)
            # « Qui précède » exclut le repère lui-même : un 25 mai lundi donne le 18.
            return (repere - dt.timedelta(days=(repere.isoweekday() - LUNDI) or 7),)
        if jour > calendar.monthrange(annee, mois)[1]:
            return ()
        return (dt.date(annee, mois, jour),)


Feries = tuple[Fermeture, ...]


def _nieme_jour(annee: int, mois: int, rang: int, jour_semaine: int) -> dt.date:
    premier = dt.date(annee, mois, 1)
    avance = (jour_semaine - premier.isoweekday()) % 7
    return premier + dt.timedelta(days=avance + 7 * (rang - 1))


def paques(annee: int) -> dt.date:
    """Dimanche de Pâques (comput grégorien) de l'année."""
    return easter(annee)


@lru_cache(maxsize=256)
def jours_feries(annee: int, feries: Feries) -> dict[dt.date, str]:
    """Jours fermés de l'année, hors jours de semaine habituels : date → libellé."""
    return {jour: ferie.libelle for ferie in feries for jour in ferie.dates(annee)}


@lru_cache(maxsize=64)
def _jours_hebdomadaires(feries: Feries) -> frozenset[int]:
    return frozenset(f.jour_semaine for f in feries if f.genre is GenreFermeture.HEBDOMADAIRE and f.jour_semaine)


def est_ferme(jour: dt.date, feries: Feries) -> bool:
    """Vrai si les bureaux sont fermés ce jour-là."""
    return jour.isoweekday() in _jours_hebdomadaires(feries) or jour in jours_feries(jour.year, feries)


@regle_de_droit(
    "report_jour_ferme",
    "Un dernier jour fermé passe au jour ouvrable suivant",
    source="Manuel, sujet 43368",
    exige=(*BORNES, FERME),
)
def jour_ouvrable_suivant(jour: dt.date, feries: Feries) -> dt.date:
    """Le jour même s'il est ouvert, sinon le premier jour ouvert qui suit.

    Lève `ValueError` si le calendrier ne laisse aucun jour ouvert en un an.
    """
    for _ in range(366):
        if not est_ferme(jour, feries):
            return jour
        jour += dt.timedelta(days=1)
    raise ValueError("Le calendrier des fermetures ne laisse aucun jour ouvert.")


def ajouter_jours_ouvrables(depart: dt.date, nombre: int, feries: Feries) -> dt.date:
    """Le `nombre`-ième jour ouvert après `depart` (le jour de départ ne compte pas)."""
    jour = depart
    for _ in range(nombre):
        jour = jour_ouvrable_suivant(jour + dt.timedelta(days=1), feries)
    return jour


def plus_mois(jour: dt.date, nombre: int) -> dt.date:
    """`jour` plus `nombre` mois civils; le quantième est borné à la fin du mois (31 janv. + 1 = 28 févr.)."""
    resultat: dt.date = jour + relativedelta(months=nombre)
    return resultat


def premier_jour_encore_bon(jour: dt.date, mois: int) -> dt.date:
    """Le premier jour de départ dont la durée de `mois` mois couvre encore `jour`, dernier jour inclus.

    L'inverse de `plus_mois`, fin de mois et 29 février compris.
    """
    depart = plus_mois(jour, -mois)
    return depart if plus_mois(depart, mois) >= jour else depart + dt.timedelta(days=1)


@regle_de_droit(
    "age",
    "Âge atteint le jour de la demande",
    source="Manuel, sujet 42476",
)
def age_a(naissance: dt.date, jour: dt.date) -> int:
    """Âge en années révolues le `jour`; l'âge atteint ce jour-là compte.

    Né un 29 février, on a un an de plus le 28 février d'une année ordinaire.
    Lève `ValueError` si `jour` précède la naissance. Source : `cas/LISEZMOI.md`, « Évident ».
    """
    if jour < naissance:
        raise ValueError("La date demandée précède la naissance.")
    annees = jour.year - naissance.year
    return annees if plus_mois(naissance, 12 * annees) <= jour else annees - 1


APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u02b9\u2032\u00b4`\uff07", "'"))


def normaliser_libelle(texte: str) -> str:
    """Libellé comparable : NFC, espaces, casse et apostrophes. Accents et mots comptent.

    Source : `cas/LISEZMOI.md`, « Évident ».
    """
    propre = " ".join(unicodedata.normalize("NFC", texte).translate(APOSTROPHES).split())
    return unicodedata.normalize("NFC", propre.casefold())


def libelles_identiques(un: str, autre: str) -> bool:
    """Vrai si les deux libellés sont identiques après `normaliser_libelle`."""
    return normaliser_libelle(un) == normaliser_libelle(autre)


PRESUMEE, PROUVEE = "reception_presumee", "reception_prouvee"

_MOIS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
}
_JOURS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MOTS = {
    "fr": {
        PRESUMEE: "réception présumée",
        PROUVEE: "réception prouvée",
        "jours": "{n} j",
        "mois": "{n} mois",
        "reporte": "{brut}, reporté au {final}",
    },
    "en": {
        PRESUMEE: "presumed receipt",
        PROUVEE: "proven receipt",
        "jours": "{n} d.",
        "mois": "{n} mo.",
        "reporte": "{brut}, moved to {final}",
    },
}


@dataclass(frozen=True, slots=True)
class Etape:
    """Un pas du calcul : `nombre` `unite` (« jours » ou « mois »), avec sa précision codée."""

    nombre: int
    unite: str = "jours"
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Echeance:
    """Dernier jour utile (`date`), avec de quoi refaire le calcul.

    `brute` : le jour avant report; `precision` : ce que vaut le point de départ.
    """

    date: dt.date
    depart: dt.date
    etapes: tuple[Etape, ...]
    brute: dt.date
    precision: str = ""

    @property
    def reportee(self) -> bool:
        """Vrai si le dernier jour, fermé, a été reporté."""
        return self.date != self.brute

    @property
    def calcul(self) -> str:
        """Le calcul, en français."""
        return self.en_mots("fr")

    def en_mots(self, langue: str = "fr") -> str:
        """Le calcul en `langue` (« fr » ou « en »)."""
        langue = "en" if langue.startswith("en") else "fr"
        morceaux = [_avec_precision(_jour_et_mois(self.depart, langue), self.precision, langue)]
        for etape in self.etapes:
            pas = _MOTS[langue][etape.unite].format(n=etape.nombre)
            morceaux.append(_avec_precision(pas, etape.precision, langue))
        return f"{' + '.join(morceaux)} = {self._fin(langue)}"

    def _fin(self, langue: str) -> str:
        final = _jour_complet(self.date, self.depart.year, langue)
        if not self.reportee:
            return final
        brut = _jour_complet(self.brute, self.depart.year, langue)
        return _MOTS[langue]["reporte"].format(brut=brut, final=final)


def _avec_precision(texte: str, precision: str, langue: str) -> str:
    return f"{texte} ({_MOTS[langue].get(precision, precision)})" if precision else texte


def _jour_et_mois(jour: dt.date, langue: str) -> str:
    mois = _MOIS[langue][jour.month - 1]
    if langue == "en":
        return f"{mois} {jour.day}"
    return f"{'1er' if jour.day == 1 else jour.day} {mois}"


def _jour_complet(jour: dt.date, annee_connue: int, langue: str) -> str:
    """Jour de semaine et date; l'année ne se dit que si elle diffère du départ."""
    semaine = _JOURS[langue][jour.isoweekday() - 1]
    liaison = ", " if langue == "en" else " "
    texte = f"{semaine}{liaison}{_jour_et_mois(jour, langue)}"
    return texte if jour.year == annee_connue else f"{texte}{liaison}{jour.year}"


def _terminer(depart: dt.date, etapes: tuple[Etape, ...], feries: Feries, reporter: bool, precision: str) -> Echeance:
    brute = depart
    for etape in etapes:
        if etape.unite == "mois":
            brute = plus_mois(brute, etape.nombre)
        else:
            brute += dt.timedelta(days=etape.nombre)
    date = jour_ouvrable_suivant(brute, feries) if reporter else brute
    return Echeance(date=date, depart=depart, etapes=etapes, brute=brute, precision=precision)


def echeance_jours(
    depart: dt.date, jours: int, feries: Feries, *, reporter: bool = True, precision: str = ""
) -> Echeance:
    """`depart` + `jours` civils; le dernier jour fermé passe au jour ouvrable suivant si `reporter`."""
    return _terminer(depart, (Etape(jours),), feries, reporter, precision)


def echeance_mois(
    depart: dt.date, mois: int, feries: Feries, *, reporter: bool = True, precision: str = ""
) -> Echeance:
    """`depart` + `mois` civils, avec ou sans report du dernier jour."""
    return _terminer(depart, (Etape(mois, "mois"),), feries, reporter, precision)


@regle_de_droit(
    "reception",
    "Réception présumée d'une lettre, ou prouvée",
    source="Manuel, sujet 43368",
    regles=("reception_presumee_jours",),
    exige=(*BORNES, HEURE),
)
def reception(emission: dt.date, jours_presumes: int, prouvee: dt.date | None = None) -> dt.date:
    """Jour où la lettre est réputée reçue : le jour prouvé, sinon `emission` + `jours_presumes`.

    Ni l'une ni l'autre n'est reportée. Lève `ValueError` si la réception prouvée précède l'émission.
    Source : manuel, sujet 43368.
    """
    if prouvee is None:
        return emission + dt.timedelta(days=jours_presumes)
    if prouvee < emission:
        raise ValueError("La réception ne peut pas précéder l'émission de la lettre.")
    return prouvee


def echeance_depuis_avis(
    emission: dt.date, jours_presumes: int, delai: int, feries: Feries, *, prouvee: dt.date | None = None
) -> Echeance:
    """Dernier jour d'un délai qui court de la réception, présumée ou prouvée, d'une lettre."""
    if prouvee is None:
        etapes = (Etape(jours_presumes, precision=PRESUMEE), Etape(delai))
        return _terminer(emission, etapes, feries, True, "")
    recue = reception(emission, jours_presumes, prouvee)
    return echeance_jours(recue, delai, feries, precision=PROUVEE)


def echeance_demander_revision(
    emission: dt.date, jours_presumes: int, delai: int, feries: Feries, *, prouvee: dt.date | None = None
) -> Echeance:
    """Dernier jour pour demander la révision d'une décision. Source : art. 107; manuel, 43368."""
    return echeance_depuis_avis(emission, jours_presumes, delai, feries, prouvee=prouvee)


def echeance_saisir_taq(
    emission: dt.date, jours_presumes: int, delai: int, feries: Feries, *, prouvee: dt.date | None = None
) -> Echeance:
    """Dernier jour pour saisir le TAQ, depuis la décision en révision. Source : art. 112 et 118; manuel, 43371."""
    return echeance_depuis_avis(emission, jours_presumes, delai, feries, prouvee=prouvee)


def mediane_et_p80(durees: Sequence[int]) -> tuple[int, int] | None:
    """Médiane et 80e centile (rang le plus proche) de durées en jours; `None` si la liste est vide.

    On arrondit vers le haut : mieux vaut annoncer un jour de trop qu'un jour de moins.
    """
    if not durees:
        return None
    triees = sorted(durees)
    return math.ceil(statistics.median(triees)), triees[math.ceil(0.8 * len(triees)) - 1]
