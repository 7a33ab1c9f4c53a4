"""Remplir une lettre type : une liste fermée de champs, un seul passage, aucun langage de gabarit.

Ce qu'une valeur contient n'est jamais relu : `{personne}` écrit dans un nom reste écrit. Source : `epreuves.md` I04.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CHAMPS = ("personne", "reference", "intervenant", "organisme", "telephone", "date", "clinicien")
_CHAMP = re.compile(r"\{(" + "|".join(CHAMPS) + r")\}")


def remplir(texte: str, valeurs: Mapping[str, str]) -> str:
    """Remplace les champs connus; tout autre texte entre accolades reste tel quel."""
    return _CHAMP.sub(lambda trouve: valeurs.get(trouve[1], ""), texte)


def champs_inconnus(texte: str) -> list[str]:
    """Ce qui ressemble à un champ sans en être un, pour juger une lettre type avant de la publier."""
    return [vu for vu in re.findall(r"\{([^{}]*)\}", texte) if vu not in CHAMPS]
