"""Le score de lecture d'un texte libre : il informe, il ne bloque jamais."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from socle.composants import Mesure


def mesures(texte: str) -> list[Mesure]:
    """Les mesures de lecture d'un texte; vide sans texte."""
    if not texte.strip() or find_spec("socle.lisibilite") is None:
        return []
    module: Any = import_module("socle.lisibilite")
    rendues: list[Mesure] = module.mesures(texte) if hasattr(module, "mesures") else []
    return rendues
