"""Les files de la révision, et le jour où en est chacune.

Source : `ecrans-et-lettres.md` B5; manuel, sujets 43378 et 43380 (30 jours, puis 90).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from comptes.models import Compte
from dossiers.etats import EN_RECOURS
from dossiers.models import Attribution, Dossier, Echeance
from referentiels import lecture as referentiels
from revision import lecture, regles
from revision.models import Entrevue, EntrevuePrevue, Revision, SignatureRevision
from socle import horloge

ORDRE = ("recue_le", "pk")
COMPTE_MAX = 1001
OUVERTE = Q(rendue_le__isnull=True, abandonnee_le__isnull=True, remplacee_le__isnull=True)


def miennes(personne: Compte) -> QuerySet[Revision]:
    """Révisions ouvertes dont cette personne est le réviseur, sur des dossiers qu'elle peut voir."""
    visibles = Dossier.objects.visibles_par(personne).values("pk")
    affectee = Attribution.objects.filter(
        demande=OuterRef("demande"), qui=personne, qualite=Attribution.Qualite.REVISEUR, au__isnull=True
    )
    return Revision.objects.filter(
        OUVERTE, Exists(affectee), demande__etat__in=EN_RECOURS, demande__dossier__in=visibles
    )


def _tenue() -> Exists:
    return Exists(Entrevue.objects.filter(revision=OuterRef("pk")))


def _signee(personne: Compte | None = None) -> Exists:
    signatures = SignatureRevision.objects.filter(revision=OuterRef("pk"), annulee_le__isnull=True)
    return Exists(signatures.filter(signataire=personne) if personne else signatures)


def nouvelles(personne: Compte) -> QuerySet[Revision]:
    """Recevabilité à juger."""
    return miennes(personne).filter(recevable__isnull=True)


def entrevue_a_faire(personne: Compte) -> QuerySet[Revision]:
    """Recevable, sans entrevue tenue ni signature."""
    return miennes(personne).filter(Q(recevable=True) & ~_tenue() & ~_signee())


def a_decider(personne: Compte) -> QuerySet[Revision]:
    """Entrevue tenue, aucune signature encore."""
    return miennes(personne).filter(Q(recevable=True) & _tenue() & ~_signee())


def a_signer(personne: Compte) -> QuerySet[Revision]:
    """L'autre réviseur a signé; la signature de cette personne scelle."""
    return miennes(personne).filter(Q(recevable=True) & _signee() & ~_signee(personne))


ONGLETS: dict[str, tuple[str, Callable[[Compte], QuerySet[Revision]]]] = {
    "nouvelles": ("Nouvelles", nouvelles),
    "entrevue": ("Entrevue à faire", entrevue_a_faire),
    "a-decider": ("À décider", a_decider),
    "a-signer": ("À signer", a_signer),
}


def compter(requete: QuerySet[Revision]) -> int:
    """Compte borné : au-delà de mille, il n'importe plus."""
    return requete.order_by()[:COMPTE_MAX].count()


@dataclass(frozen=True)
class Convenue:
    """L'entrevue prévue : l'instant, la durée en minutes, le moyen."""

    le: datetime
    minutes: int
    mode: str


@dataclass(frozen=True)
class Horloge:
    """Où en est une révision : son jour, ses échéances, l'entrevue prévue, qui a signé."""

    jour: int
    rendre: date | None
    direct: date | None
    demander: date | None
    depart: regles.Depart
    reprise: date | None = None
    entrevue: Convenue | None = None
    signataires: tuple[int, ...] = ()

    @property
    def en_mots(self) -> str:
        """« Jour 12 de 90 »."""
        return f"Jour {self.jour} de {referentiels.regle('delai_recours_direct_taq_jours', self.depart.jour)}"

    def banniere(self, le: date) -> str:
        """Le repère franchi à cette date : « jour_75 », « jour_20 », ou vide."""
        for code, regle in (
            ("jour_75", "alerte_revision_seconde_jours"),
            ("jour_20", "alerte_revision_premiere_jours"),
        ):
            if self.jour >= int(referentiels.regle(regle, le)):
                return code
        return ""


CODES = (
    Echeance.Code.RENDRE_REVISION,
    Echeance.Code.RECOURS_DIRECT,
    Echeance.Code.DEMANDER_REVISION,
    Echeance.Code.REPRISE_PRESTATION,
)


def _convenue(lue: dict[str, Any] | None) -> Convenue | None:
    return Convenue(datetime.fromisoformat(lue["le"]), lue["minutes"], lue["mode"]) if lue else None


def horloges(revisions: Iterable[Revision]) -> dict[int, Horloge]:
    """Jour, échéances, entrevue prévue et signataires de chaque révision, en une requête."""
    echeances = Echeance.objects.filter(demande=OuterRef("demande"), code__in=CODES)
    prevues = EntrevuePrevue.objects.filter(revision=OuterRef("pk"), annulee_le__isnull=True, tenue__isnull=True)
    signatures = SignatureRevision.objects.filter(revision=OuterRef("pk"), annulee_le__isnull=True).order_by("pk")
    lues = Revision.objects.filter(pk__in=[revision.pk for revision in revisions]).annotate(
        recues=lecture.receptions(),
        prevue=Subquery(prevues.values(json=JSONObject(le="prevue_le", minutes="minutes", mode="mode"))[:1]),
        signees=ArraySubquery(signatures.values("signataire_id")),
        dues=ArraySubquery(echeances.values(json=JSONObject(code="code", date="date"))),
    )
    jour, par_revision = horloge.aujourd_hui(), {}
    for revision in lues.order_by():
        depart = lecture.depart_selon(revision, revision.recues)
        dues = {une["code"]: date.fromisoformat(une["date"]) for une in revision.dues}
        par_revision[revision.pk] = Horloge(
            max((jour - depart.jour).days, 0),
            dues.get(Echeance.Code.RENDRE_REVISION),
            dues.get(Echeance.Code.RECOURS_DIRECT),
            dues.get(Echeance.Code.DEMANDER_REVISION),
            depart,
            dues.get(Echeance.Code.REPRISE_PRESTATION),
            _convenue(revision.prevue),
            tuple(revision.signees),
        )
    return par_revision
