"""`make demo`, du premier au premier octet de la première page, dans un lieu neuf; et la mémoire du web."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

RACINE = Path(__file__).resolve().parent.parent
ATTENTE_MAX = 600.0  # s
VISITES = 30


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _repond(adresse: str) -> bool:
    try:
        with urllib.request.urlopen(adresse, timeout=5) as reponse:  # noqa: S310 - adresse locale
            return bool(reponse.status == 200 and reponse.read())
    except (urllib.error.URLError, OSError):
        return False


def _memoire(racine: psutil.Process) -> float:
    """Mo du travailleur web : le plus profond des processus gunicorn."""
    web = [un for un in racine.children(recursive=True) if "gunicorn" in " ".join(un.cmdline())]
    return max((un.memory_info().rss for un in web), default=0) / 2**20


def mesurer() -> tuple[float, float]:
    """Secondes jusqu'à la première page, puis Mo du processus web après trente pages."""
    port = _port_libre()
    adresse = f"http://127.0.0.1:{port}/demonstration/"
    hors = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "VOLUME", "MESURE", "MAKEFLAGS", "MAKELEVEL"}
    propre = {cle: valeur for cle, valeur in os.environ.items() if cle not in hors}
    with tempfile.TemporaryDirectory(prefix="b", ignore_cleanup_errors=True) as lieu:
        Path(lieu).chmod(0o711)
        lance = subprocess.Popen(
            ["make", "--no-print-directory", "demo", f"PORT={port}"],
            cwd=RACINE,
            env={**propre, "DONNEES": lieu},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        debut = time.monotonic()
        try:
            while not _repond(adresse):
                if lance.poll() is not None or time.monotonic() - debut > ATTENTE_MAX:
                    raise SystemExit(f"make demo n'a pas servi : {lance.stdout and lance.stdout.read().decode()}")
                time.sleep(0.1)
            duree = time.monotonic() - debut
            for _ in range(VISITES):
                _repond(adresse)
            return duree, _memoire(psutil.Process(lance.pid))
        finally:
            os.killpg(lance.pid, signal.SIGINT)
            try:
                lance.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(lance.pid, signal.SIGKILL)
