"""Un fichier envoyé à un vrai serveur, jusqu'à *Reçue* : la durée, et la mémoire du processus web.

Le travailleur vit dans le processus web, comme dans la démonstration : le cas le plus lourd pour sa mémoire.
L'antivirus est un vrai clamd s'il est installé (ou celui de `CLAMD_URL`), avec une seule signature.
"""

from __future__ import annotations

import http.client
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pikepdf
import psutil
from django.conf import settings
from django.db import connection
from django.urls import reverse

from bench import pages
from bench.chrono import centile
from dossiers.models import Dossier, Piece
from tests import services

RACINE = Path(__file__).resolve().parent.parent
REPETITIONS = 12
ATTENTE_MAX = 60.0  # s
MO = 2**20
TITRE = "Fichier du banc"


@dataclass(frozen=True)
class Serveur:
    """Un serveur prêt, et de quoi s'y présenter comme l'agent d'un dossier."""

    port: int
    processus: psutil.Process
    dossier: Dossier
    temoin: str

    def memoire(self) -> float:
        """Mo du travailleur web, ses enfants exclus."""
        return float(self._web().memory_info().rss / MO)

    def _web(self) -> psutil.Process:
        enfants = self.processus.children()
        return enfants[0] if enfants else self.processus

    def envoyer(self, octets: bytes) -> float:
        """Secondes de l'envoi d'un fichier jusqu'à ce qu'il soit reçu."""
        corps, limite = self._formulaire(octets)
        adresse = reverse("dossier_pieces", args=[self.dossier.reference])
        entetes = {
            "Content-Type": f"multipart/form-data; boundary={limite}",
            "Cookie": self.temoin,
            "X-CSRFToken": "b" * 32,
        }
        debut = time.monotonic()
        liaison = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ATTENTE_MAX)
        liaison.request("POST", adresse, corps, entetes)
        reponse = liaison.getresponse()
        reponse.read()
        liaison.close()
        if reponse.status != 302:
            raise SystemExit(f"{adresse} répond {reponse.status} : rien à mesurer.")
        while Piece.objects.filter(titre=TITRE, verification=Piece.Verification.EN_COURS).exists():
            if time.monotonic() - debut > ATTENTE_MAX:
                raise SystemExit("La pièce n'a pas été vérifiée : rien à mesurer.")
            time.sleep(0.02)
        if Piece.objects.filter(titre=TITRE).latest("pk").verification != Piece.Verification.RECUE:
            raise SystemExit("La pièce a été refusée : rien à mesurer.")
        return time.monotonic() - debut

    @staticmethod
    def _formulaire(octets: bytes) -> tuple[bytes, str]:
        limite = uuid4().hex
        champs = {"cle": str(uuid4()), "nature": "Autre document", "titre": TITRE, "source": ""}
        textes = "".join(
            f'--{limite}\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n{valeur}\r\n'
            for nom, valeur in champs.items()
        )
        tete = f'--{limite}\r\nContent-Disposition: form-data; name="fichiers"; filename="a.pdf"\r\n'
        type_dit = "Content-Type: application/pdf\r\n\r\n"
        return b"".join(
            [textes.encode(), tete.encode(), type_dit.encode(), octets, f"\r\n--{limite}--\r\n".encode()]
        ), limite


def pdf(taille: int) -> bytes:
    """Un PDF numérisé fictif d'environ `taille` octets : des pages d'un bruit incompressible."""
    hasard, cote = random.Random(taille), 1000
    with pikepdf.new() as document:
        for _ in range(max(1, taille // (cote * cote))):
            page = document.add_blank_page(page_size=(612, 792))
            image = pikepdf.Stream(document, hasard.randbytes(cote * cote))
            image.update(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=cote, Height=cote,
                    ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
                )
            )  # fmt: skip
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
            page.obj.Contents = pikepdf.Stream(document, b"q 612 0 0 792 0 0 cm /I Do Q")
        tampon = io.BytesIO()
        document.save(tampon)
    return tampon.getvalue()


@contextmanager
def _clamd(lieu: Path) -> Iterator[str]:
    if settings.CLAMD_URL or services.programme("clamd") is None:
        with nullcontext():
            yield settings.CLAMD_URL
        return
    with services.clamd_local(lieu) as devant:
        yield devant.adresse


@contextmanager
def serveur() -> Iterator[Serveur]:
    """Tenir le serveur du banc sur la base branchée; rien de ce qu'il a reçu n'y reste."""
    agente = pages.agent()
    dossier = Dossier.objects.filter(bureau=agente.bureau, agent=agente).exclude(demandes=None).order_by("pk")[0]
    temoins = pages.client(agente).cookies
    temoin = f"sessionid={temoins['sessionid'].value}; csrftoken={'b' * 32}"
    port = services.port_libre()
    with tempfile.TemporaryDirectory(prefix="banc-") as nom, _clamd(Path(nom)) as antivirus:
        Path(nom).chmod(0o755)
        lance = _lancer(nom, port, antivirus)
        try:
            services.attendre(lambda: _sert(port), ATTENTE_MAX)
            yield Serveur(port, psutil.Process(lance.pid), dossier, temoin)
        finally:
            lance.send_signal(signal.SIGTERM)
            lance.wait(timeout=30)
            _effacer()


def _lancer(lieu: str, port: int, antivirus: str) -> subprocess.Popen[bytes]:
    base = connection.settings_dict
    adresse = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    propre = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.reglages_pieces",
        "BANC_PIECES": lieu,
        "DATABASE_URL": adresse,
        "CLAMD_URL": antivirus,
        "PORT": str(port),
        "HOTE": "127.0.0.1",
        "PYTHONPATH": str(RACINE),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "cse/demarrage/gunicorn_demo.py"], cwd=RACINE, env=propre
    )


def _sert(port: int) -> bool:
    liaison = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        liaison.request("GET", "/sante/")
        return liaison.getresponse().status == 200
    except OSError:
        return False
    finally:
        liaison.close()


def _effacer() -> None:
    """Ce que le banc a versé n'est d'aucun dossier : la base est refaite au besoin, le journal garde sa ligne."""
    Piece.objects.filter(titre=TITRE).delete()


def duree_10mo() -> list[float]:
    """Secondes de chaque envoi d'un PDF de 10 Mo, l'antivirus et la copie compris."""
    octets = pdf(10 * MO)
    with serveur() as tenu:
        tenu.envoyer(octets)
        return [tenu.envoyer(octets) for _ in range(REPETITIONS)]


def p95(prises: list[float]) -> float:
    """95e centile."""
    return centile(prises, 0.95)


def memoire_25mo() -> float:
    """Mo que le processus web prend de plus, au pire, pendant qu'il reçoit et fait vérifier 24 Mo."""
    petit, gros = pdf(MO), pdf(24 * MO)
    with serveur() as tenu:
        for _ in range(3):
            tenu.envoyer(petit)
        avant, pire, fini = tenu.memoire(), [0.0], threading.Event()

        def veiller() -> None:
            while not fini.wait(0.01):
                pire[0] = max(pire[0], tenu.memoire())

        guet = threading.Thread(target=veiller)
        guet.start()
        try:
            for _ in range(3):
                tenu.envoyer(gros)
        finally:
            fini.set()
            guet.join()
        return pire[0] - avant
