"""Registre des règles de droit : où chacune est écrite, d'où elle vient, quelles valeurs datées elle lit.

`@regle_de_droit` inscrit la fonction qui applique la règle. `docs/regles.md` en est engendré, et le contrôle
échoue si une règle n'a pas ses essais de bornes (`pytest.mark.bornes`). Source : `conception.md` §4.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
VEILLE, JOUR, LENDEMAIN, FERME, HEURE = "veille", "jour", "lendemain", "ferme", "heure"
CAS = "cas"  # une règle sans date : chaque condition, seule, change la réponse
BORNES = (VEILLE, JOUR, LENDEMAIN)
DELAI = (*BORNES, FERME, HEURE)
TOUTES = (*DELAI, CAS)


@dataclass(frozen=True)
class RegleDeDroit:
    """Une règle de droit telle que le programme l'applique.

    `regles` : codes des valeurs datées qu'elle lit. `exige` : bornes que ses essais doivent éprouver.
    """

    code: str
    titre: str
    source: str
    fonction: str
    regles: tuple[str, ...] = ()
    exige: tuple[str, ...] = BORNES


@dataclass(frozen=True)
class Essai:
    """Un essai marqué `bornes` : la règle qu'il éprouve, les bornes qu'il couvre, son adresse."""

    code: str
    quand: tuple[str, ...]
    adresse: str


_inscrites: dict[str, RegleDeDroit] = {}


def regle_de_droit(
    code: str, titre: str, *, source: str, regles: Iterable[str] = (), exige: Iterable[str] = BORNES
) -> Callable[[F], F]:
    """Inscrit la fonction décorée comme l'écriture de cette règle; elle n'en change pas.

    Lève `ValueError` si ce code est déjà celui d'une autre fonction : une règle n'a qu'une écriture.
    """

    def inscrire(fonction: F) -> F:
        nom = f"{fonction.__module__}.{fonction.__qualname__}"
        deja = _inscrites.get(code)
        if deja is not None and deja.fonction != nom:
            raise ValueError(f"La règle « {code} » est déjà écrite dans {deja.fonction}.")
        _inscrites[code] = RegleDeDroit(code, titre, source, nom, tuple(regles), tuple(exige))
        return fonction

    return inscrire


def inscrites() -> tuple[RegleDeDroit, ...]:
    """Les règles inscrites, par code."""
    return tuple(_inscrites[code] for code in sorted(_inscrites))


def lisant(code: str) -> tuple[RegleDeDroit, ...]:
    """Les règles de droit qui lisent cette valeur datée."""
    return tuple(une for une in inscrites() if code in une.regles)


# --- Essais ----------------------------------------------------------------------------


def essais_marques(dossier: Path) -> list[Essai]:
    """Les essais marqués `bornes` sous ce dossier, lus sans être exécutés."""
    return [
        essai for fichier in sorted(dossier.rglob("test_*.py")) for essai in _essais_du_fichier(fichier, dossier.parent)
    ]


def _essais_du_fichier(fichier: Path, racine: Path) -> Iterator[Essai]:
    for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
        if not isinstance(noeud, ast.FunctionDef) or not noeud.name.startswith("test_"):
            continue
        for marque in noeud.decorator_list:
            arguments = _arguments_de_bornes(marque)
            if arguments:
                adresse = f"{fichier.relative_to(racine).as_posix()}::{noeud.name}"
                yield Essai(arguments[0], tuple(arguments[1:]), adresse)


def _arguments_de_bornes(marque: ast.expr) -> list[str]:
    """Les textes de `pytest.mark.bornes(…)`; vide pour toute autre marque."""
    if not isinstance(marque, ast.Call) or not isinstance(marque.func, ast.Attribute):
        return []
    if marque.func.attr != "bornes":
        return []
    return [un.value for un in marque.args if isinstance(un, ast.Constant) and isinstance(un.value, str)]


def fautes(regles: Iterable[RegleDeDroit], essais: Iterable[Essai]) -> list[str]:
    """Ce qui manque, en clair : bornes sans essai, essai d'une règle inconnue, borne inconnue."""
    regles, essais = list(regles), list(essais)
    connues = {une.code for une in regles}
    dites = [
        f"{essai.adresse} éprouve une règle inconnue : « {essai.code} »."
        for essai in essais
        if essai.code not in connues
    ]
    dites += [
        f"{essai.adresse} nomme une borne inconnue : {', '.join(sorted(set(essai.quand) - set(TOUTES)))}."
        for essai in essais
        if not set(essai.quand) <= set(TOUTES)
    ]
    for une in regles:
        eprouvees = {borne for essai in essais if essai.code == une.code for borne in essai.quand}
        if manque := [borne for borne in une.exige if borne not in eprouvees]:
            dites.append(f"La règle « {une.code} » ({une.fonction}) n'a pas d'essai pour : {', '.join(manque)}.")
    return dites
