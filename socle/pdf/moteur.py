"""Le côté du travailleur : lance l'enfant, lui parle, le tue, le remplace.

Protocole sur une paire de prises Unix. Demande : longueur (4 octets, gros-boutiste) et
HTML en UTF-8. Réponse : un octet d'issue, longueur, charge. Issues : `O` prêt, `P` PDF,
`R` ressources tentées (JSON), `E` erreur (nom de l'exception, jamais le texte).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

DELAI_RENDU = 20.0  # s
DELAI_DEMARRAGE = 30.0  # s
MEMOIRE_MAX = 512 * 1024 * 1024  # octets d'espace d'adresses
LETTRES_PAR_ENFANT = 300
TAILLE_MAX = 4 * 1024 * 1024  # octets de HTML
ENFANT = Path(__file__).with_name("enfant.py")


class RenduImpossible(Exception):
    """Le PDF n'a pas pu être produit; la lettre doit attendre et une personne être avisée."""


class RessourceInterdite(RenduImpossible):
    """La lettre a tenté d'ouvrir une ressource. `tentatives` : les adresses, tronquées."""

    def __init__(self, tentatives: list[str]) -> None:
        self.tentatives = tentatives
        super().__init__(f"La lettre a tenté d'ouvrir {len(tentatives)} ressource(s); elle n'a pas été produite.")


class EnfantMort(Exception):
    """L'enfant a disparu pendant l'échange; un seul nouvel essai est permis."""


class Enfant:
    """Un processus WeasyPrint prêt à servir."""

    def __init__(self, memoire: int = MEMOIRE_MAX) -> None:
        self.servies = 0
        self.dossier = tempfile.TemporaryDirectory(prefix="cse-pdf-")
        self.prise, autre = socket.socketpair()
        try:
            self.processus = subprocess.Popen(
                [sys.executable, "-s", "-P", str(ENFANT), str(memoire)],
                stdin=autre.fileno(),
                stdout=autre.fileno(),
                stderr=subprocess.DEVNULL,
                env=self._environnement(),
                cwd=self.dossier.name,
                close_fds=True,
            )
        finally:
            autre.close()
        try:
            issue, charge = self._recevoir(time.monotonic() + DELAI_DEMARRAGE)
        except (TimeoutError, EnfantMort) as erreur:
            self.tuer()
            raise RenduImpossible("Le moteur PDF n'a pas démarré.") from erreur
        if issue != b"O":
            self.tuer()
            raise RenduImpossible(f"Le moteur PDF n'a pas démarré : {charge.decode(errors='replace')}.")

    def _environnement(self) -> dict[str, str]:
        """Le strict nécessaire : aucun secret du travailleur, aucune date du jour, aucun hasard."""
        lieu = self.dossier.name
        polices = Path(lieu, "fonts.conf")
        polices.write_text(
            f"<?xml version='1.0'?><fontconfig><cachedir>{lieu}/cache</cachedir></fontconfig>", encoding="ascii"
        )
        return {
            "PATH": os.environ.get("PATH", ""),
            "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
            "HOME": lieu,
            "TMPDIR": lieu,
            "FONTCONFIG_FILE": str(polices),
            "LC_ALL": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": "315619200",
            "MALLOC_ARENA_MAX": "2",
        }

    def demander(self, html: bytes, delai: float) -> tuple[bytes, bytes]:
        """Un échange. Lève `TimeoutError` passé `delai` secondes, `EnfantMort` s'il disparaît."""
        fin = time.monotonic() + delai
        self.prise.settimeout(delai)
        try:
            self.prise.sendall(struct.pack("!I", len(html)) + html)
        except (BrokenPipeError, ConnectionError) as erreur:
            raise EnfantMort from erreur
        self.servies += 1
        return self._recevoir(fin)

    def _recevoir(self, fin: float) -> tuple[bytes, bytes]:
        issue, longueur = struct.unpack("!cI", self._lire(5, fin))
        return issue, self._lire(longueur, fin)

    def _lire(self, combien: int, fin: float) -> bytes:
        morceaux = bytearray()
        while len(morceaux) < combien:
            reste = fin - time.monotonic()
            if reste <= 0:
                raise TimeoutError
            self.prise.settimeout(reste)
            try:
                recu = self.prise.recv(min(combien - len(morceaux), 1 << 16))
            except ConnectionError as erreur:
                raise EnfantMort from erreur
            if not recu:
                raise EnfantMort
            morceaux += recu
        return bytes(morceaux)

    def tuer(self) -> None:
        """Finir le processus, sans délai, et rendre ce qu'il tenait."""
        self.prise.close()
        if self.processus.poll() is None:
            self.processus.kill()
        self.processus.wait()
        with contextlib.suppress(OSError):
            self.dossier.cleanup()


