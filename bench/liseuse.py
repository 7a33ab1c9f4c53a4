"""La liseuse d'un évaluateur, sur une pièce fictive de 400 pages : sa première page, puis chaque page suivante.

Une page est mesurée comme le navigateur la paie : l'écran, puis l'image. La pièce passe par la vraie vérification;
le travailleur prépare ses premières pages à la réception et les suivantes pendant qu'on lit, hors du chronomètre :
une personne met des secondes à lire ce qu'il fait en une.
"""

from __future__ import annotations

import io
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pikepdf
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from bench import pages
from dossiers.analyse import pages as gardees
from dossiers.models import Piece
from dossiers.tasks import preparer_pages, verifier_piece
from socle import horloge
from tests.fabriques import Scene

PAGES = 400
PIECES = 12  # pièces neuves dont la première page s'ouvre
SUIVANTES = 60  # pages tournées
LIGNES = 42
TEXTE = "Patiente fictive, suivie depuis 2019 : douleur constante, marche limitée, sommeil coupé, page {page}."
IMAGE = re.compile(rb'<img class="page-image" src="([^"]+)"')


@dataclass(frozen=True)
class Lecture:
    """Un évaluateur devant son dossier, et la scène où il s'ouvre."""

    scene: Scene
    navigateur: Client
    nu: Client

    def recevoir(self, octets: bytes) -> Piece:
        """Une pièce versée, vérifiée, ses premières pages prêtes : ce que l'évaluateur trouve en arrivant."""
        recu = ContentFile(octets, "long.pdf")
        piece: Piece = self.scene.joue("agent", "verser_piece", nature="Autre document", titre="Long", fichier=recu)
        if not verifier_piece(piece.pk):
            raise SystemExit("La pièce n'a pas été vérifiée : rien à mesurer.")
        preparer_pages(piece.pk)
        return Piece.objects.get(pk=piece.pk)

    def ouvrir(self, piece: Piece, rang: int) -> float:
        """Millisecondes de l'écran et de l'image d'une page."""
        adresse = reverse("dossier_evaluation", args=[self.scene.dossier.reference])
        debut = time.perf_counter()
        ecran = self.navigateur.get(adresse, {"document": f"piece-{piece.pk}", "page": str(rang)})
        trouvee = IMAGE.search(ecran.content)
        image = self.navigateur.get(trouvee[1].decode()) if trouvee else None
        duree = (time.perf_counter() - debut) * 1000
        if image is None or image.status_code != 200:
            raise SystemExit(f"La page {rang} ne s'ouvre pas : rien à mesurer.")
        return duree

    def nue(self) -> float:
        """Millisecondes de la vue nue, prise à côté : l'étalon de la machine."""
        debut = time.perf_counter()
        self.nu.get(pages.NUE)
        return (time.perf_counter() - debut) * 1000


def pdf(combien: int = PAGES) -> bytes:
    """Un document fictif : des pages de texte, une sur quatre avec l'image d'une page numérisée."""
    with pikepdf.new() as document:
        fonte = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        police, numerisee = document.make_indirect(fonte), _numerisee(document)
        for rang in range(1, combien + 1):
            page = document.add_blank_page(page_size=(612, 792))
            page.obj.Resources = pikepdf.Dictionary(
                Font=pikepdf.Dictionary(F=police), XObject=pikepdf.Dictionary(I=numerisee)
            )
            page.obj.Contents = pikepdf.Stream(document, _contenu(rang))
        tampon = io.BytesIO()
        document.save(tampon)
    return tampon.getvalue()


def _contenu(rang: int) -> bytes:
    fond = b"q 612 0 0 792 0 0 cm /I Do Q " if rang % 4 == 0 else b""
    lignes = " ".join(f"({TEXTE.format(page=rang)}) Tj 0 -16 Td" for _ in range(LIGNES))
    return fond + f"BT /F 10 Tf 54 740 Td {lignes} ET".encode("cp1252")


def _numerisee(document: pikepdf.Pdf) -> pikepdf.Object:
    large, haut = 1275, 1650  # 150 points par pouce
    image = pikepdf.Stream(document, bytes(200 + (x * y) % 56 for y in range(haut) for x in range(large)))
    image.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=large, Height=haut,
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
        )
    )  # fmt: skip
    return document.make_indirect(image)


@contextmanager
def lecture() -> Iterator[Lecture]:
    """Un évaluateur saisi d'un dossier neuf, les fichiers sur disque; rien ne reste."""
    with tempfile.TemporaryDirectory(prefix="banc-liseuse-") as lieu:
        disque = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": lieu}}
        statiques = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        depots = {"default": disque, "quarantaine": disque, "staticfiles": statiques}
        with override_settings(STORAGES=depots, ROOT_URLCONF="bench.urls"), transaction.atomic():
            scene = Scene(instant=horloge.maintenant() - timedelta(hours=3)).en_evaluation()
            yield Lecture(scene, pages.client(scene["medecin"]), pages.client(pages.agent()))
            transaction.set_rollback(True)


def premieres(combien: int = PIECES, octets: bytes = b"") -> tuple[pages.Prise, pages.Prise, pages.Prise]:
    """La première page de pièces jamais ouvertes, la même rouverte, et la vue nue."""
    long = octets or pdf()
    with lecture() as lue:
        lue.nue()
        recues = [lue.recevoir(long) for _ in range(combien + 1)]
        lue.ouvrir(recues.pop(), 1)
        froides, chaudes, nues = [], [], []
        for piece in recues:
            froides.append(lue.ouvrir(piece, 1))
            nues.append(lue.nue())
            chaudes.append(lue.ouvrir(piece, 1))
        return pages.Prise.de(froides), pages.Prise.de(chaudes), pages.Prise.de(nues)


def suivantes(combien: int = SUIVANTES, octets: bytes = b"") -> tuple[pages.Prise, pages.Prise]:
    """Chaque page suivante, jamais ouverte, et la vue nue."""
    with lecture() as lue:
        piece = lue.recevoir(octets or pdf())
        lue.ouvrir(piece, 1)
        lue.nue()
        froides, nues = [], []
        for rang in range(2, combien + 2):
            gardees.preparer(piece, rang)
            froides.append(lue.ouvrir(piece, rang))
            nues.append(lue.nue())
        return pages.Prise.de(froides), pages.Prise.de(nues)


def sauts(combien: int = PIECES, octets: bytes = b"") -> tuple[pages.Prise, pages.Prise]:
    """Une page lointaine que rien n'a préparée (« Avancer de 100 pages ») : faite pendant qu'on l'attend."""
    with lecture() as lue:
        piece = lue.recevoir(octets or pdf())
        lue.ouvrir(piece, 1)
        lue.nue()
        faites, nues = [], []
        for rang in range(gardees.LOT * 2, gardees.LOT * 2 + combien):
            faites.append(lue.ouvrir(piece, rang))
            nues.append(lue.nue())
        return pages.Prise.de(faites), pages.Prise.de(nues)
