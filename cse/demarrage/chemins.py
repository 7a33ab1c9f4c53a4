"""Où vivent les données locales : jamais sous un dossier que le serveur ne peut atteindre."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent.parent


def donnees() -> Path:
    """Rendre le dossier des données locales du projet (`DONNEES`, sinon `.donnees`)."""
    if nomme := os.environ.get("DONNEES"):
        return Path(nomme).resolve()
    return RACINE / ".donnees"


def cache() -> Path:
    """Rendre le dossier de repli : cache XDG de l'utilisateur, propre à ce projet."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    marque = hashlib.sha256(str(RACINE).encode()).hexdigest()[:10]
    return base / f"cse-{marque}"
