"""Les files de la révision, et le jour où en est chacune.

Source : `ecrans-et-lettres.md` B5; manuel, sujets 43378 et 43380 (30 jours, puis 90).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from comptes.models import Compte
from dossiers.etats import EN_RECOURS
from dossiers.models import Attribution, Dossier, Echeance, Piece
from referentiels import lecture as referentiels
from revision import lecture, regles
from revision.models import Entrevue, Observation, Revision, SignatureRevision
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
class Horloge:
    """Où en est une révision : son jour, et les deux échéances, la plus proche d'abord."""

    jour: int
    rendre: date | None
    direct: date | None
    demander: date | None
    depart: regles.Depart

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


CODES = (Echeance.Code.RENDRE_REVISION, Echeance.Code.RECOURS_DIRECT, Echeance.Code.DEMANDER_REVISION)


def horloges(revisions: Iterable[Revision]) -> dict[int, Horloge]:
    """Jour et échéances de chaque révision, en un nombre constant de requêtes."""
    liste = list(revisions)
    demandes = [revision.demande_id for revision in liste]
    echeances = {
        (ligne.demande_id, ligne.code): ligne.date
        for ligne in Echeance.objects.filter(demande_id__in=demandes, code__in=CODES)
    }
    departs = _departs(liste)
    jour = horloge.aujourd_hui()
    return {
        revision.pk: Horloge(
            max((jour - departs[revision.pk].jour).days, 0),
            echeances.get((revision.demande_id, Echeance.Code.RENDRE_REVISION)),
            echeances.get((revision.demande_id, Echeance.Code.RECOURS_DIRECT)),
            echeances.get((revision.demande_id, Echeance.Code.DEMANDER_REVISION)),
            departs[revision.pk],
        )
        for revision in liste
    }


def _departs(revisions: list[Revision]) -> dict[int, regles.Depart]:
    """Départ du délai de chacune; les pièces et observations ne se lisent que si un délai a été demandé."""
    receptions: dict[int, list[date]] = defaultdict(list)
    avec_delai = [revision for revision in revisions if revision.delai_demande_le is not None]
    for revision in avec_delai:
        # Lues avec la révision elle-même quand la page n'en montre qu'une (`revision_du_reviseur`).
        lues = (*getattr(revision, "observations_le", ()), *getattr(revision, "pieces_le", ()))
        receptions[revision.pk] += [horloge.jour_civil(le) for le in lues]
    avec_delai = [revision for revision in avec_delai if not hasattr(revision, "pieces_le")]
    if avec_delai:
        par_dossier = {revision.demande.dossier_id: revision for revision in avec_delai}
        for cle, le in Observation.objects.filter(revision__in=avec_delai).values_list("revision_id", "le"):
            receptions[cle].append(horloge.jour_civil(le))
        versees = Piece.objects.filter(dossier_id__in=par_dossier, versee_par__role__in=lecture.VERSE_PAR_LA_PERSONNE)
        for dossier_id, le in versees.values_list("dossier_id", "versee_le"):
            receptions[par_dossier[dossier_id].pk].append(horloge.jour_civil(le))
    return {
        revision.pk: regles.depart_du_delai(
            revision.recue_le,
            horloge.jour_civil(revision.delai_demande_le) if revision.delai_demande_le else None,
            revision.delai_jusqu_au,
            receptions[revision.pk],
            renvoi=revision.renvoi_du_taq,
        )
        for revision in revisions
    }
