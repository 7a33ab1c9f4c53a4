"""Pièces et échanges."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction

from comptes.models import Compte
from dossiers import etapes, verification_pieces
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Echange, Participation, Piece, Tache
from dossiers.porte import Contexte, acte
from socle.refus import Refus

journal_technique = logging.getLogger(__name__)


@acte("verser_piece", "piece.verser")
def verser_piece(
    ctx: Contexte, *, nature: Any = None, titre: Any = None, texte: Any = None, fichier: Any = None
) -> Piece:
    """Verse une pièce au dossier, dans tout état; un fichier attend sa vérification avant d'être ouvert."""
    demande = ctx.courante
    verifier.manquants(("nature", nature), ("titre", titre))
    piece = Piece(
        dossier=ctx.dossier,
        demande=demande,
        nature=verifier.texte("nature", nature, maximum=60),
        titre=verifier.texte("titre", titre, maximum=160),
        texte=verifier.texte("texte", texte, requis=False),
        versee_par=ctx.acteur,
        versee_le=ctx.instant,
    )
    if fichier:
        piece.fichier = fichier
        piece.verification = Piece.Verification.EN_COURS
    piece.save()
    if fichier:
        transaction.on_commit(lambda: reveiller_verification(piece.pk), robust=True)
    ctx.details["piece"] = piece.pk
    ctx.echeances_a_revoir = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).exists()
    return piece


def reveiller_verification(piece: int) -> None:
    """Demande la vérification tout de suite; un courtier en panne ne change rien, le passage suivant la fera."""
    try:
        current_app.send_task("dossiers.verifier_piece", args=[piece], retry=False, ignore_result=True)
    except Exception as erreur:  # noqa: BLE001 - aucune panne du courtier ne doit remonter à l'acte
        journal_technique.warning("vérification non réveillée : %s", type(erreur).__name__)


@acte("juger_piece", "systeme.jouer")
def juger_piece(ctx: Contexte, *, piece: Any = None) -> Piece:
    """Vérifie un fichier reçu : reçu, il est remplacé par sa copie remise à neuf; refusé, il est effacé.

    Une panne de l'antivirus remonte : la pièce reste en vérification et sera reprise.
    """
    ctx.cible = ctx.courante
    visee = Piece.objects.filter(dossier=ctx.dossier, pk=piece, verification=Piece.Verification.EN_COURS).first()
    if visee is None:
        raise Refus("etat_interdit")
    recu = visee.fichier.name or ""
    try:
        with visee.fichier.open("rb") as ouvert:
            neuve = verification_pieces.remettre_a_neuf(ouvert.read())
    except verification_pieces.PieceRefusee as refusee:
        visee.verification, visee.raison_refus = Piece.Verification.REFUSEE, str(refusee)[:160]
        visee.fichier = ""
        etapes.creer_tache(ctx, Tache.Code.PIECE_REFUSEE, demande=visee.demande, note=visee.titre)
    else:
        visee.verification, visee.sha256 = Piece.Verification.RECUE, neuve.sha256
        visee.fichier.save(f"{uuid4().hex}.{neuve.extension}", ContentFile(neuve.octets), save=False)
    visee.save()
    ctx.details["piece"] = visee.pk
    stockage = Piece._meta.get_field("fichier").storage
    transaction.on_commit(lambda: stockage.delete(recu), robust=True)
    return visee


@acte("echanger", "echange.ecrire")
def echanger(ctx: Contexte, *, a: Any = None, texte: Any = None) -> Echange:
    """Écrit à un autre acteur du dossier; le message fait partie du dossier.

    Un agent ou un évaluateur qui écrit prend part à la décision (commentaire).
    """
    demande = ctx.courante
    verifier.manquants(("texte", texte), ("a", a))
    if not isinstance(a, Compte) or a.pk == ctx.acteur.pk or not etapes.est_lie(ctx.dossier, a):
        raise Refus("champ_invalide", champ="a")
    echange = Echange.objects.create(
        dossier=ctx.dossier,
        demande=demande,
        auteur=ctx.acteur,
        a=a,
        texte=verifier.texte("texte", texte),
        le=ctx.instant,
    )
    if ctx.acteur.est_personnel:
        ctx.participer(demande, Participation.Qualite.COMMENTAIRE)
    return echange
