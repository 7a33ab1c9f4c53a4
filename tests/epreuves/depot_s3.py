"""Un dépôt S3 en mémoire, sur une prise locale : assez du protocole pour éprouver le vrai client."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO
from urllib.parse import unquote, urlsplit


class DepotS3(ThreadingHTTPServer):
    """Objets par chemin `/contenant/nom`; `plein` : tout dépôt est refusé, comme un disque plein."""

    daemon_threads = True

    def __init__(self) -> None:
        self.objets: dict[str, bytes] = {}
        self.plein = False
        super().__init__(("127.0.0.1", 0), _Reponse)

    @property
    def adresse(self) -> str:
        """Ce que `S3_ADRESSE` nomme."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Reponse(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: DepotS3

    def log_message(self, *arguments: object) -> None:
        """Se taire."""

    @property
    def chemin(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _rendre(self, statut: int, corps: bytes = b"", octets: bytes | None = None) -> None:
        self.send_response(statut)
        self.send_header("Content-Length", str(len(corps if octets is None else octets)))
        if octets is not None:
            self.send_header("ETag", f'"{md5(octets, usedforsecurity=False).hexdigest()}"')
            self.send_header("Last-Modified", formatdate(0, usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(corps)

    def _absent(self) -> None:
        self._rendre(404, b"<Error><Code>NoSuchKey</Code><Message>absent</Message></Error>")

    def do_PUT(self) -> None:
        """Déposer un objet; un envoi par morceaux signés (`aws-chunked`) se déballe."""
        corps = self._corps()
        if self.server.plein:
            self._rendre(507, b"<Error><Code>InsufficientStorage</Code><Message>plein</Message></Error>")
            return
        self.server.objets[self.chemin] = corps
        self._rendre(200, octets=b"")

    def _corps(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            recu = _morceaux(self.rfile)
        else:
            recu = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" not in (self.headers.get("Content-Encoding") or ""):
            return recu
        return _morceaux(io.BytesIO(recu))

    def do_HEAD(self) -> None:
        """Taille d'un objet."""
        octets = self.server.objets.get(self.chemin)
        self._absent() if octets is None else self._rendre(200, octets=octets)

    def do_GET(self) -> None:
        """Lire un objet, entier ou d'un octet à un autre."""
        octets = self.server.objets.get(self.chemin)
        if octets is None:
            self._absent()
            return
        debut, _, fin = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        part = octets[int(debut) : int(fin) + 1 if fin else None]
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {debut}-{int(debut) + len(part) - 1}/{len(octets)}")
        self.send_header("ETag", f'"{md5(octets, usedforsecurity=False).hexdigest()}"')
        self.send_header("Last-Modified", formatdate(0, usegmt=True))
        self.end_headers()
        self.wfile.write(part)

    def do_DELETE(self) -> None:
        """Effacer un objet; l'absence n'est pas une faute."""
        self.server.objets.pop(self.chemin, None)
        self._rendre(204)


def _morceaux(flux: BinaryIO | io.BufferedIOBase) -> bytes:
    """Le contenu d'un corps découpé en morceaux, chacun précédé de sa taille en hexadécimal."""
    lire, ligne = flux.read, flux.readline
    recu = bytearray()
    while taille := int(ligne().split(b";")[0].strip() or b"0", 16):
        recu += lire(taille)
        ligne()
    while ligne().strip():  # ce qui suit le dernier morceau
        pass
    return bytes(recu)


@contextmanager
def depot_s3() -> Iterator[DepotS3]:
    """Tenir un dépôt le temps d'un essai."""
    with DepotS3() as depot:
        threading.Thread(target=depot.serve_forever, daemon=True).start()
        try:
            yield depot
        finally:
            depot.shutdown()
