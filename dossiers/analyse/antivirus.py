"""Interroger ClamAV (`clamd`) : ses signatures sont-elles fraîches, et ce fichier est-il sain?

Trois réponses, jamais confondues : sain; un virus, nommé; non analysé (trop gros ou trop imbriqué pour ses
limites, ce que `AlertExceedsMax` fait dire). Toute autre réponse, un silence ou des signatures trop vieilles
sont une panne : le fichier attend. Source : `epreuves.md` F13, U01, U07; protocole de clamd(8).
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from referentiels.lecture import regle
from socle import horloge

DELAI = 30.0  # s, pour chaque échange sur la prise
MORCEAU = 256 * 1024  # octets
REPONSE_MAX = 4096  # octets
LIMITE_DEPASSEE = "Heuristics.Limits.Exceeded"
# Signature d'essai des antivirus, écrite en deux morceaux pour ne pas alarmer ceux qui lisent ce fichier.
ESSAI = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"


class AntivirusMuet(Exception):
    """L'antivirus ne répond pas, répond mal, ou ses signatures sont trop vieilles : rien n'est jugé."""


class Verdict(StrEnum):
    """Ce que l'antivirus dit d'un fichier."""

    SAIN = "sain"
    INFECTE = "infecte"
    NON_ANALYSE = "non_analyse"


@dataclass(frozen=True)
class Etat:
    """Version du moteur et date de ses signatures; `None` s'il ne la dit pas."""

    version: str
    signatures: datetime | None


@contextlib.contextmanager
def _prise() -> Iterator[socket.socket]:
    adresse = urlsplit(settings.CLAMD_URL)
    try:
        if adresse.scheme == "unix":
            prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            prise.settimeout(DELAI)
            prise.connect(adresse.path)
        else:
            lieu = (adresse.hostname or "127.0.0.1", adresse.port or 3310)
            prise = socket.create_connection(lieu, timeout=DELAI)
    except OSError as erreur:
        raise AntivirusMuet("l'antivirus est injoignable") from erreur
    with prise:
        yield prise


def _lire(prise: socket.socket) -> str:
    recu = bytearray()
    while len(recu) < REPONSE_MAX and not recu.endswith(b"\0"):
        morceau = prise.recv(REPONSE_MAX)
        if not morceau:
            break
        recu += morceau
    return recu.rstrip(b"\0").decode("utf-8", errors="replace").strip()


def etat() -> Etat:
    """Version et date des signatures (« ClamAV 1.4/27800/Mon Nov 23 10:26:11 2026 »). Lève `AntivirusMuet`."""
    try:
        with _prise() as prise:
            prise.sendall(b"zVERSION\0")
            reponse = _lire(prise)
    except OSError as erreur:
        raise AntivirusMuet("l'antivirus ne répond pas") from erreur
    version, _, reste = reponse.partition("/")
    if not version.startswith("ClamAV"):
        raise AntivirusMuet("l'antivirus ne dit pas sa version")
    try:
        # clamd dit l'heure de son système; son conteneur vit en UTC.
        datee = datetime.strptime(reste.partition("/")[2], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return Etat(version, None)
    return Etat(version, datee)


def exiger_pret() -> None:
    """Lève `AntivirusMuet` si l'antivirus ne répond pas ou si ses signatures passent l'âge permis.

    L'âge permis est la règle `antivirus_signatures_heures`; des signatures sans date ne sont pas fraîches.
    """
    if not settings.CLAMD_URL:
        return
    permis = timedelta(hours=int(regle("antivirus_signatures_heures", horloge.aujourd_hui())))
    lu = etat()
    if lu.signatures is None or horloge.maintenant() - lu.signatures > permis:
        raise AntivirusMuet("les signatures de l'antivirus sont trop vieilles")


def examiner(fichier: BinaryIO) -> Verdict:
    """Verdict sur un fichier lu par morceaux. Lève `AntivirusMuet` pour toute réponse qui n'est pas un verdict."""
    if not settings.CLAMD_URL:
        return _essai(fichier)
    try:
        with _prise() as prise:
            # Passé sa limite d'envoi, clamd répond puis ferme : la réponse se lit malgré l'envoi coupé.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                prise.sendall(b"zINSTREAM\0")
                while morceau := fichier.read(MORCEAU):
                    prise.sendall(struct.pack("!I", len(morceau)) + morceau)
                prise.sendall(struct.pack("!I", 0))
            reponse = _lire(prise)
    except OSError as erreur:
        raise AntivirusMuet("l'antivirus ne répond pas") from erreur
    return _verdict(reponse)


def _verdict(reponse: str) -> Verdict:
    dite = reponse.removeprefix("stream: ")
    if dite == "OK":
        return Verdict.SAIN
    if dite.endswith(" FOUND"):
        return Verdict.NON_ANALYSE if dite.startswith(LIMITE_DEPASSEE) else Verdict.INFECTE
    if dite.startswith("INSTREAM size limit exceeded"):
        return Verdict.NON_ANALYSE
    raise AntivirusMuet("l'antivirus n'a pas rendu de verdict")


def _essai(fichier: BinaryIO) -> Verdict:
    """Sans antivirus (démonstration) : seul le fichier d'essai des antivirus est reconnu."""
    queue = b""
    while morceau := fichier.read(MORCEAU):
        if ESSAI in queue + morceau:
            return Verdict.INFECTE
        queue = morceau[-len(ESSAI) :]
    return Verdict.SAIN
