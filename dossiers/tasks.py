"""Travaux planifiés du dossier."""

from datetime import time, timedelta

from celery import shared_task

from comptes.lecture import compte_systeme
from dossiers import travaux
from dossiers.models import Piece
from dossiers.porte import executer
from socle import passages
from socle.passages import travail
from socle.refus import Refus


@shared_task(name="dossiers.constater_echeances")
@travail("dossiers.constater_echeances", "Constater les dates passées ou proches", a=time(0, 5))
def constater_echeances() -> int:
    """À 00:05 : constate les échéances dépassées la veille et avant."""
    return travaux.jouer()


@shared_task(name="dossiers.verifier_piece")
def verifier_piece(piece: int) -> bool:
    """Vérifie un fichier reçu; faux s'il l'est déjà."""
    visee = Piece.objects.filter(pk=piece).select_related("dossier").first()
    if visee is None:
        return False
    try:
        executer("juger_piece", acteur=compte_systeme(), dossier=visee.dossier, piece=visee.pk)
    except Refus:
        return False
    return True


@shared_task(name="dossiers.verifier_pieces")
@travail("dossiers.verifier_pieces", "Reprendre les fichiers en vérification", chaque=timedelta(minutes=1))
def verifier_pieces() -> int:
    """Rattrape les fichiers restés en vérification (courtier ou antivirus en panne); rend combien l'ont été."""
    attente = Piece.objects.filter(verification=Piece.Verification.EN_COURS).order_by("pk")
    return sum(verifier_piece(piece) for piece in list(attente.values_list("pk", flat=True)[:200]))


@shared_task(name="dossiers.rattraper")
@travail("dossiers.rattraper", "Rattraper un travail manqué", chaque=timedelta(minutes=5))
def rattraper() -> int:
    """Joue tout travail quotidien que l'horaire a manqué, ou qui a échoué; rend combien."""
    return passages.rattraper()
