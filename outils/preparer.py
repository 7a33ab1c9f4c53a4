"""Préparer la machine : environnement Python, paquets verrouillés, bibliothèques du système.

N'emploie que la bibliothèque standard : il tourne avant que rien ne soit installé. Ne
refait rien de ce qui est déjà fait (témoin dans `.venv`).

Usage : `python outils/preparer.py demonstration|essais`.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
JOURNAL = RACINE / ".donnees" / "preparation.log"
VERROUS = {
    "demonstration": "requirements-demonstration.txt",
    "essais": "requirements-dev.txt",
    "codes": "requirements-codes.txt",
}

# Bibliothèque chargée par le moteur des lettres → paquet Debian.
BIBLIOTHEQUES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Programmes qu'exigent certains essais → paquet Debian.
PROGRAMMES = {
    ("chromium", "chromium-browser", "google-chrome"): "chromium",
    ("redis-server",): "redis-server",
    ("clamd",): "clamav-daemon",
}


def dire(texte: str) -> None:
    """Montrer l'avancement."""
    print(f"  {texte}", flush=True)


def arreter(texte: str) -> NoReturn:
    """Finir sur une phrase."""
    sys.exit(f"Erreur : {texte}")


def executer(*commande: str, **environnement: str) -> bool:
    """Exécuter, la sortie au journal; rendre vrai si tout va bien."""
    JOURNAL.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    with JOURNAL.open("a", encoding="utf-8") as journal:
        journal.write(f"\n$ {' '.join(commande)}\n")
        journal.flush()
        env = {**os.environ, **environnement}
        try:
            fini = subprocess.run(
                commande,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=journal,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=RACINE,
            )
        except OSError as erreur:
            journal.write(f"{erreur}\n")
            return False
    return fini.returncode == 0


def fin_du_journal() -> str:
    """Rendre les dernières lignes du journal de préparation."""
    return "\n".join(JOURNAL.read_text(encoding="utf-8", errors="replace").splitlines()[-6:])


# --- Paquets du système ---------------------------------------------------------------
def _prefixe_administrateur() -> list[str] | None:
    """Rendre ce qui donne le droit d'installer, ou `None` si on ne l'a pas."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and executer("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def installer_du_systeme(paquets: list[str]) -> bool:
    """Installer des paquets Debian si on le peut; rendre vrai si c'est fait."""
    prefixe = _prefixe_administrateur()
    if prefixe is None:
        return False
    dire(f"Installation de {', '.join(paquets)}…")
    apt = [*prefixe, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    installer = [*apt, "install", "-y", "-q", "--no-install-recommends", *paquets]
    return executer(*installer) or (executer(*apt, "update", "-q") and executer(*installer))


def ligne_a_lancer(paquets: list[str]) -> str:
    """Rendre la ligne exacte à lancer à la main."""
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(paquets)}"


def _absente(bibliotheque: str) -> bool:
    try:
        ctypes.CDLL(bibliotheque)
    except OSError:
        return True
    return False


def preparer_bibliotheques() -> None:
    """Assurer les bibliothèques du moteur des lettres, ou dire la ligne à lancer."""
    manquants = [paquet for nom, paquet in BIBLIOTHEQUES.items() if _absente(nom)]
    if manquants and not installer_du_systeme(manquants):
        arreter(f"il manque des bibliothèques du système. Lancez :\n  {ligne_a_lancer(manquants)}")


def programme(nom: str) -> str | None:
    """Rendre le chemin d'un programme, `/usr/sbin` compris (hors du PATH ordinaire)."""
    return shutil.which(nom, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def preparer_programmes() -> None:
    """Installer ce qu'exigent certains essais; sinon, ils seront dits non exécutés."""
    manquants = [paquet for noms, paquet in PROGRAMMES.items() if not any(map(programme, noms))]
    if manquants and not installer_du_systeme(manquants):
        dire(f"Sans {', '.join(manquants)}, certains essais ne tourneront pas. Pour les installer :")
        dire(f"  {ligne_a_lancer(manquants)}")


# --- Environnement Python -------------------------------------------------------------
def preparer_venv() -> None:
    """Créer `.venv` s'il manque, ou si le dossier a été déplacé."""
    if PYTHON.exists() and executer(str(PYTHON), "-c", "import pip, sys; assert sys.version_info >= (3, 11)"):
        return
    dire("Création de l'environnement Python…")
    creer = (sys.executable, "-m", "venv", "--clear", str(VENV))
    if executer(*creer):
        return
    paquet = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not (installer_du_systeme([paquet]) and executer(*creer)):
        arreter(f"l'environnement Python n'a pas pu être créé. Lancez :\n  {ligne_a_lancer([paquet])}")


def _temoin(niveau: str) -> tuple[Path, str]:
    empreinte = hashlib.sha256((RACINE / VERROUS[niveau]).read_bytes()).hexdigest()
    return VENV / f".prepare-{niveau}", empreinte


def a_jour(niveau: str) -> bool:
    """Dire si les paquets de ce niveau sont ceux du verrou."""
    temoin, empreinte = _temoin(niveau)
    return temoin.exists() and temoin.read_text() == empreinte


def preparer_paquets(niveau: str) -> None:
    """Installer les paquets du verrou, empreintes vérifiées; uv d'abord, pip sinon."""
    if a_jour(niveau):
        return
    dire("Installation des paquets Python (une minute au plus, la première fois)…")
    temoin, empreinte = _temoin(niveau)
    pip = (str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r")
    uv = (str(VENV / "bin" / "uv"), "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r")
    verrou = VERROUS[niveau]
    # uv est dix fois plus rapide, mais ignore la configuration de pip (miroir, mandataire).
    rapide = executer(*pip, "requirements-outils.txt") and executer(*uv, verrou, UV_LINK_MODE="copy")
    if not rapide and not executer(*pip, verrou):
        arreter(
            "les paquets Python n'ont pas pu être installés (réseau ? disque ?). "
            f"Fin de {JOURNAL} :\n{fin_du_journal()}"
        )
    temoin.write_text(empreinte)


def preparer_codes() -> None:
    """Installer la liste des codes de diagnostic, des données sous GPL; sans elle, le texte libre suffit."""
    if a_jour("codes"):
        return
    temoin, empreinte = _temoin("codes")
    options = ("-q", "--require-hashes", "--no-deps", "-r", VERROUS["codes"])
    uv = (str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), *options)
    pip = (str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *options)
    dire("Installation de la liste des codes de diagnostic…")
    if executer(*uv, UV_LINK_MODE="copy") or executer(*pip):
        temoin.write_text(empreinte)
    else:
        dire("La liste n'a pas pu être installée : la recherche sera vide, le texte libre suffit.")


def principal(niveau: str) -> None:
    """Préparer ce qu'il faut pour la démonstration ou pour les essais."""
    if niveau not in ("demonstration", "essais"):
        arreter(f"niveau inconnu « {niveau} » : demonstration ou essais.")
    try:
        preparer_venv()
        preparer_paquets(niveau)
        preparer_bibliotheques()
        if niveau == "demonstration":
            preparer_codes()
        if niveau == "essais":
            preparer_programmes()
    except OSError as erreur:
        arreter(f"préparation impossible : {erreur}.")


if __name__ == "__main__":
    principal(sys.argv[1] if len(sys.argv) > 1 else "essais")
