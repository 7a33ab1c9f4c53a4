"""Les rappels d'une personne : des dates, dites en mots simples; rien d'un dossier qu'elle ne voit plus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from comptes.models import Compte, Role
from dossiers.etats import AVANT_DECISION
from dossiers.models import DemandeRenseignement, Dossier, PauseDelai, Rappel
from socle.dates_en_mots import date_moyenne

MAXIMUM = 5
# Dits même quand l'accès est fini : ils ne parlent que de la fin.
SANS_ACCES = (Rappel.Genre.MANDAT_ECHU, Rappel.Genre.BROUILLON_ECHU)
PHRASES = {
    Rappel.Genre.MANDAT_PROCHE: "Un mandat finit le {jour}. Il peut être renouvelé avant.",
    Rappel.Genre.MANDAT_ECHU: "Un mandat a pris fin le {jour}.",
    Rappel.Genre.CONSENTEMENT_PROCHE: "Un accord que vous avez donné finit le {jour}. Vous pouvez le redonner.",
    Rappel.Genre.CONSENTEMENT_ECHU: "Un accord que vous aviez donné a pris fin le {jour}. Vous pouvez le redonner.",
    Rappel.Genre.BROUILLON_PROCHE: "Un formulaire commencé sera effacé après le {jour}. Continuez-le pour le garder.",
    Rappel.Genre.BROUILLON_ECHU: "Un formulaire commencé était gardé jusqu'au {jour}. Il est effacé.",
    Rappel.Genre.RECOURS_PROCHE: "Vous avez jusqu'au {jour} pour contester. Une demande tardive est reçue aussi.",
    Rappel.Genre.RENSEIGNEMENT: "Un document est toujours attendu de vous. Besoin d'aide ou de temps ? Appelez-nous.",
}


@dataclass(frozen=True)
class Dit:
    """Un rappel en une phrase, et la référence du dossier pour qui en suit plusieurs."""

    texte: str
    reference: str


def non_lus(personne: Compte) -> QuerySet[Rappel]:
    """Rappels que la personne n'a pas encore marqués comme lus et qui valent encore."""
    droit = "clinique.lister" if personne.role == Role.CLINICIEN else "sommaire.lire"
    visibles = Dossier.objects.visibles_par(personne, droit).filter(pk=OuterRef("dossier"))
    attendus = DemandeRenseignement.objects.filter(
        demande__dossier=OuterRef("dossier"), destinataire=personne, close_le__isnull=True
    )
    return (
        Rappel.objects.filter(pour=personne, lu_le__isnull=True)
        .filter(Q(genre__in=SANS_ACCES) | Q(Exists(visibles)))
        .filter(~Q(genre=Rappel.Genre.RENSEIGNEMENT) | Q(Exists(attendus)))
    )


def avec_ma_reference(personne: Compte) -> tuple[str | None, list[Dit]]:
    """La référence du dossier de la personne et ses rappels, en une seule requête : sa page en lit déjà beaucoup."""
    siens = non_lus(personne).order_by("-dit_le", "-pk")[: MAXIMUM * 2]
    ligne = (
        Dossier.objects.filter(prestataire=personne, fusionne_dans__isnull=True)
        .annotate(a_dire=ArraySubquery(siens.values(json=JSONObject(genre="genre", jour="jour"))))
        .values_list("reference", "a_dire")
        .first()
    )
    if ligne is None:
        return None, []
    phrases = [_dit(un["genre"], date.fromisoformat(un["jour"]), "") for un in ligne[1]]
    return ligne[0], list(dict.fromkeys(phrases))[:MAXIMUM]


def _dit(genre: str, jour: date, reference: str) -> Dit:
    return Dit(gettext(PHRASES[Rappel.Genre(genre)]).format(jour=date_moyenne(jour)), reference)


def dits(personne: Compte) -> list[Dit]:
    """Les derniers rappels non lus, en phrases; deux phrases pareilles d'un même dossier n'en font qu'une."""
    trouves = non_lus(personne).select_related("dossier").order_by("-dit_le", "-pk")[: MAXIMUM * 2]
    a_elle = personne.role == Role.PRESTATAIRE
    phrases = [_dit(un.genre, un.jour, "" if a_elle else un.dossier.reference) for un in trouves]
    return list(dict.fromkeys(phrases))[:MAXIMUM]


def pause_de(personne: Compte, dossier: Dossier | None) -> PauseDelai | None:
    """La pause qui court sur la demande de la personne; une date visée dit qu'il n'y en a pas, sans rien lire."""
    if dossier is None or dossier.prestataire_id != personne.pk:
        return None
    if dossier.avant_le is not None or dossier.etat not in AVANT_DECISION:
        return None
    return PauseDelai.objects.filter(demande__dossier=dossier, au__isnull=True).first()
