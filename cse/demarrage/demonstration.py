"""`make demo` : préparer la base, la peupler, servir, tout arrêter sur Ctrl-C."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from importlib import metadata
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import Error, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from cse.demarrage.postgres import ServeurImpossible, relever, serveur

ESPACE_MINIMAL = 200 * 1024 * 1024  # octets
ATTENTE_MAX = 60.0  # s


class DemonstrationImpossible(RuntimeError):
    """La démonstration ne peut pas démarrer; le message est destiné à la personne."""


def _sortir(signum: int, cadre: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _rien() -> None:
    """Ne rien veiller : la base n'est pas la nôtre."""


@contextmanager
def etape(texte: str) -> Iterator[None]:
    """Montrer une étape et sa durée."""
    print(f"  {texte}…", end="", flush=True)
    debut = time.monotonic()
    yield
    print(f" fait ({time.monotonic() - debut:.1f} s)".replace(".", ","), flush=True)


def verifier_port(hote: str, port: int) -> None:
    """Refuser un port déjà pris ou interdit."""
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((hote, port))
        except (OSError, OverflowError) as erreur:
            raise DemonstrationImpossible(
                f"le port {port} de {hote} est pris ou interdit : "
                f"choisissez-en un autre, par exemple « make demo PORT={port + 1 if port < 65000 else 8000} »."
            ) from erreur


def verifier_disque() -> None:
    """Refuser un disque presque plein, avant d'y laisser une base à moitié écrite."""
    dossier = Path(settings.DONNEES)
    try:
        dossier.mkdir(parents=True, exist_ok=True, mode=0o711)
    except OSError as erreur:
        raise DemonstrationImpossible(f"« {dossier} » ne peut pas être créé ({erreur.strerror}).") from erreur
    libre = shutil.disk_usage(dossier).free
    if libre < ESPACE_MINIMAL:
        raise DemonstrationImpossible(
            f"le disque est presque plein ({libre // 2**20} Mo libres) : il en faut {ESPACE_MINIMAL // 2**20}."
        )


def _migrations_a_jour() -> bool:
    """Dire si la base porte déjà toutes les migrations."""
    executeur = MigrationExecutor(connection)
    return not executeur.migration_plan(executeur.loader.graph.leaf_nodes())


def _commande(*arguments: str) -> None:
    """Exécuter une commande de la maison dans son propre processus, sous le rôle propriétaire."""
    fini = subprocess.run(
        [sys.executable, str(settings.RACINE / "manage.py"), *arguments],
        cwd=settings.RACINE,
        capture_output=True,
        text=True,
        check=False,
    )
    if fini.returncode:
        raise DemonstrationImpossible(f"« {arguments[0]} » a échoué :\n{fini.stderr.strip() or fini.stdout.strip()}")


def preparer_base() -> None:
    """Migrer et accorder les droits, seulement s'il le faut."""
    try:
        a_jour = _migrations_a_jour()
    except OperationalError as erreur:
        cible = connection.settings_dict
        raise DemonstrationImpossible(
            f"la base de données ne répond pas à {cible['HOST'] or 'localhost'}:{cible['PORT'] or 5432} "
            f"({str(erreur).strip().splitlines()[0]}) : vérifiez DATABASE_URL."
        ) from erreur
    except Error:
        # Une base neuve : l'application n'a encore aucun droit.
        a_jour = False
    if a_jour:
        return
    connection.close()
    with etape("Création des tables"):
        _commande("preparer_base")


def preparer_codes() -> None:
    """Charger la liste des codes de diagnostic, une fois par version du paquet; sans elle, la recherche est vide."""
    from referentiels.models import CodeDiagnostic
    from referentiels.sources_codes import PAQUET

    try:
        version = metadata.version(PAQUET)
    except metadata.PackageNotFoundError:
        print("  Sans la liste des codes de diagnostic : la recherche est vide, le texte libre suffit.", flush=True)
        return
    if CodeDiagnostic.objects.filter(source__startswith=f"{PAQUET} {version},").exists():
        return
    with etape("Codes de diagnostic"):
        try:
            call_command("importer_codes", stdout=StringIO())
        except CommandError as erreur:
            print(f" impossible ({erreur}) : le texte libre suffit.", end="", flush=True)


