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
SECONDES = 20  # de processeur : au-delà, le noyau tue, et le fichier est refusé
ATTENTE = 90.0  # s de mur : au-delà, la machine est trop chargée pour juger; la pièce attend
# Octets d'espace d'adresses : ce que Python et ses bibliothèques réservent, et le travail lui-même.
MEMOIRE = {
    "pdf": 420 * 2**20,
    "jpg": 560 * 2**20,
    "png": 560 * 2**20,
    "heic": 700 * 2**20,
    "page_pdf": 560 * 2**20,
    "page_image": 560 * 2**20,
    "textes_pdf": 560 * 2**20,
}


def refaire(genre: str, entree: Path, sortie: Path) -> None:
    """Écrit dans `sortie` la copie sûre d'`entree`; `genre` : pdf, jpg, png, heic.

    Lève `PieceRefusee`; `TimeoutError` si la machine n'a pas laissé le temps de juger.
    """
    _lancer(genre, entree, sortie)


def page(genre: str, entree: Path, sortie: Path, rang: int, combien: int = 1) -> None:
    """Écrit l'image d'une page dans `sortie` (PNG), son texte dans `sortie.json`. Lève `PieceRefusee`.

    `combien` : les pages qui suivent s'écrivent à côté (`page-<rang>.png` et `.json`), s'il y en a.
    """
    _lancer("page_pdf" if genre == "pdf" else "page_image", entree, sortie, str(rang), str(combien))


def textes(entree: Path, sortie: Path) -> None:
    """Écrit le texte de chaque page d'un PDF dans `sortie`, une liste JSON. Lève `PieceRefusee`."""
    _lancer("textes_pdf", entree, sortie)


def _lancer(genre: str, entree: Path, sortie: Path, *de_plus: str) -> None:
    commande = [sys.executable, "-s", "-P", str(ENFANT), genre, str(entree), str(sortie)]
    trop_lourd = "bombe" if "pdf" in genre else "image_trop_grande"
    try:
        fini = subprocess.run(
            [*commande, str(MEMOIRE[genre]), str(SECONDES), *de_plus],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environnement(sortie.parent),
            cwd=sortie.parent,
            timeout=ATTENTE,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise TimeoutError("le processus jetable n'a pas eu la main") from erreur
    if fini.returncode == 3:
        raise PieceRefusee(fini.stdout.decode("ascii", errors="replace"))
    if fini.returncode == 5:
        raise RuntimeError("une bibliothèque manque au processus jetable")
    if fini.returncode or not sortie.exists():
        raise PieceRefusee(trop_lourd)


def _environnement(lieu: Path) -> dict[str, str]:
    """Le strict nécessaire : aucun secret du travailleur."""
    garde = {nom: os.environ[nom] for nom in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if nom in os.environ}
    return {**garde, "HOME": str(lieu), "TMPDIR": str(lieu), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
