"""Jugements purs des règles de cohérence : un contenu de rapport et des paramètres datés, des faits ou rien.

Un jugement rend les faits que dira le message, ou None si la règle ne se déclenche pas. Un contenu mal formé ne
déclenche rien et ne lève rien : la forme est l'affaire de `regles.verifier_rapport`.
Source : étude SOM, obstacles 10 à 18 et 28; `domaine.md` §2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from formulaires import regles
from referentiels.regles import libelles_identiques, normaliser_libelle
from socle.champs_formulaire import moment_lu

Contenu = Mapping[str, Any]
Faits = Mapping[str, str]
MARQUES = ("moderee", "grave")
_HORIZON = re.compile(
    r"\b(d'ici|dans|avant|jusqu'(?:a|en|au)|pendant encore)\b[^.;\n]{0,25}?"
    r"(\d+\s*(jours?|semaines?|mois|ans?|annees?)\b|\b(20|21)\d\d\b)"
)
_REVOIR = re.compile(r"\b(revoir|reevalu\w*|rendez-vous|controle|suivi|bilan|relance)\b")
_INCERTAIN = re.compile(
    r"\?|\b(a preciser|a confirmer|a investiguer|en investigation|probables?|possibles?|soupcon\w*|suspicion|r/o)\b"
    r"|\beliminer\b"
)


@dataclass(frozen=True)
class Parametres:
    """Ce qui est daté, lu au jour du fait par l'appelant.

    `jour` : jour civil du jugement; `mois_severe` : seuil en mois; `exigee` : durée dont parle la loi, en mots;
    `evidents` : libellés de la liste en vigueur.
    """

    jour: date
    mois_severe: int
    exigee: str = ""
    exigee_en: str = ""
    evidents: tuple[str, ...] = ()


def sans_accents(texte: str) -> str:
    """Forme comparable d'un texte : casse, espaces, apostrophes et accents ne comptent pas."""
    decompose = unicodedata.normalize("NFKD", normaliser_libelle(texte))
    return "".join(signe for signe in decompose if not unicodedata.combining(signe))


def _texte(contenu: Contenu, champ: str) -> str:
    valeur = contenu.get(champ)
    return valeur.strip() if isinstance(valeur, str) else ""


def _lignes(contenu: Contenu, champ: str) -> list[Mapping[str, Any]]:
    lues = contenu.get(champ)
    return [une for une in lues if isinstance(une, Mapping)] if isinstance(lues, list | tuple) else []


def _libelles(contenu: Contenu) -> list[str]:
    """Libellés écrits, dans l'ordre; un diagnostic sans libellé est laissé de côté."""
    return [texte for une in _lignes(contenu, "diagnostics") if (texte := _texte(une, "libelle"))]


def _distincts(contenu: Contenu) -> int:
    return len({sans_accents(libelle) for libelle in _libelles(contenu)})


def _niveaux(contenu: Contenu) -> list[str]:
    return [niveau for une in _lignes(contenu, "limitations") if (niveau := _texte(une, "niveau"))]


def _duree(contenu: Contenu) -> tuple[str, int | None]:
    """Genre de durée, et nombre de mois écrit, même à côté d'un autre genre."""
    duree = contenu.get("duree")
    if not isinstance(duree, Mapping):
        return "", None
    mois = duree.get("mois")
    return str(duree.get("type") or ""), mois if isinstance(mois, int) and not isinstance(mois, bool) else None


def _si(vrai: bool, **faits: object) -> Faits | None:
    return {nom: str(valeur) for nom, valeur in faits.items()} if vrai else None