class Moteur:
    """Un enfant par processus travailleur; les fils attendent leur tour."""

    def __init__(
        self,
        delai: float = DELAI_RENDU,
        memoire: int = MEMOIRE_MAX,
        lettres_par_enfant: int = LETTRES_PAR_ENFANT,
    ) -> None:
        self.delai = delai
        self.memoire = memoire
        self.lettres_par_enfant = lettres_par_enfant
        self._verrou = threading.Lock()
        self._enfant: Enfant | None = None

    @property
    def pid(self) -> int | None:
        """Le numéro de l'enfant courant, s'il y en a un."""
        return self._enfant.processus.pid if self._enfant else None

    def rendre(self, html: str) -> bytes:
        """Rendre une lettre; voir `socle.pdf.rendre`."""
        octets = html.encode("utf-8", errors="replace")
        if len(octets) > TAILLE_MAX:
            raise RenduImpossible("La lettre est trop longue pour être produite.")
        with self._verrou:
            try:
                issue, charge = self._echanger(octets)
            except EnfantMort:
                try:
                    issue, charge = self._echanger(octets)
                except EnfantMort as erreur:
                    raise RenduImpossible("Le moteur PDF s'est arrêté deux fois sur cette lettre.") from erreur
        if issue == b"P":
            return charge
        if issue == b"R":
            raise RessourceInterdite(json.loads(charge))
        raise RenduImpossible(f"Le rendu a échoué ({charge.decode(errors='replace')}).")

    def _echanger(self, octets: bytes) -> tuple[bytes, bytes]:
        """Un essai, avec l'enfant courant ou un neuf; après toute faute, l'enfant est remplacé."""
        if self._enfant and (self._enfant.servies >= self.lettres_par_enfant or self._enfant.processus.poll()):
            self._congedier()
        if self._enfant is None:
            self._enfant = Enfant(self.memoire)
        try:
            issue, charge = self._enfant.demander(octets, self.delai)
        except EnfantMort:
            self._congedier()
            raise
        except BaseException as erreur:
            self._congedier()
            if isinstance(erreur, TimeoutError):
                raise RenduImpossible(f"Le rendu a dépassé {self.delai:g} secondes.") from erreur
            raise
        if issue != b"P":
            self._congedier()
        return issue, charge

    def _congedier(self) -> None:
        if self._enfant is not None:
            self._enfant.tuer()
            self._enfant = None

    def fermer(self) -> None:
        """Arrêter l'enfant; le prochain rendu en relance un."""
        with self._verrou:
            self._congedier()

    def oublier(self) -> None:
        """Après un `fork` : l'enfant appartient au processus d'origine, on ne lui parle plus."""
        if self._enfant is not None:
            self._enfant.prise.close()
            self._enfant.dossier._finalizer.detach()  # type: ignore[attr-defined]
        self._enfant = None
        self._verrou = threading.Lock()


_moteur = Moteur()
os.register_at_fork(after_in_child=_moteur.oublier)
atexit.register(_moteur.fermer)


def rendre(html: str) -> bytes:
    """Rendre un document HTML complet en PDF/UA-1; mêmes octets pour la même entrée.

    Titre et langue viennent de `<title>` et de `<html lang>`. Lève `RessourceInterdite` si
    le document a tenté d'ouvrir quoi que ce soit, `RenduImpossible` pour toute autre faute
    (délai, mémoire, enfant mort deux fois).
    """
    return _moteur.rendre(html)
