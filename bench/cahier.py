"""Le cahier d'un dossier de 400 pages : sa durée, et la mémoire du processus qui le colle.

Le dossier est mené par les actes jusque devant le Tribunal; ses pièces sont des numérisations fictives. Rien ne reste.
"""

from __future__ import annotations

import io
import random
import time
from dataclasses import dataclass

import pikepdf
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from bench.signature import PREMIERE, SECONDE
from comptes.lecture import compte_systeme
from correspondance.actes import emettre_tout
from correspondance.composition import sans_pdf
from dossiers.models import Dossier, Piece
from dossiers.porte import executer
from revision.cahier import fabrique
from revision.models import CahierTAQ
from tests.fabrique_csems import Equipe, a_signer, creer_equipe

PAGES = 400
PAR_PIECE = 40
POINTS = (600, 780)  # d'une page numérisée : environ 130 Ko


@dataclass(frozen=True)
class Prise:
    """Secondes de la demande au fichier gardé; Mo résidents, au plus haut, du processus; pages du cahier."""

    secondes: float
    memoire: float
    pages: int


def numerisation(pages: int, graine: int) -> bytes:
    """Un PDF fictif : chaque page est une image JPEG qui ne se comprime plus."""
    hasard = random.Random(graine)
    with pikepdf.new() as document:
        for _ in range(pages):
            tampon = io.BytesIO()
            Image.frombytes("L", POINTS, hasard.randbytes(POINTS[0] * POINTS[1])).save(tampon, "JPEG", quality=20)
            page = document.add_blank_page(page_size=(612, 792))
            image = pikepdf.Stream(document, tampon.getvalue())
            image.update(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=POINTS[0], Height=POINTS[1],
                    ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
                )
            )  # fmt: skip
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
            page.obj.Contents = pikepdf.Stream(document, b"q 612 0 0 792 0 0 cm /I Do Q")
        sortie = io.BytesIO()
        document.save(sortie)
    return sortie.getvalue()


def mesurer(pages: int = PAGES, par_piece: int = PAR_PIECE) -> Prise:
    """Fabrique le cahier d'un dossier dont les pièces ont au moins `pages` pages."""
    stockage = CahierTAQ._meta.get_field("fichier").storage
    copies: list[str] = []
    with transaction.atomic():
        equipe = creer_equipe()
        dossier = _devant_le_tribunal(equipe)
        copies = [_verser(equipe, dossier, rang, par_piece) for rang in range(-(-pages // par_piece))]
        demande = executer("produire_cahier", acteur=equipe.medecin_drra, dossier=dossier)
        cahier = CahierTAQ.objects.select_related("recours__demande__dossier__prestataire", "par").get(pk=demande.pk)
        debut = time.monotonic()
        fait = fabrique.fabriquer(cahier, lambda _faits, _total: None)
        duree = time.monotonic() - debut
        transaction.set_rollback(True)
    for nom in (*copies, fait.fichier):
        stockage.delete(nom)
    if fait.pages < pages:
        raise SystemExit(f"Le cahier n'a que {fait.pages} pages : rien à mesurer.")
    return Prise(duree, fait.memoire, fait.pages)


def _devant_le_tribunal(equipe: Equipe) -> Dossier:
    """Un refus, révisé et confirmé, puis porté au Tribunal; seules les lettres de ce dossier sont émises."""
    dossier = a_signer(equipe)
    personne, medecin, specialiste = dossier.prestataire, equipe.medecin_drra, equipe.specialiste_drra
    executer("signer_decision", acteur=equipe.medecin, dossier=dossier, **PREMIERE)
    executer("signer_decision", acteur=equipe.specialiste, dossier=dossier, **SECONDE)
    _emettre(dossier)
    executer("demander_revision", acteur=personne, dossier=dossier, motifs="Je ne peux pas rester debout.")
    executer("affecter_reviseur", acteur=equipe.chef_drra, dossier=dossier, medecin=medecin, specialiste=specialiste)
    executer("juger_recevabilite", acteur=medecin, dossier=dossier, recevable="oui")
    for reviseur in (medecin, specialiste):
        executer("rendre_revision", acteur=reviseur, dossier=dossier, issue="confirmee")
    _emettre(dossier)
    executer("saisir_taq", acteur=equipe.agent, dossier=dossier, motifs="La personne conteste.")
    return dossier


def _emettre(dossier: Dossier) -> None:
    with sans_pdf():
        emettre_tout(dossier=dossier)


def _verser(equipe: Equipe, dossier: Dossier, rang: int, pages: int) -> str:
    """Verse une pièce et inscrit sa copie; l'analyse, mesurée ailleurs, n'est pas refaite ici."""
    octets = numerisation(pages, rang)
    fichier = SimpleUploadedFile(f"piece-{rang}.pdf", octets, "application/pdf")
    piece: Piece = executer(
        "verser_piece", acteur=equipe.agent, dossier=dossier, nature="Rapport", titre=f"Pièce {rang}", fichier=fichier
    )
    copie = str(piece.fichier.storage.save(f"pieces/banc-{piece.pk}.pdf", ContentFile(octets)))
    executer("juger_piece", acteur=compte_systeme(), dossier=dossier, piece=piece.pk, copie=copie)
    original = piece.original
    original.storage.delete(str(original.name))
    return copie
