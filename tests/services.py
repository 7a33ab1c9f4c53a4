"""Serveurs que certains essais démarrent eux-mêmes : Redis et ClamAV, sur une prise locale."""

from __future__ import annotations

import os
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
CHEMIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")


def programme(*noms: str) -> str | None:
    """Rendre le chemin du premier programme présent, `/usr/sbin` compris."""
    return next((trouve for nom in noms if (trouve := shutil.which(nom, path=CHEMIN))), None)


# Marque d'essai → (programmes qui la satisfont, ce qu'on dit quand ils manquent).
EXIGENCES: dict[str, tuple[tuple[str, ...], str]] = {
    "navigateur": (NAVIGATEURS, "Chromium absent"),
    "redis": (("redis-server",), "redis-server absent"),
    "clamav": (("clamd",), "clamd absent"),
}


def port_libre() -> int:
    """Rendre un port local libre à cet instant."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def attendre(condition: Callable[[], bool], delai: float = 20.0) -> None:
    """Attendre qu'une condition soit vraie; lever `TimeoutError` sinon."""
    limite = time.monotonic() + delai
    while not condition():
        if time.monotonic() > limite:
            raise TimeoutError("le service n'a pas répondu")
        time.sleep(0.05)


def _ecoute(port: int) -> bool:
    with socket.socket() as prise:
        return prise.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _tenir(commande: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    lance = subprocess.Popen(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        attendre(lambda: _ecoute(port), 90)
        yield lance
    finally:
        lance.terminate()
        lance.wait(timeout=20)


@contextmanager
def redis_local() -> Iterator[str]:
    """Tenir un Redis sans persistance; rend son adresse."""
    port = port_libre()
    commande = [str(programme("redis-server")), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with _tenir([*commande, "--appendonly", "no"], port):
        yield f"redis://127.0.0.1:{port}/0"


def eicar() -> bytes:
    """Composer le fichier d'essai des antivirus, jamais écrit tel quel dans le dépôt."""
    return b"".join([b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"])


class Dateur(socketserver.ThreadingTCPServer):
    """Devant un vrai clamd : passe tout, et date ses signatures, ce qu'une liste locale ne sait pas faire."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port_du_vrai: int, pid: int) -> None:
        self.pid = pid
        self.vrai = ("127.0.0.1", port_du_vrai)
        self.signatures = datetime.now(UTC)
        super().__init__(("127.0.0.1", 0), _Passage)

    @property
    def adresse(self) -> str:
        """Ce que `CLAMD_URL` nomme."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Passage(socketserver.BaseRequestHandler):
    server: Dateur

    def handle(self) -> None:
        debut = self.request.recv(65536)
        with socket.create_connection(self.server.vrai) as vrai:
            vrai.sendall(debut)
            if debut == b"zVERSION\0":
                version = vrai.recv(999).rstrip(b"\0").decode()
                self.request.sendall(f"{version}/27000/{self.server.signatures:%a %b %d %H:%M:%S %Y}\0".encode())
                return
            threading.Thread(target=_verser, args=(self.request, vrai), daemon=True).start()
            _verser(vrai, self.request)


def _verser(depuis: socket.socket, vers: socket.socket) -> None:
    with suppress(OSError):
        while morceau := depuis.recv(65536):
            vers.sendall(morceau)


def _clamd_deploye() -> dict[str, str]:
    """Les réglages de production : ce sont eux que les essais éprouvent."""
    lignes = (RACINE / "deploiement" / "clamd.conf").read_text(encoding="utf-8").splitlines()
    lus = dict(ligne.split(maxsplit=1) for ligne in lignes if ligne and not ligne.startswith("#"))
    return {nom: valeur for nom, valeur in lus.items() if nom != "User"}


@contextmanager
def clamd_local(dossier: Path, *reglages_de_plus: str) -> Iterator[Dateur]:
    """Tenir un clamd réglé comme en production, dont la seule signature est EICAR, et ce qui la date.

    `reglages_de_plus` : « MaxFileSize 20K » et autres, à la place de ceux de production.
    """
    port = port_libre()
    base = dossier / "signatures"
    base.mkdir(exist_ok=True)
    (base / "local.ndb").write_text(f"Local.Eicar.Test:0:0:{eicar().hex()}\n")
    reglages = dossier / "clamd.conf"
    propres = {
        "DatabaseDirectory": str(base),
        "TCPSocket": str(port),
        "TCPAddr": "127.0.0.1",
        "TemporaryDirectory": str(dossier),
    }
    voulus = {**_clamd_deploye(), **propres, **dict(une.split(maxsplit=1) for une in reglages_de_plus)}
    reglages.write_text("".join(f"{nom} {valeur}\n" for nom, valeur in voulus.items()))
    commande = [str(programme("clamd")), "-c", str(reglages)]
    with _tenir(commande, port) as lance, Dateur(port, lance.pid) as devant:
        threading.Thread(target=devant.serve_forever, daemon=True).start()
        try:
            yield devant
        finally:
            devant.shutdown()
