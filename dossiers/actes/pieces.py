"""Les pièces : versées, jugées, effacées de la quarantaine."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, Sum

from dossiers import etapes
from dossiers import verification as verifier
from dossiers.analyse.raisons import GENRES_EN_MOTS
from dossiers.etats import Etat
from dossiers.models import Piece, Tache, TextesDePiece
from dossiers.porte import Contexte, acte
from referentiels.lecture import regle
from socle import horloge
from socle.refus import Refus

journal_technique = logging.getLogger(__name__)
MO = 2**20
PAGES_MAX = 2_000  # ce qu'une copie gardée peut avoir (`dossiers.analyse.enfant`) : toute page s'ouvre
# Plus long que toute analyse : au-delà, son travailleur est mort.
TENUE = timedelta(minutes=3)


@acte("verser_piece", "piece.verser")
def verser_piece(
    ctx: Contexte, *, nature: Any = None, titre: Any = None, texte: Any = None, fichier: Any = None
) -> Piece:
    """Verse une pièce au dossier, dans tout état; un fichier attend en quarantaine sa vérification.

    `champ_invalide` (fichier) : la personne a déjà envoyé ce qu'un jour permet. `stockage_plein` : rien n'est gardé.
    """
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
        exiger_quota(ctx, int(fichier.size))
        mettre_en_quarantaine(piece, fichier)
    piece.save()
    if fichier:
        transaction.on_commit(lambda: reveiller_verification(piece.pk), robust=True)
    ctx.details["piece"] = piece.pk
    ctx.echeances_a_revoir = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).exists()
    return piece


def exiger_quota(ctx: Contexte, taille: int) -> None:
    """Borne ce qu'une personne envoie en un jour civil : un compte volé ne remplit pas le disque.

    Règles `depot_quota_mo_jour` et, pour le personnel qui numérise, `depot_quota_mo_jour_personnel`.
    """
    code = "depot_quota_mo_jour_personnel" if ctx.acteur.est_personnel else "depot_quota_mo_jour"
    permis = int(regle(code, ctx.jour))
    depuis = horloge.heure_locale(ctx.jour, 0, 0)
    du_jour = Piece.objects.filter(versee_par=ctx.acteur, versee_le__gte=depuis, taille__isnull=False)
    envoye = du_jour.aggregate(total=Sum("taille"))["total"] or 0
    if envoye + taille > permis * MO:
        raise Refus(
            "champ_invalide",
            f"Vous avez envoyé {permis} Mo aujourd'hui : c'est le plus qu'un jour permet. Envoyez la suite demain, "
            "ou appelez le bureau.",
            champ="fichier",
        )


def mettre_en_quarantaine(piece: Piece, fichier: Any) -> None:
    """Garde le fichier reçu hors de toute page, avec sa taille et son empreinte. Lève `stockage_plein`."""
    empreinte = hashlib.sha256()
    for morceau in fichier.chunks():
        empreinte.update(morceau)
    stockage = piece.original.storage
    nom = piece.original.field.generate_filename(piece, uuid4().hex)
    try:
        piece.original = stockage.save(nom, fichier)
    except Exception as erreur:
        journal_technique.exception("pièce non gardée : %s", type(erreur).__name__)
        with contextlib.suppress(Exception):
            stockage.delete(nom)  # rien n'est gardé à moitié
        raise Refus("stockage_plein", champ="fichier") from erreur
    piece.taille, piece.sha256 = int(fichier.size), empreinte.hexdigest()
    piece.verification = Piece.Verification.EN_COURS


def reveiller_verification(piece: int) -> None:
    """Demande la vérification tout de suite; un courtier en panne ne change rien, le passage suivant la fera."""
    try:
        current_app.send_task("dossiers.verifier_piece", args=[piece], retry=False, ignore_result=True)
    except Exception as erreur:  # noqa: BLE001 - aucune panne du courtier ne doit remonter à l'acte
        journal_technique.warning("vérification non réveillée : %s", type(erreur).__name__)


def tenir_analyse(piece: int) -> bool:
    """Retient une pièce à vérifier pour `TENUE`; faux si un autre travailleur la tient, ou si elle est jugée."""
    instant = horloge.maintenant()
    libres = Piece.objects.filter(Q(reprise_le__isnull=True) | Q(reprise_le__lte=instant), pk=piece)
    tenues = libres.filter(verification=Piece.Verification.EN_COURS)
    return bool(tenues.update(essais=F("essais") + 1, reprise_le=instant + TENUE))


def rendre_analyse(piece: int) -> None:
    """Rend une pièce dont l'analyse n'a pas pu finir : elle passe après celles qui n'ont pas été essayées."""
    attente = Piece.objects.filter(pk=piece, verification=Piece.Verification.EN_COURS)
    attente.update(reprise_le=horloge.maintenant())


