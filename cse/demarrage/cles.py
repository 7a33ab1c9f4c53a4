"""Clés locales : engendrées une fois, gardées sous `.donnees/`, lisibles du seul propriétaire."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def ecrire_secret(fichier: Path, contenu: str) -> None:
    """Écrire `contenu` dans un fichier neuf en mode 0600; sans effet s'il existe déjà.

    Le texte est écrit à côté puis lié : deux démarrages simultanés lisent la même clé.
    """
    fichier.parent.mkdir(parents=True, exist_ok=True)
    provisoire = fichier.with_name(f"{fichier.name}.{os.getpid()}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descripteur, "w", encoding="utf-8") as sortie:
        sortie.write(contenu)
    try:
        os.link(provisoire, fichier)
    except FileExistsError:
        pass
    finally:
        provisoire.unlink()


def cles_locales(dossier: Path) -> dict[str, str]:
    """Rendre `SECRET_KEY`, `CLE_CHIFFREMENT` et `CLE_EMPREINTE` de la démonstration."""
    fichier = dossier / "cles.json"
    if not fichier.exists():
        neuves = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "CLE_CHIFFREMENT": Fernet.generate_key().decode(),
            "CLE_EMPREINTE": secrets.token_urlsafe(32),
        }
        ecrire_secret(fichier, json.dumps(neuves))
    lues: dict[str, str] = json.loads(fichier.read_text(encoding="utf-8"))
    return lues
