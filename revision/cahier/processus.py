"""Lancer le processus jetable qui compte et colle : mémoire et temps bornés, aucun secret, aucun réseau."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ENFANT = Path(__file__).with_name("enfant.py")
SECONDES = 120  # de processeur : au-delà, le noyau tue
ATTENTE = 180.0  # s de mur
MEMOIRE = 900 * 2**20  # octets d'espace d'adresses : Python et ses bibliothèques réservent plus qu'ils n'occupent


class DocumentIllisible(Exception):
    """Un document ne s'ouvre pas; `rang` le nomme."""

    def __init__(self, rang: int) -> None:
        super().__init__(f"document {rang}")
        self.rang = rang


def jouer(geste: str, plan: dict[str, Any], lieu: Path, sortie: Path) -> dict[str, Any]:
    """Joue `compter` ou `coller` dans `lieu` et rend la réponse. Lève `DocumentIllisible`, `RuntimeError`."""
    ecrit = lieu / f"{geste}.json"
    ecrit.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    commande = [sys.executable, "-s", "-P", str(ENFANT), geste, str(ecrit), str(sortie), str(MEMOIRE), str(SECONDES)]
    try:
        fini = subprocess.run(
            commande,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environnement(lieu),
            cwd=lieu,
            timeout=ATTENTE,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise RuntimeError("le processus jetable n'a pas fini à temps") from erreur
    if fini.returncode == 3:
        raise DocumentIllisible(int(fini.stdout))
    if fini.returncode:
        raise RuntimeError(f"le processus jetable est sorti avec {fini.returncode}")
    rendu: dict[str, Any] = json.loads(fini.stdout)
    return rendu


def _environnement(lieu: Path) -> dict[str, str]:
    """Le strict nécessaire : aucun secret du travailleur."""
    garde = {nom: os.environ[nom] for nom in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if nom in os.environ}
    return {**garde, "HOME": str(lieu), "TMPDIR": str(lieu), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
