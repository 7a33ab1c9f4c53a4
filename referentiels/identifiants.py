"""Vérification des identifiants : on avertit, on ne bloque jamais.

Un numéro mal recopié se corrige; un numéro inhabituel ne doit fermer la porte à personne.
Aucun genre n'est déduit d'un numéro. Source : `domaine.md` §7.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from stdnum.ca import sin
from stdnum.exceptions import ValidationError

POIDS_NAM = (7, 1, 1, 3, 9, 7, 3, 9, 5, 3, 1, 3, 5, 7, 6, 9, 1)
_FORME_NAM = re.compile(r"[A-Z]{4}\d{8}")
_FORME_POSTALE = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d")
_FORMES_PERMIS = {
    "cmq": (re.compile(r"\d{5}"), "Le permis du Collège des médecins a d'ordinaire 5 chiffres."),
    "oiiq": (re.compile(r"\d+"), "Le permis de l'Ordre des infirmières s'écrit en chiffres."),
    "nimc": (re.compile(r"CAMD\d{8}"), "Le numéro d'inscription médicale s'écrit CAMD-1234-5678."),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """`valeur` : le numéro sans espaces ni tirets; `avertissements` : ce qui surprend, en français."""

    valeur: str
    avertissements: tuple[str, ...] = ()

    @property
    def sans_reserve(self) -> bool:
        """Vrai si rien ne surprend."""
        return not self.avertissements


def compacter(texte: str) -> str:
    """Majuscules, sans espaces, points ni tirets."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", texte).upper()


def cle_nam(nam: str, siecle: int) -> int:
    """Douzième caractère attendu d'un NAM bien formé, pour une naissance en `siecle`00 (19 ou 20).

    Algorithme non officiel : lettre → deux chiffres (A = 01 … R = 18, S = 20 … Z = 27), puis
    siècle, date et 11e caractère, pondérés; la somme modulo 10.
    """
    chiffres = [chiffre for lettre in nam[:4] for chiffre in divmod(_rang(lettre), 10)]
    chiffres += [int(c) for c in f"{siecle:02}{nam[4:11]}"]
    return sum(c * poids for c, poids in zip(chiffres, POIDS_NAM, strict=True)) % 10


def _rang(lettre: str) -> int:
    rang = ord(lettre) - ord("A") + 1
    return rang + 1 if lettre >= "S" else rang


def verifier_nam(texte: str, naissance: dt.date | None = None) -> Verification:
    """Forme, date et clé d'un numéro d'assurance maladie du Québec."""
    nam = compacter(texte)
    if not _FORME_NAM.fullmatch(nam):
        return Verification(nam, ("Le numéro d'assurance maladie a d'ordinaire 4 lettres et 8 chiffres.",))
    avertissements = []
    siecles = (naissance.year // 100,) if naissance else (19, 20)
    if not any(_date_du_nam(nam, siecle) for siecle in siecles):
        avertissements.append("Ce numéro d'assurance maladie ne contient pas une date possible.")
    elif naissance and naissance not in {_date_du_nam(nam, siecle) for siecle in siecles}:
        avertissements.append("La date dans ce numéro diffère de la date de naissance.")
    if all(str(cle_nam(nam, siecle)) != nam[11] for siecle in siecles):
        avertissements.append("Le dernier chiffre de ce numéro est inattendu : vérifiez la carte.")
    return Verification(nam, tuple(avertissements))


def _date_du_nam(nam: str, siecle: int) -> dt.date | None:
    """Date portée par le numéro; le mois y est parfois augmenté de 50."""
    annee, mois, jour = int(nam[4:6]), int(nam[6:8]), int(nam[8:10])
    try:
        return dt.date(100 * siecle + annee, mois - 50 if mois > 50 else mois, jour)
    except ValueError:
        return None


def formater_nam(nam: str) -> str:
    """« TREM 5003 1512 »; rend le texte tel quel s'il n'est pas bien formé."""
    compact = compacter(nam)
    if not _FORME_NAM.fullmatch(compact):
        return nam
    return f"{compact[:4]} {compact[4:8]} {compact[8:]}"


def verifier_nas(texte: str) -> Verification:
    """Neuf chiffres et clé de Luhn d'un numéro d'assurance sociale."""
    nas = compacter(texte)
    try:
        sin.validate(nas)
    except ValidationError:
        return Verification(nas, ("Ce numéro d'assurance sociale est inattendu : vérifiez les 9 chiffres.",))
    return Verification(nas)


def verifier_permis(numero: str, forme: str) -> Verification:
    """Numéro de permis selon sa `forme` (« cmq », « oiiq », « nimc »); une forme inconnue ne surprend pas."""
    permis = compacter(numero)
    if forme not in _FORMES_PERMIS:
        return Verification(permis)
    motif, avertissement = _FORMES_PERMIS[forme]
    return Verification(permis, () if motif.fullmatch(permis) else (avertissement,))


def verifier_code_postal(texte: str) -> Verification:
    """Code postal canadien, rendu « G1R 4S9 »."""
    code = compacter(texte)
    if not _FORME_POSTALE.fullmatch(code):
        return Verification(code, ("Le code postal s'écrit d'ordinaire comme G1R 4S9.",))
    return Verification(f"{code[:3]} {code[3:]}")
