"""Refaire une copie sûre d'un fichier par un processus jetable : mémoire et temps bornés, aucun secret, aucun réseau.

Un processus par fichier : un décodeur qui fuit, boucle ou tombe n'emporte que lui, et le web ne porte jamais
les octets. Source : `epreuves.md` U02, U03.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dossiers.analyse.raisons import PieceRefusee

ENFANT = Path(__file__).with_name("enfant.py")
SECONDES = 20  # de processeur, et de mur
# Octets d'espace d'adresses : ce que Python et ses bibliothèques réservent, et le travail lui-même.
MEMOIRE = {"pdf": 420 * 2**20, "jpg": 560 * 2**20, "png": 560 * 2**20, "heic": 700 * 2**20}
TROP_LOURD = {"pdf": "bombe", "jpg": "image_trop_grande", "png": "image_trop_grande", "heic": "image_trop_grande"}


def refaire(genre: str, entree: Path, sortie: Path) -> None:
    """Écrit dans `sortie` la copie sûre d'`entree`; `genre` : pdf, jpg, png, heic. Lève `PieceRefusee`."""
    commande = [sys.executable, "-s", "-P", str(ENFANT), genre, str(entree), str(sortie)]
    try:
        fini = subprocess.run(
            [*commande, str(MEMOIRE[genre]), str(SECONDES)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environnement(sortie.parent),
            cwd=sortie.parent,
            timeout=SECONDES,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise PieceRefusee(TROP_LOURD[genre]) from erreur
    if fini.returncode == 3:
        raise PieceRefusee(fini.stdout.decode("ascii", errors="replace"))
    if fini.returncode or not sortie.exists():
        raise PieceRefusee(TROP_LOURD[genre])


def _environnement(lieu: Path) -> dict[str, str]:
    """Le strict nécessaire : aucun secret du travailleur."""
    garde = {nom: os.environ[nom] for nom in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if nom in os.environ}
    return {**garde, "HOME": str(lieu), "TMPDIR": str(lieu), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
