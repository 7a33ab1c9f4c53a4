"""Où chaque règle datée est lue, et celles qui ne font qu'informer, avec la raison.

Une règle semée que rien ne lit est un réglage sans effet : le contrôle de `docs/regles.md` la refuse, sauf si
elle est nommée ici. Source : `conception.md` §4.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

INFORMATIVES: dict[str, str] = {
    "absence_aide_reexamen_mois": "Motif de réexamen qu'une personne constate; aucun programme ne mesure l'absence.",
    "accuse_reception_jours_ouvrables": "Promesse affichée; l'accusé part de lui-même au dépôt.",
    "conservation_dossier_annees": "Aucune durée connue : rien n'est détruit.",
    "conservation_incidents_annees": "Le registre des incidents ne s'efface pas.",
    "demande_renseignement_jours": "Promesse affichée; l'étape « reçue » la mesure par `promesses_jours`.",
    "lot_postal_heure": "L'horaire des travaux la fixe au démarrage; un essai tient les deux égaux.",
    "paragraphe_clinicien_max_caracteres": "La forme du rapport la porte; un essai tient les deux égaux.",
    "preavis_cessation_jours": "La cessation d'une prestation se traite hors de ce logiciel.",
}
NON_LUS = ("tests", "docs", "bench", "static", "locale", "migrations", "semence", "demo", ".venv", "node_modules")
MOI = ("referentiels/usages.py",)
MARQUE = "\n@regle_de_droit("


def lectures(racine: Path, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Fichiers qui lisent chaque code, lus sans être exécutés : texte d'un programme ou d'un gabarit.

    Le registre du droit ne compte pas pour une lecture : nommer une règle n'est pas la lire.
    """
    voulus = set(codes)
    trouves: dict[str, set[str]] = {code: set() for code in voulus}
    for fichier in _fichiers(racine):
        relatif = fichier.relative_to(racine)
        if any(partie in NON_LUS for partie in relatif.parts) or relatif.as_posix() in MOI:
            continue
        texte = fichier.read_text(encoding="utf-8")
        nommes = {code for code in voulus if code in texte}
        if not nommes:  # lire l'arbre d'un programme coûte; la plupart ne nomment aucune règle
            continue
        lus = _textes(texte) if fichier.suffix == ".py" else set(re.findall(r"[\"']([a-z0-9_]+)[\"']", texte))
        for code in nommes & lus:
            trouves[code].add(relatif.as_posix())
    return {code: tuple(sorted(fichiers)) for code, fichiers in trouves.items()}


def _fichiers(racine: Path) -> Iterator[Path]:
    """Programmes et gabarits des apps, sans entrer dans les dossiers qui n'en sont pas."""
    for dossier in sorted(un for un in racine.iterdir() if un.is_dir() and not un.name.startswith(".")):
        if dossier.name not in NON_LUS:
            yield from sorted([*dossier.rglob("*.py"), *dossier.rglob("*.html")])


def _textes(programme: str) -> set[str]:
    """Textes d'un programme, hors des décorateurs `regle_de_droit`."""
    arbre = ast.parse(programme)
    exclus = {
        id(sous)
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name) and noeud.func.id == "regle_de_droit"
        for sous in ast.walk(noeud)
    }
    return {
        noeud.value
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in exclus
    }


@lru_cache(maxsize=1)
def modules_du_droit(racine: Path) -> tuple[str, ...]:
    """Les programmes qui inscrivent une règle de droit, par nom : les charger suffit à les connaître toutes."""
    return tuple(
        ".".join(fichier.relative_to(racine).with_suffix("").parts)
        for fichier in _fichiers(racine)
        if fichier.suffix == ".py" and MARQUE in fichier.read_text(encoding="utf-8")
    )


@lru_cache(maxsize=1)
def lectures_de_la_maison(racine: Path) -> Mapping[str, tuple[str, ...]]:
    """Les lectures de chaque règle semée; le programme ne change pas pendant qu'il tourne."""
    from .semence import CONTENU

    return lectures(racine, [str(ligne["code"]) for ligne in CONTENU["Regle"]])


def fautes(lus: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Règles que rien ne lit et que rien ne dit informatives; règles dites informatives, inconnues ou lues."""
    muettes = sorted(code for code, fichiers in lus.items() if not fichiers and code not in INFORMATIVES)
    inconnues = sorted(set(INFORMATIVES) - set(lus))
    lues = sorted(code for code in INFORMATIVES if lus.get(code))
    return [
        *(f"La règle « {code} » n'est lue nulle part." for code in muettes),
        *(f"La règle informative « {code} » n'existe pas." for code in inconnues),
        *(f"La règle « {code} » est lue : elle n'est pas qu'informative." for code in lues),
    ]