def principal_absent(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Aucun diagnostic principal écrit, ou plus d'un."""
    principaux = [une for une in _lignes(contenu, "diagnostics") if une.get("principal") and _texte(une, "libelle")]
    return _si(len(principaux) != 1)


def limitations_absentes(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Aucun domaine n'a de niveau."""
    return _si(not _niveaux(contenu))


def duree_absente(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Pas de genre de durée, ou des mois sans leur nombre."""
    genre, mois = _duree(contenu)
    return _si(not genre or (genre == "mois" and mois is None))


def contrainte_absente(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Ni « temporaire » ni « sévère »."""
    return _si(not _texte(contenu, "contrainte"))


def duree_incoherente(contenu: Contenu, p: Parametres) -> Faits | None:
    """« Sévère » avec moins de mois que le seuil daté (`regles.duree_incoherente`)."""
    vrai = regles.duree_incoherente(contenu, p.mois_severe)
    return _si(vrai, mois=regles.mois_de(contenu), exigee=p.exigee, exigee_en=p.exigee_en)


def permanente_avec_fin(contenu: Contenu, _p: Parametres) -> Faits | None:
    """« Permanente » choisie, et un nombre de mois écrit à côté."""
    genre, mois = _duree(contenu)
    return _si(genre == "permanente" and mois is not None, mois=mois)


def indeterminee_avec_mois(contenu: Contenu, _p: Parametres) -> Faits | None:
    """« Indéterminée » choisie, et un nombre de mois écrit à côté."""
    genre, mois = _duree(contenu)
    return _si(genre == "indeterminee" and mois is not None, mois=mois)


def permanente_avec_evolution(contenu: Contenu, _p: Parametres) -> Faits | None:
    """« Permanente », et une évolution qui annonce une échéance; un simple rendez-vous de suivi n'en est pas une."""
    if _duree(contenu)[0] != "permanente":
        return None
    phrases = re.split(r"[.;\n]", sans_accents(_texte(contenu, "evolution").replace("\n", ";")))
    return _si(any(_HORIZON.search(une) and not _REVOIR.search(une) for une in phrases))


def indeterminee_sans_evolution(contenu: Contenu, _p: Parametres) -> Faits | None:
    """« Indéterminée » sans rien dire de l'évolution."""
    return _si(_duree(contenu)[0] == "indeterminee" and not _texte(contenu, "evolution"))


def temporaire_et_permanente(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Contrainte temporaire, limitations permanentes."""
    return _si(_texte(contenu, "contrainte") == "temporaire" and _duree(contenu)[0] == "permanente")


def temporaire_et_longue(contenu: Contenu, p: Parametres) -> Faits | None:
    """Contrainte temporaire dont la durée atteint le seuil daté d'une contrainte sévère."""
    mois = regles.mois_de(contenu)
    longue = mois is not None and mois >= p.mois_severe
    return _si(_texte(contenu, "contrainte") == "temporaire" and longue, mois=mois, seuil=p.mois_severe)


def severe_sans_limitation(contenu: Contenu, _p: Parametres) -> Faits | None:
    """« Sévère », et « aucune » dans chacun des domaines évalués."""
    niveaux = _niveaux(contenu)
    return _si(_texte(contenu, "contrainte") == "severe" and bool(niveaux) and set(niveaux) == {"aucune"})


def principal_sans_limitation(contenu: Contenu, p: Parametres) -> Faits | None:
    """Un diagnostic principal, des niveaux donnés, aucun modéré ni grave; se tait quand « sévère » contredit déjà."""
    niveaux = _niveaux(contenu)
    faible = bool(niveaux) and not set(niveaux) & set(MARQUES)
    return _si(faible and principal_absent(contenu, p) is None and severe_sans_limitation(contenu, p) is None)


def niveau_sans_exemple(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Domaines modérés ou graves qu'aucun exemple ne montre."""
    nus = [
        _texte(une, "domaine")
        for une in _lignes(contenu, "limitations")
        if _texte(une, "niveau") in MARQUES and not _texte(une, "exemple")
    ]
    return _si(bool(nus), nombre=len(nus), ancre=f"exemple_{nus[0]}") if nus else None


def diagnostic_incertain(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Diagnostic principal écrit au conditionnel : « possible », « à préciser », un point d'interrogation."""
    for rang, une in enumerate(_lignes(contenu, "diagnostics"), start=1):
        libelle = _texte(une, "libelle")
        if une.get("principal") and _INCERTAIN.search(sans_accents(libelle)):
            return _si(True, libelle=libelle, ancre=f"libelle_{rang}")
    return None


def diagnostics_identiques(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Deux diagnostics de même libellé; casse, accents et espaces ne comptent pas."""
    vus: set[str] = set()
    for rang, libelle in enumerate(_libelles(contenu), start=1):
        if (cle := sans_accents(libelle)) in vus:
            return _si(True, libelle=libelle, ancre=f"libelle_{rang}")
        vus.add(cle)
    return None


def cumul_sans_second(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Effet cumulatif coché avec moins de deux diagnostics écrits; un doublon se dit par sa propre règle."""
    return _si(bool(contenu.get("effet_cumulatif")) and len(_libelles(contenu)) < 2)


def cumul_non_coche(contenu: Contenu, _p: Parametres) -> Faits | None:
    """« Sévère », deux diagnostics distincts ou plus, effet cumulatif non coché."""
    nombre = _distincts(contenu)
    severe = _texte(contenu, "contrainte") == "severe"
    return _si(severe and nombre >= 2 and not contenu.get("effet_cumulatif"), nombre=nombre)


def cumul_sans_explication(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Effet cumulatif de deux diagnostics ou plus, sans une phrase de justification."""
    coche = bool(contenu.get("effet_cumulatif")) and _distincts(contenu) >= 2
    return _si(coche and not _texte(contenu, "justification"))


def traitements_absents(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Rien n'est écrit des traitements; « aucun » est une réponse."""
    return _si(not _texte(contenu, "traitements"))


def deterioration_sans_precision(contenu: Contenu, _p: Parametres) -> Faits | None:
    """Détérioration cochée, ni évolution ni justification."""
    dit = _texte(contenu, "evolution") or _texte(contenu, "justification")
    return _si(bool(contenu.get("deterioration")) and not dit)


def diagnostic_evident(contenu: Contenu, p: Parametres) -> Faits | None:
    """Un diagnostic identique à un libellé de la liste en vigueur, critères non jugés."""
    for rang, libelle in enumerate(_libelles(contenu), start=1):
        trouve = next((un for un in p.evidents if libelles_identiques(libelle, un)), None)
        if trouve is not None:
            return _si(True, libelle=trouve, ancre=f"libelle_{rang}")
    return None


def _a_venir(contenu: Contenu, champ: str, p: Parametres) -> Faits | None:
    texte = _texte(contenu, champ)
    lu = moment_lu(texte)
    return _si(lu is not None and lu > p.jour, moment=texte)


def suivi_a_venir(contenu: Contenu, p: Parametres) -> Faits | None:
    """« Suivi depuis » après le jour du jugement; un moment illisible ne se juge pas."""
    return _a_venir(contenu, "suivi_depuis", p)


def depuis_a_venir(contenu: Contenu, p: Parametres) -> Faits | None:
    """« Limitations présentes depuis » après le jour du jugement; un moment illisible ne se juge pas."""
    return _a_venir(contenu, "depuis", p)