def garder_textes(piece: Piece, textes: list[str]) -> None:
    """Garde le texte lu par machine dans une copie, page par page; deux lectures à la fois n'en gardent qu'une."""
    dit = json.dumps(textes, ensure_ascii=False) if textes else ""
    TextesDePiece.objects.get_or_create(piece=piece, defaults={"pages_json": dit})


@acte("signaler_piece_illisible", "piece.signaler")
def signaler_piece_illisible(ctx: Contexte, *, piece: Any = None, page: Any = None) -> Tache:
    """Dit à l'agent qu'une pièce, ou une de ses pages, ne se lit pas : il en demande une autre copie.

    La même page signalée deux fois ne fait qu'une tâche; une autre s'ajoute à sa note.
    `champ_invalide` : la pièce n'est pas de ce dossier, n'a pas de fichier, ou la page n'est pas un rang.
    """
    demande = ctx.courante
    verifier.manquants(("piece", piece))
    visee = Piece.objects.filter(dossier=ctx.dossier, pk=piece).first() if type(piece) is int else None
    if visee is None or visee.verification == Piece.Verification.SANS_FICHIER:
        raise Refus("champ_invalide", champ="piece")
    if page is not None and (type(page) is not int or not 0 < page <= PAGES_MAX):
        raise Refus("champ_invalide", champ="page")
    ctx.details["piece"] = visee.pk
    note = f"{visee.titre[:120]}, page {page}" if page else visee.titre[:120]
    return etapes.creer_tache(ctx, Tache.Code.PIECE_ILLISIBLE, demande=demande, note=note, ajouter=True)


@acte("refuser_envoi", "piece.verser")
def refuser_envoi(ctx: Contexte, *, titre: Any = None) -> Tache:
    """Consigne qu'un fichier d'un genre qui n'est pas reçu a été envoyé : rien n'en est gardé, l'agent le sait.

    Qui l'a envoyé le lit tout de suite près du champ; s'il renonce, l'agent l'aide. Source : `epreuves.md` U01.
    """
    lu = verifier.texte("titre", titre, requis=False)[:160] or "Sans titre"
    return etapes.creer_tache(
        ctx, Tache.Code.PIECE_REFUSEE, demande=ctx.courante, note=f"{lu} ({GENRES_EN_MOTS})", ajouter=True
    )


@acte("juger_piece", "systeme.jouer")
def juger_piece(ctx: Contexte, *, piece: Any = None, copie: Any = None, raison: Any = None) -> Piece:
    """Inscrit ce que l'analyse a trouvé, sans la refaire : `copie`, le nom de la copie sûre, ou la `raison` du refus.

    L'analyse se fait avant, hors du verrou du dossier (`dossiers.analyse`). L'original reste en quarantaine.
    """
    ctx.cible = ctx.courante
    visee = Piece.objects.filter(dossier=ctx.dossier, pk=piece, verification=Piece.Verification.EN_COURS).first()
    if visee is None:
        raise Refus("etat_interdit")
    if not copie and not raison:
        raise Refus("champ_manquant", champ="copie")
    ancien, stockage = str(visee.fichier.name or ""), visee.fichier.storage
    if raison:
        visee.verification, visee.raison_refus = Piece.Verification.REFUSEE, str(raison)[:160]
        visee.fichier = ""
        etapes.creer_tache(ctx, Tache.Code.PIECE_REFUSEE, demande=visee.demande, note=visee.titre, ajouter=True)
    else:
        visee.verification, visee.fichier = Piece.Verification.RECUE, str(copie)
    visee.reprise_le = None
    visee.save()
    ctx.details["piece"] = visee.pk
    if ancien:
        transaction.on_commit(lambda: stockage.delete(ancien), robust=True)
    return visee


@acte("effacer_original", "systeme.jouer")
def effacer_original(ctx: Contexte, *, piece: Any = None) -> None:
    """Efface l'original d'une pièce jugée, une fois passée sa garde (règle `quarantaine_jours`); la copie reste."""
    ctx.cible = ctx.courante
    visee = Piece.objects.filter(dossier=ctx.dossier, pk=piece).exclude(original="").first()
    garde = timedelta(days=int(regle("quarantaine_jours", ctx.jour)))
    if visee is None or visee.verification == Piece.Verification.EN_COURS or ctx.instant - visee.versee_le < garde:
        raise Refus("etat_interdit")
    nom, stockage = str(visee.original.name), visee.original.storage
    visee.original = ""
    visee.save(update_fields=["original"])
    ctx.details["piece"] = visee.pk
    transaction.on_commit(lambda: stockage.delete(nom), robust=True)
