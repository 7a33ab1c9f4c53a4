"""L'analyse d'une pièce, du fichier en quarantaine à sa copie sûre : ni verrou, ni transaction, ni mémoire.

Source : `epreuves.md` F13, U01–U03, U07.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files import File

from dossiers.analyse import antivirus, copie, genres
from dossiers.analyse.raisons import PieceRefusee
from dossiers.models import Piece


@dataclass(frozen=True)
class Issue:
    """Ce que l'analyse a trouvé : le nom de la copie gardée, ou la raison du refus."""

    copie: str = ""
    raison: str = ""


def analyser(piece: Piece) -> Issue:
    """Vérifie le fichier reçu et garde sa copie sûre; ne touche pas la pièce.

    Lève `AntivirusMuet` si rien ne peut être jugé, `OSError` si le fichier ou le disque manque : la pièce attend.
    """
    antivirus.exiger_pret()
    with tempfile.TemporaryDirectory(prefix="cse-piece-") as lieu:
        recu, neuf = Path(lieu, "recu"), Path(lieu, "copie")
        _prendre(piece, recu)
        try:
            travail = _juger(recu)
            copie.refaire(travail, recu, neuf)
        except PieceRefusee as refusee:
            return Issue(raison=refusee.raison)
        return Issue(copie=_garder(piece, neuf, genres.extension_servie(travail)))


def _prendre(piece: Piece, ou: Path) -> None:
    # Une pièce versée avant la quarantaine attend encore là où elle a été reçue.
    source = piece.original or piece.fichier
    with source.open("rb") as recu, ou.open("wb") as local:
        for morceau in recu.chunks():
            local.write(morceau)


def _juger(recu: Path) -> str:
    if recu.stat().st_size > settings.TAILLE_MAX_PIECE:
        raise PieceRefusee("trop_lourd")
    with recu.open("rb") as ouvert:
        travail = genres.genre(ouvert.read(genres.DEBUT))
        ouvert.seek(0)
        verdict = antivirus.examiner(ouvert)
    if verdict is antivirus.Verdict.INFECTE:
        raise PieceRefusee("virus")
    if verdict is antivirus.Verdict.NON_ANALYSE:
        raise PieceRefusee("non_analyse")
    if not travail:
        raise PieceRefusee("genre")
    return travail


def _garder(piece: Piece, neuf: Path, extension: str) -> str:
    champ = piece.fichier.field
    nom = champ.generate_filename(piece, f"{uuid4().hex}.{extension}")
    with neuf.open("rb") as ouvert:
        return str(champ.storage.save(nom, File(ouvert)))


def oublier(issue: Issue) -> None:
    """Efface une copie dont personne n'a voulu : un autre travailleur avait jugé la pièce."""
    if issue.copie:
        Piece._meta.get_field("fichier").storage.delete(issue.copie)
