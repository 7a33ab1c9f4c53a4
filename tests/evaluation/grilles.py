"""Des grilles remplies, telles que les essais les envoient à l'acte ou à la page."""

from __future__ import annotations

import html
import re
from typing import Any

GRILLE: dict[str, Any] = {
    "lignes": {
        "effet_cumulatif": {"reponse": "oui", "phrase": "La douleur et la fatigue s'ajoutent."},
        "scolarite": {"reponse": "nuit", "phrase": "Cinquième année du primaire."},
    },
    "domaines": {"emotions": "grave"},
}
AGE_A_PESE = {"lignes": {"age": {"reponse": "oui", "phrase": "À 61 ans, apprendre un autre métier prendrait trop."}}}


def champs_caches(page: str) -> dict[str, str]:
    """Les champs cachés que la page porte, pour poster comme elle : sa version et ce qu'elle a montré."""
    lus = {}
    for nom in ("version", "lu"):
        trouve = re.search(rf'<input type="hidden" name="{nom}"(?: value="([^"]*)")?', page)
        assert trouve is not None, nom
        lus[nom] = html.unescape(trouve.group(1) or "")
    return lus
