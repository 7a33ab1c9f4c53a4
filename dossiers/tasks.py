"""Travaux planifiés du dossier."""

import logging
from datetime import time, timedelta
from time import monotonic
from typing import Any

from celery import current_app, shared_task
from django.db.models import F

from comptes.lecture import compte_systeme
from dossiers import travaux
from dossiers.actes.pieces import rendre_analyse, tenir_analyse
from dossiers.analyse import analyseur, antivirus, pages
from dossiers.models import Piece
from dossiers.porte import executer
from referentiels.lecture import regle
from socle import horloge, passages
from socle.passages import travail
from socle.refus import Refus

journal_technique = logging.getLogger(__name__)
PASSAGE_MAX = 150.0  # s
LOT = 200


@shared_task(name="dossiers.constater_echeances")
@travail("dossiers.constater_echeances", "Constater les dates passées ou proches", a=time(0, 5))
def constater_echeances() -> int:
    """À 00:05 : constate les échéances dépassées la veille et avant."""
    return travaux.jouer()


@shared_task(name="dossiers.verifier_piece")
def verifier_piece(piece: int) -> bool:
    """Vérifie un fichier reçu; faux s'il l'est déjà, si un autre le vérifie, ou si rien ne peut être jugé.

    L'analyse ne tient ni le dossier ni une transaction; seul son résultat est un acte. Une panne laisse la pièce
    en vérification : le passage suivant la reprend.
    """
    if not tenir_analyse(piece):
        return False
    visee = Piece.objects.select_related("dossier").get(pk=piece)
    try:
        issue = analyseur.analyser(visee)
    except antivirus.AntivirusMuet as muet:
        rendre_analyse(piece)
        journal_technique.error("antivirus muet : %s", muet)
        return False
    except Exception as erreur:  # noqa: BLE001 - un fichier qui échoue ne doit pas arrêter les suivants
        rendre_analyse(piece)
        journal_technique.exception("pièce %s non vérifiée : %s", piece, type(erreur).__name__)
        if passages.en_cours():
            passages.echec(erreur, f"{visee.dossier.reference} pièce {piece}")
        return False
    donnees: dict[str, Any] = {"raison": issue.raison} if issue.raison else {"copie": issue.copie}
    try:
        executer("juger_piece", acteur=compte_systeme(), dossier=visee.dossier, piece=piece, **donnees)
    except Refus:
        analyseur.oublier(issue)
        return False
    if issue.copie:
        pages.reveiller(visee)
    return True


@shared_task(name="dossiers.preparer_pages")
def preparer_pages(piece: int, rang: int = 1) -> int:
    """Prépare les pages d'une pièce reçue dès `rang`, et lit son texte une fois; rend combien de pages sont faites.

    Rien n'en dépend : une page qui n'est pas prête se fait à la lecture, un texte à la première recherche.
    """
    visee = Piece.objects.filter(pk=piece, verification=Piece.Verification.RECUE).first()
    if visee is None:
        return 0
    faites = pages.preparer(visee, rang)
    if rang == 1:
        pages.textes(visee)
    return faites


@shared_task(name="dossiers.verifier_pieces")
@travail("dossiers.verifier_pieces", "Reprendre les fichiers en vérification", chaque=timedelta(minutes=1))
def verifier_pieces() -> int:
    """Rattrape les fichiers restés en vérification (courtier ou antivirus en panne); rend combien l'ont été.

    Les moins récemment essayés d'abord : un fichier qui échoue toujours n'affame pas les nouveaux.
    """
    attente = Piece.objects.filter(verification=Piece.Verification.EN_COURS)
    rangs = list(attente.order_by(F("reprise_le").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:LOT])
    if not rangs:
        return 0
    try:
        antivirus.exiger_pret()
    except antivirus.AntivirusMuet as muet:
        journal_technique.error("antivirus muet : %s", muet)
        passages.echec(muet, "antivirus")
        return 0
    fin, faites = monotonic() + PASSAGE_MAX, 0
    for piece in rangs:
        if monotonic() > fin:
            break
        faites += verifier_piece(piece)
    return faites


@shared_task(name="dossiers.purger_quarantaine")
@travail("dossiers.purger_quarantaine", "Effacer les originaux dont la garde est passée", a=time(2, 40))
def purger_quarantaine() -> int:
    """À 02:40 : efface les originaux dont la garde est passée; rend combien."""
    garde = timedelta(days=int(regle("quarantaine_jours", horloge.aujourd_hui())))
    jugees = Piece.objects.exclude(original="").exclude(verification=Piece.Verification.EN_COURS)
    echues = jugees.filter(versee_le__lte=horloge.maintenant() - garde).select_related("dossier").order_by("versee_le")
    faites = 0
    for piece in list(echues[: LOT * 10]):
        try:
            executer("effacer_original", acteur=compte_systeme(), dossier=piece.dossier, piece=piece.pk)
        except Refus:
            continue
        except Exception as erreur:  # noqa: BLE001 - un fichier en échec n'arrête pas les suivants
            passages.echec(erreur, f"{piece.dossier.reference} effacer_original")
            continue
        faites += 1
    return faites


@shared_task(name="dossiers.rattraper")
@travail("dossiers.rattraper", "Rattraper un travail manqué", chaque=timedelta(minutes=5))
def rattraper() -> int:
    """Joue tout travail quotidien que l'horaire a manqué, ou qui a échoué; rend combien."""
    current_app.loader.import_default_modules()  # hors d'un travailleur, les travaux ne sont pas tous inscrits
    return passages.rattraper()
