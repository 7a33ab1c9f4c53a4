"""Garder un brouillon réponse par réponse : deux fenêtres n'entrent en conflit que sur une même réponse.

La page porte, dans un champ caché, l'empreinte de chaque réponse qu'elle montre. À l'enregistrement, une réponse
que cette page n'a pas touchée laisse vivre celle d'une autre fenêtre; une réponse touchée des deux côtés n'écrase
rien : elle se montre deux fois. Sert aux avis et, par les mêmes fonctions, aux analyses de révision : tout modèle
qui a `contenu_json`, `version` et `modifie_le`.
Source : `conception.md` (rien ne s'écrase en silence); `ecrans-et-lettres.md` B0.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction

from socle import horloge

M = TypeVar("M", bound=models.Model)
# Une empreinte sert à comparer, jamais à protéger : ce qu'elle résume est déjà dans la page.
OCTETS = 6
# Les citations de page et l'état de la liseuse : un geste les change à partir de ce qui est gardé, jamais de ce que la
# page montrait. Un enregistrement sans ce geste n'y touche pas.
HORS_PAGE = ("ancrages", "lecture")
HorsPage = Callable[[Mapping[str, Any]], Mapping[str, Any]]
LU_MAX = 20_000


def a_plat(contenu: Mapping[str, Any], prefixe: str = "") -> dict[str, Any]:
    """Chaque réponse sous son chemin (« raisons.duree »); une réponse vide n'y est pas."""
    plat: dict[str, Any] = {}
    for nom, valeur in contenu.items():
        chemin = f"{prefixe}{nom}"
        if isinstance(valeur, Mapping):
            plat |= a_plat(valeur, f"{chemin}.")
        elif valeur not in ("", None, []):
            plat[chemin] = valeur
    return plat


def remonter(plat: Mapping[str, Any]) -> dict[str, Any]:
    """L'inverse de `a_plat`."""
    contenu: dict[str, Any] = {}
    for chemin, valeur in plat.items():
        *parents, nom = chemin.split(".")
        ou = contenu
        for parent in parents:
            ou = ou.setdefault(parent, {})
        ou[nom] = valeur
    return contenu


def _empreinte(valeur: Any) -> str:
    texte = json.dumps(valeur, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2s(texte.encode(), digest_size=OCTETS).hexdigest()


def empreintes(contenu: Mapping[str, Any]) -> str:
    """Ce que la page a montré : l'empreinte de chaque réponse, en JSON, pour son champ caché."""
    dites = {chemin: _empreinte(valeur) for chemin, valeur in a_plat(contenu).items() if not _hors_page(chemin)}
    return json.dumps(dites, sort_keys=True)


def _hors_page(chemin: str) -> bool:
    return chemin.partition(".")[0] in HORS_PAGE


def lire_empreintes(texte: Any) -> dict[str, str] | None:
    """Les empreintes reçues d'une page; `None` si elle n'en porte pas, ou pas de lisibles."""
    if not isinstance(texte, str) or not texte or len(texte) > LU_MAX:
        return None
    try:
        lues = json.loads(texte)
    except ValueError:
        return None
    if not isinstance(lues, dict) or not all(isinstance(une, str) for une in lues.values()):
        return None
    return lues


@dataclass(frozen=True)
class Fusion:
    """Ce qui se garde, les réponses changées des deux côtés, et celles qu'une autre fenêtre seule a changées."""

    contenu: dict[str, Any]
    conflits: list[str] = field(default_factory=list)
    ailleurs: list[str] = field(default_factory=list)


def fusionner(garde: Mapping[str, Any], ecrit: Mapping[str, Any], lu: Mapping[str, str]) -> Fusion:
    """Rapproche ce qui est gardé de ce qu'une page envoie, d'après ce qu'elle avait lu. Pur.

    `HORS_PAGE` est toujours écrit : `ecrit` le tient déjà de ce qui est gardé.
    """
    avant, apres = a_plat(garde), a_plat(ecrit)
    reste, conflits, ailleurs = dict(avant), [], []
    for chemin in sorted({*avant, *apres}):
        gardee, ecrite = avant.get(chemin), apres.get(chemin)
        if gardee == ecrite:
            continue
        montree = lu.get(chemin)
        if not _hors_page(chemin) and montree == (None if ecrite is None else _empreinte(ecrite)):
            ailleurs.append(chemin)
        elif _hors_page(chemin) or montree == (None if gardee is None else _empreinte(gardee)):
            if ecrite is None:
                del reste[chemin]
            else:
                reste[chemin] = ecrite
        else:
            conflits.append(chemin)
    return Fusion(remonter(reste), conflits, ailleurs)


@transaction.atomic
def garder(
    modele: type[M],
    cle: Mapping[str, Any],
    contenu: dict[str, Any],
    version_lue: int | None,
    *,
    lu: Any = None,
    depart: Mapping[str, Any] | None = None,
    hors_page: HorsPage | None = None,
) -> tuple[M, Fusion]:
    """Garde le brouillon de cette `cle`; rend ce qui est gardé et la fusion.

    Avec `lu` (les empreintes de la page), chaque réponse se juge seule; sans lui, une autre version que
    `version_lue` met tout en conflit et n'écrit rien. `version_lue` vide et sans `lu` : écrit sans comparer.
    `depart` : ce que la page montrait tant qu'aucun brouillon n'existait (le dernier avis rendu).
    `hors_page` : ce que devient `HORS_PAGE`, calculé sous le verrou depuis ce qui est gardé; sans lui, il reste.
    """
    brouillon: Any = modele._default_manager.select_for_update(of=("self",)).get_or_create(
        **cle, defaults={"modifie_le": horloge.maintenant()}
    )[0]
    garde = (depart or {}) if brouillon.version == 0 else brouillon.contenu
    empreintes_lues = lire_empreintes(lu)
    if empreintes_lues is None and version_lue is not None and version_lue != brouillon.version:
        chemins = {un for un in (*a_plat(brouillon.contenu), *a_plat(contenu)) if not _hors_page(un)}
        return brouillon, Fusion(brouillon.contenu, sorted(chemins) or ["texte"])
    laisses = {nom: garde[nom] for nom in HORS_PAGE if nom in garde}
    ecrit = {**contenu, **(laisses if hors_page is None else hors_page(garde))}
    fusion = Fusion(ecrit) if empreintes_lues is None else fusionner(garde, ecrit, empreintes_lues)
    brouillon.contenu_json = json.dumps(fusion.contenu, ensure_ascii=False, sort_keys=True)
    brouillon.version += 1
    brouillon.modifie_le = horloge.maintenant()
    brouillon.save()
    return brouillon, fusion
