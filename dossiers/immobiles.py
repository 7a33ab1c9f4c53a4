"""Ce qui n'avance plus, et le geste qui le débloque : un dossier, une raison, qui agit.

Source : `conception.md` §10. Lecture seule; le travail du jour en fait une tâche, `manage.py verifier` une liste.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from correspondance.models import Lettre
from dossiers.etats import AVANT_DECISION, EN_RECOURS, Balle
from dossiers.models import Attribution, Dossier, Echeance, PauseDelai, Piece, Tache
from dossiers.requetes import DossierQuerySet
from dossiers.silences import jours, suivis
from referentiels import lecture as referentiels
from socle import horloge

PIECE_EN_ATTENTE = timedelta(hours=1)
LETTRE_EN_ATTENTE = timedelta(days=5)  # une fin de semaine de trois jours, et deux levées
ECHEANCE_PROCHE = timedelta(days=7)


@dataclass(frozen=True)
class Controle:
    """Un contrôle : son code, ce qu'il voit, le geste à faire, les dossiers visés."""

    code: str
    constat: str
    geste: str
    vises: Callable[[], DossierQuerySet]


def _etape_trop_longue() -> DossierQuerySet:
    jour, fois = horloge.aujourd_hui(), jours("immobile_multiple")
    trop = Q(pk__in=())
    for etat, promis in referentiels.regle("promesses_jours", jour).items():
        trop |= Q(etat=etat, etat_depuis__lt=horloge.heure_locale(jour - timedelta(days=int(promis) * fois)))
    en_pause = PauseDelai.objects.filter(demande__dossier=OuterRef("pk"), au__isnull=True)
    return suivis().filter(trop, ~Exists(en_pause), etat__in=(*AVANT_DECISION, *EN_RECOURS))


def _responsable_parti() -> DossierQuerySet:
    parties = Attribution.objects.filter(dossier=OuterRef("pk"), au__isnull=True, qui__is_active=False).exclude(
        qualite=Attribution.Qualite.SIGNATAIRE
    )
    return suivis().filter(Exists(parties), etat__in=(*AVANT_DECISION, *EN_RECOURS))


def _piece_en_attente() -> DossierQuerySet:
    attente = Piece.objects.filter(
        verification=Piece.Verification.EN_COURS, versee_le__lt=horloge.maintenant() - PIECE_EN_ATTENTE
    )
    return suivis().filter(pk__in=attente.order_by().values("dossier"))


def _lettre_en_attente() -> DossierQuerySet:
    attente = Lettre.objects.filter(
        emise_le__isnull=True, annulee_le__isnull=True, nee_le__lt=horloge.maintenant() - LETTRE_EN_ATTENTE
    )
    return suivis().filter(pk__in=attente.order_by().values("dossier"))


def _echeance_sans_responsable() -> DossierQuerySet:
    jour = horloge.aujourd_hui()
    proches = Echeance.objects.filter(code=Echeance.Code.RENDRE_REVISION, date__range=(jour, jour + ECHEANCE_PROCHE))
    charge = Attribution.objects.filter(dossier=OuterRef("pk"), qualite=Attribution.Qualite.REVISEUR, au__isnull=True)
    sans_agent = Q(agent__isnull=True, balle=Balle.AGENT, avant_le__lt=jour, etat__in=AVANT_DECISION)
    sans_reviseur = Q(pk__in=proches.order_by().values("dossier"), balle=Balle.DRRA) & ~Exists(charge)
    return suivis().filter(sans_agent | sans_reviseur)


CONTROLES = (
    Controle("etape", "L'étape dure deux fois ce qui est promis.", "Appeler qui a la balle.", _etape_trop_longue),
    Controle("parti", "Le responsable n'a plus de compte.", "Attribuer le dossier.", _responsable_parti),
    Controle("piece", "Un fichier attend l'antivirus.", "Prévenir le soutien.", _piece_en_attente),
    Controle("lettre", "Une lettre n'est pas partie.", "Voir les envois, ou appeler.", _lettre_en_attente),
    Controle("echeance", "Une date passe sans responsable.", "Attribuer le dossier.", _echeance_sans_responsable),
)


def a_signaler() -> DossierQuerySet:
    """Dossiers immobiles pas encore signalés depuis leur dernier changement d'étape."""
    dites = Tache.objects.filter(
        dossier=OuterRef("pk"), code=Tache.Code.DOSSIER_IMMOBILE, nee_le__gte=OuterRef("etat_depuis")
    )
    vus = Q(pk__in=())
    for controle in CONTROLES:
        vus |= Q(pk__in=controle.vises().order_by().values("pk"))
    return suivis().filter(vus, ~Exists(dites))


def constats(dossier: Dossier) -> list[Controle]:
    """Les contrôles que ce dossier ne passe pas."""
    return [un for un in CONTROLES if un.vises().filter(pk=dossier.pk).exists()]


def lister(maximum: int) -> Iterator[tuple[Controle, int, list[str]]]:
    """Par contrôle : combien de dossiers, et les références des premiers."""
    for controle in CONTROLES:
        vises = controle.vises()
        yield controle, vises.count(), list(vises.order_by("pk").values_list("reference", flat=True)[:maximum])