def _empreinte_statique() -> str:
    """Résumer les fichiers statiques (chemin, date, taille)."""
    resume = hashlib.sha256()
    for chercheur in get_finders():
        for chemin, stockage in chercheur.list([]):
            etat = Path(stockage.path(chemin)).stat()
            resume.update(f"{chemin}|{etat.st_mtime_ns}|{etat.st_size}\n".encode())
    return resume.hexdigest()


def preparer_statiques() -> None:
    """Réunir et compresser les fichiers statiques s'ils ont changé, dans un autre processus."""
    temoin = Path(settings.STATIC_ROOT) / ".empreinte"
    empreinte = _empreinte_statique()
    if temoin.exists() and temoin.read_text() == empreinte:
        return
    _commande("collectstatic", "--no-input", "--clear", "--verbosity=0")
    temoin.write_text(empreinte)


def _lancer(*commande: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *commande], cwd=settings.RACINE)


def processus() -> list[subprocess.Popen[bytes]]:
    """Lancer le web et, avec Redis, un travailleur et une horloge à part."""
    lances = [_lancer("gunicorn", "-c", "python:cse.demarrage.gunicorn_demo")]
    if not settings.TRAVAIL_INTEGRE:
        celery = ("celery", "--quiet", "-A", "cse.celery:application")
        lances.append(_lancer(*celery, "worker", "--concurrency=2", "--loglevel=WARNING"))
        lances.append(_lancer(*celery, "beat", "--loglevel=WARNING"))
    return lances


def attendre(adresse: str, lances: list[subprocess.Popen[bytes]]) -> None:
    """Attendre que le site réponde, ou dire qu'un processus est tombé."""
    limite = time.monotonic() + ATTENTE_MAX
    while time.monotonic() < limite:
        if any(lance.poll() is not None for lance in lances):
            raise DemonstrationImpossible("un processus s'est arrêté en démarrant; son message est plus haut.")
        try:
            # S310 : l'adresse est la nôtre, construite ici en http.
            with urllib.request.urlopen(f"{adresse}/sante/", timeout=2) as reponse:  # noqa: S310
                if reponse.status == 200 and json.load(reponse):
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise DemonstrationImpossible(f"le site n'a pas répondu en {ATTENTE_MAX:.0f} s.")


def arreter(lances: list[subprocess.Popen[bytes]]) -> None:
    """Arrêter les processus, d'abord poliment."""
    for lance in lances:
        if lance.poll() is None:
            lance.terminate()
    for lance in lances:
        try:
            lance.wait(timeout=15)
        except subprocess.TimeoutExpired:
            lance.kill()
            lance.wait()


def servir(hote: str, port: int, annoncer: Callable[[str], None], veiller: Callable[[], None]) -> None:
    """Servir jusqu'à Ctrl-C, ou jusqu'à la chute d'un processus; `veiller` est appelé chaque seconde."""
    os.environ.update(HOTE=hote, PORT=str(port))
    # S104 : on ne lie rien ici; ces hôtes se montrent « localhost ».
    visible = "localhost" if hote in ("127.0.0.1", "0.0.0.0", "::") else hote  # noqa: S104
    adresse = f"http://{f'[{visible}]' if ':' in visible else visible}:{port}"
    lances: list[subprocess.Popen[bytes]] = []
    try:
        with etape("Démarrage du site"):
            lances = processus()
            attendre(adresse, lances)
        annoncer(adresse)
        while all(lance.poll() is None for lance in lances):
            time.sleep(1)
            veiller()
        raise DemonstrationImpossible("un processus s'est arrêté; son message est plus haut.")
    finally:
        arreter(lances)


def demonstration(hote: str, port: int, annoncer: Callable[[str], None]) -> None:
    """Tout préparer puis servir. Lève `DemonstrationImpossible` ou `ServeurImpossible`."""
    for arret in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(arret, _sortir)
    verifier_port(hote, port)
    verifier_disque()
    embarque = not os.environ.get("DATABASE_URL")
    with serveur() if embarque else nullcontext():
        # Compresser prend autant que migrer, et n'en dépend pas : les deux à la fois.
        with ThreadPoolExecutor(1) as a_cote:
            statiques = a_cote.submit(preparer_statiques)
            preparer_base()
            call_command("charger_demonstration")
            preparer_codes()
            connection.close()
            with etape("Mise en place des styles et des images"):
                statiques.result()
        servir(hote, port, annoncer, relever if embarque else _rien)


__all__ = ["DemonstrationImpossible", "ServeurImpossible", "demonstration"]
