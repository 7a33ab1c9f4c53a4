"""« Ce que l'évaluateur cherchera » : la liste qui se coche, lue des règles de cohérence.

Chaque repère nomme les règles qui le laisseraient en suspens; ce qu'aucun repère ne nomme s'ajoute à la fin.
Source : `ecrans-et-lettres.md` B6.7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from formulaires.coherence import Constat, Gravite, a_chercher
from formulaires.forms import LimitationsForm
from formulaires.lecture import constats as constats_du_rapport
from formulaires.models import RapportMedical
from formulaires.saisie import TITRES, Saisie
from referentiels import lecture as referentiels

Adresse = Callable[[Constat], str]


@dataclass(frozen=True)
class Repere:
    """Une ligne de la liste : fait, à voir (avec son adresse), ou à venir."""

    texte: str
    detail: str
    fait: bool = False
    a_voir: bool = False
    url: str = ""


@dataclass(frozen=True)
class Attendu:
    """Ce que l'évaluateur cherche, la page où cela s'écrit, les règles qui disent que cela manque."""

    texte: str
    page: str
    codes: tuple[str, ...]
    detail: Callable[[Saisie, date], tuple[str, bool]] | None = None


def _cumul(saisie: Saisie, _jour: date) -> tuple[str, bool]:
    coche = "effet_cumulatif" in saisie.pages["diagnostics"]
    return ("Coché" if coche else "Non coché"), coche


def _niveaux(saisie: Saisie, jour: date) -> tuple[str, bool]:
    domaines = LimitationsForm(jour=jour).domaines
    donnes = sum(1 for domaine in domaines if saisie.pages["limitations"].get(f"niveau_{domaine.code}"))
    tous = donnes == len(domaines)
    return f"{'Fait, ' if tous else ''}{donnes} sur {len(domaines)}", tous


def _exemples(saisie: Saisie, _jour: date) -> tuple[str, bool]:
    niveaux = saisie.pages["limitations"]
    marques = sum(1 for nom, niveau in niveaux.items() if nom.startswith("niveau_") and niveau in LimitationsForm.OUVRE)
    return (f"Fait, {marques} sur {marques}" if marques else "Aucun n'est attendu"), marques > 0


ATTENDUS = (
    Attendu(
        "Un diagnostic principal",
        "diagnostics",
        ("principal_absent", "diagnostic_incertain", "diagnostics_identiques"),
    ),
    Attendu(
        "L'effet cumulatif, s'il y en a un",
        "diagnostics",
        ("cumul_sans_second", "cumul_non_coche", "cumul_sans_explication"),
        _cumul,
    ),
    Attendu(
        "Un niveau par domaine",
        "limitations",
        ("limitations_absentes", "severe_sans_limitation", "principal_sans_limitation"),
        _niveaux,
    ),
    Attendu("Un exemple pour chaque niveau modéré ou grave", "limitations", ("niveau_sans_exemple",), _exemples),
    Attendu(
        "La durée prévue : un nombre de mois, permanente ou indéterminée",
        "duree",
        (
            "duree_absente",
            "duree_incoherente",
            "permanente_avec_fin",
            "temporaire_et_permanente",
            "temporaire_et_longue",
            "permanente_avec_evolution",
            "indeterminee_avec_mois",
            "indeterminee_sans_evolution",
        ),
    ),
    Attendu("Les traitements essayés", "duree", ("traitements_absents",)),
)


def reperes(saisie: Saisie, constats: Sequence[Constat], jour: date, adresse: Adresse) -> list[Repere]:
    """La liste entière, cochée par les pages finies; une règle déclenchée se lit à la place de la coche."""
    restent = {un.code: un for un in a_chercher(constats)}
    lignes = []
    for attendu in ATTENDUS:
        siens = [restent.pop(code) for code in attendu.codes if code in restent]
        lignes += [_a_voir(attendu.texte, un, saisie, adresse) for un in siens[:1]] or [_tenu(attendu, saisie, jour)]
        lignes += [_a_voir(un.regle.nom, un, saisie, adresse) for un in siens[1:]]
    return lignes + [_a_voir(un.regle.nom, un, saisie, adresse) for un in restent.values()]


def _a_voir(texte: str, constat: Constat, saisie: Saisie, adresse: Adresse) -> Repere:
    garde = constat.code in saisie.maintenir
    return Repere(texte, f"{'Gardé. ' if garde else ''}{constat.message}", garde, not garde, adresse(constat))


def _tenu(attendu: Attendu, saisie: Saisie, jour: date) -> Repere:
    if attendu.page not in saisie.faites:
        return Repere(attendu.texte, f"À l'étape {list(TITRES).index(attendu.page) + 1}")
    detail, fait = attendu.detail(saisie, jour) if attendu.detail is not None else ("Fait", True)
    return Repere(attendu.texte, detail, fait)


def notes(constats: Sequence[Constat]) -> list[Constat]:
    """Ce que la vérification rappelle sans rien exiger : les suggestions, bonnes nouvelles exclues."""
    return [un for un in a_chercher(constats) if un.regle.gravite == Gravite.SUGGERE]


@dataclass(frozen=True)
class Manque:
    """Ce que l'évaluateur pourrait chercher encore dans un rapport signé, par élément manquant.

    `element` : code de l'élément, ou vide; `points` : les constats en phrases, un choix gardé étant dit.
    """

    element: str
    titre: str
    points: list[str] = field(default_factory=list)


def manques(rapport: RapportMedical | None, le: date) -> list[Manque]:
    """Les points d'un rapport signé, groupés par élément manquant en vigueur le jour `le`; vide sans rapport."""
    if rapport is None:
        return []
    libelles = {un.code: un.libelle for un in referentiels.elements(le)}
    trouves: dict[str, Manque] = {}
    for un in a_chercher(constats_du_rapport(rapport)):
        element = un.regle.element if un.regle.element in libelles else ""
        titre = libelles.get(element, "Autre point")
        garde = " Relu et gardé tel quel." if un.code in rapport.avertissements else ""
        trouves.setdefault(element, Manque(element, titre)).points.append(f"{un.message}{garde}")
    return sorted(trouves.values(), key=lambda un: not un.element)


__all__ = ["ATTENDUS", "Attendu", "Manque", "Repere", "manques", "notes", "reperes"]
