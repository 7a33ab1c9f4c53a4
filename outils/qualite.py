"""Vérifications de qualité, toutes exécutées, chacune dite en une ligne.

Usage : `python -m outils.qualite`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from cse.demarrage.postgres import ServeurImpossible, serveur

RACINE = Path(__file__).resolve().parent.parent
BIN = RACINE / ".venv" / "bin"
# Le script « lint-imports » porte un chemin absolu, que l'on ne peut déplacer.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lancer; lancer()"
Resultat = tuple[bool, str]


def commande(*arguments: str, **environnement: str) -> Callable[[], Resultat]:
    """Rendre une vérification qui exécute une commande et réussit si elle réussit."""

    def verifier() -> Resultat:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "cse.reglages.essai", **environnement}
        fini = subprocess.run(arguments, cwd=RACINE, env=env, capture_output=True, text=True, check=False)
        return fini.returncode == 0, f"{fini.stdout}{fini.stderr}".strip()

    return verifier


def module(*arguments: str) -> Callable[[], Resultat]:
    """Rendre une vérification faite par un module de l'environnement."""
    return commande(sys.executable, "-m", *arguments)


def manage(*arguments: str) -> Callable[[], Resultat]:
    """Rendre une vérification faite par une commande de la maison."""
    return commande(sys.executable, "manage.py", *arguments)


def verrous_sans_adresse() -> Resultat:
    """Refuser une adresse dans les verrous : ils doivent valoir pour tout dépôt de paquets."""
    fautes = [
        f"{fichier.name}:{numero} : {ligne.strip()}"
        for fichier in sorted(RACINE.glob("requirements*.txt"))
        for numero, ligne in enumerate(fichier.read_text(encoding="utf-8").splitlines(), 1)
        if "://" in ligne
    ]
    return not fautes, "\n".join(fautes)


def verrous_complets() -> Resultat:
    """Refuser une dépendance déclarée dans `pyproject.toml` et absente de son verrou."""
    import tomllib

    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = projet["optional-dependencies"]
    attendus = {
        "requirements.txt": projet["dependencies"],
        "requirements-demonstration.txt": projet["dependencies"] + extras["demonstration"],
        "requirements-dev.txt": projet["dependencies"] + extras["dev"],
    }
    fautes = []
    for fichier, declares in attendus.items():
        texte = (RACINE / fichier).read_text(encoding="utf-8").lower()
        verrouilles = {_normaliser(nom) for nom in re.findall(r"^([\w.-]+)==", texte, re.MULTILINE)}
        manquants = {_normaliser(re.split(r"[\[<>=!~ ]", nom)[0]) for nom in declares} - verrouilles
        fautes += [f"{fichier} : {nom} manque" for nom in sorted(manquants)]
    return not fautes, "\n".join(fautes)


def _normaliser(nom: str) -> str:
    return re.sub(r"[-_.]+", "-", nom).lower()


def longueur_des_fichiers() -> Resultat:
    """Refuser un fichier Python de plus de 500 lignes, hors migrations : il cache deux sujets."""
    suivis = subprocess.run(
        ["git", "ls-files", "-z", "*.py"], cwd=RACINE, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    fautes = []
    for nom in filter(None, suivis):
        fichier = RACINE / nom
        if fichier.parent.name == "migrations" or not fichier.exists():
            continue
        if (lignes := len(fichier.read_bytes().splitlines())) > 500:
            fautes.append(f"{nom} : {lignes} lignes")
    return not fautes, "\n".join(fautes)


VERIFICATIONS: dict[str, Callable[[], Resultat]] = {
    "ruff : règles": module("ruff", "check", "--output-format=concise", "."),
    "ruff : mise en forme": module("ruff", "format", "--check", "--output-format=concise", "."),
    "mypy : types": module("mypy"),
    "import-linter : couches": commande(sys.executable, "-c", LINT_IMPORTS, "--no-cache"),
    "djlint : gabarits": module("djlint", "--lint", "--quiet", "."),
    "migrations complètes": manage("makemigrations", "--check", "--dry-run"),
    "graphe des états à jour": manage("graphe_etats", "--verifier"),
    "règles de cohérence à jour": manage("regles_de_coherence", "--verifier"),
    "règles de droit à jour": manage("regles_de_droit", "--verifier"),
    "réglages de Django": manage("check"),
    "verrous sans adresse": verrous_sans_adresse,
    "verrous complets": verrous_complets,
    "fichiers de moins de 500 lignes": longueur_des_fichiers,
    "docker-compose.yml": commande(
        str(BIN / "docker-compose"), "-f", "docker-compose.yml", "config", "-q", ALLOWED_HOSTS="cse.example"
    ),
}


def principal() -> int:
    """Tout vérifier; rendre le nombre de vérifications manquées."""
    manquees = 0
    for nom, verifier in VERIFICATIONS.items():
        debut = time.monotonic()
        try:
            reussie, sortie = verifier()
        except OSError as erreur:
            reussie, sortie = False, str(erreur)
        print(f"{'bon   ' if reussie else 'MANQUÉ'}  {nom} ({time.monotonic() - debut:.1f} s)", flush=True)
        if not reussie:
            manquees += 1
            print("\n".join(f"        {ligne}" for ligne in sortie.splitlines()[-80:]), flush=True)
    print(f"{len(VERIFICATIONS) - manquees} vérifications bonnes, {manquees} manquées.")
    return manquees


if __name__ == "__main__":
    try:
        with nullcontext() if os.environ.get("DATABASE_URL") else serveur():
            sys.exit(1 if principal() else 0)
    except ServeurImpossible as erreur:
        sys.exit(f"Erreur : {erreur}")
