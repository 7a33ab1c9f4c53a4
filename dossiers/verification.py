"""Vérifications de rang 8 : un champ manque, ou sa valeur n'est pas recevable."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from socle.refus import Refus

TEXTE_MAX = 20_000


def exiger(champ: str, valeur: Any) -> Any:
    """Lève `champ_manquant` si la valeur est absente, vide ou faite d'espaces."""
    if valeur is None or (isinstance(valeur, str | list | tuple | dict) and not valeur):
        raise Refus("champ_manquant", champ=champ)
    if isinstance(valeur, str) and not valeur.strip():
        raise Refus("champ_manquant", champ=champ)
    return valeur


def texte(champ: str, valeur: Any, *, requis: bool = True, maximum: int = TEXTE_MAX) -> str:
    """Texte nettoyé de ses espaces de bord, sans caractère nul, d'au plus `maximum` signes."""
    if valeur is None and not requis:
        return ""
    if requis:
        exiger(champ, valeur)
    if isinstance(valeur, int | float) and not isinstance(valeur, bool):
        valeur = str(valeur)
    if not isinstance(valeur, str) or "\x00" in valeur or len(valeur) > maximum:
        raise Refus("champ_invalide", champ=champ)
    return valeur.strip()


def parmi(champ: str, valeur: Any, choix: Collection[str]) -> str:
    """Valeur prise dans une liste fermée."""
    exiger(champ, valeur)
    if not isinstance(valeur, str) or valeur not in choix:
        raise Refus("champ_invalide", champ=champ)
    return str(valeur)


def codes(champ: str, valeurs: Any, choix: Collection[str], *, requis: bool = True) -> list[str]:
    """Liste de codes connus, sans doublon, dans l'ordre donné."""
    if requis:
        exiger(champ, valeurs)
    if valeurs is None:
        return []
    if not isinstance(valeurs, list | tuple):
        raise Refus("champ_invalide", champ=champ)
    if any(not isinstance(code, str) or code not in choix for code in valeurs):
        raise Refus("champ_invalide", champ=champ)
    return list(dict.fromkeys(valeurs))


def une_date(champ: str, valeur: Any, *, requis: bool = True) -> date | None:
    """Date civile, donnée comme date ou comme texte `AAAA-MM-JJ`."""
    if requis:
        exiger(champ, valeur)
    if valeur is None or valeur == "":
        return None
    if isinstance(valeur, datetime):
        return valeur.date()
    if isinstance(valeur, date):
        return valeur
    try:
        return date.fromisoformat(valeur)
    except (TypeError, ValueError) as erreur:
        raise Refus("champ_invalide", champ=champ) from erreur


def date_exigee(champ: str, valeur: Any) -> date:
    """Comme `une_date`, toujours présente."""
    lue = une_date(champ, valeur)
    if lue is None:
        raise Refus("champ_manquant", champ=champ)
    return lue


def entier(champ: str, valeur: Any, *, minimum: int = 1, maximum: int = 1200) -> int:
    """Entier dans ses bornes; un booléen n'en est pas un."""
    exiger(champ, valeur)
    if isinstance(valeur, bool) or not isinstance(valeur, int) or not minimum <= valeur <= maximum:
        raise Refus("champ_invalide", champ=champ)
    return valeur


def numero(valeur: Any) -> int:
    """Le numéro d'une ligne du dossier, en nombre ou en chiffres; zéro, que nulle ligne ne porte, sinon."""
    lu = str(valeur) if isinstance(valeur, int | str) and not isinstance(valeur, bool) else ""
    return int(lu) if lu.isascii() and lu.isdecimal() and len(lu) < 19 else 0


def manquants(*paires: tuple[str, Any]) -> None:
    """Vérifie d'abord toutes les absences, pour que `champ_manquant` précède `champ_invalide`."""
    for champ, valeur in paires:
        exiger(champ, valeur)


def sans_doublon(elements: Iterable[Any]) -> bool:
    """Vrai si aucun élément ne revient deux fois."""
    liste = list(elements)
    return len(liste) == len(set(liste))


def codes_de(lignes: Iterable[Any]) -> set[str]:
    """Codes d'une liste de lignes datées."""
    return {str(ligne.code) for ligne in lignes}
