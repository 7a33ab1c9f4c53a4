"""Les files du centre d'évaluation. Tout passe par `visibles_par` et par les attributions vivantes.

Source : `ecrans-et-lettres.md` B2.1 et B3.1. Ni l'âge ni le sexe n'entrent ici.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from comptes.models import Compte
from decisions.actes.signature import QUALITES_SIGNATAIRES
from decisions.models import Signature
from dossiers.etats import Etat
from dossiers.models import Attribution, Demande, DemandeRenseignement, Dossier, Occasion, Piece
from dossiers.requetes import DossierQuerySet
from evaluation.models import Avis, Concertation
from formulaires.models import SR2105, Contribution, RapportMedical

ORDRE = ("tri", "etat_depuis", "pk")
COMPTE_MAX = 1001
LOIN = date(9999, 12, 31)


def visibles(personne: Compte) -> DossierQuerySet:
    """Dossiers que la personne peut voir, avec leur demande courante et l'échéance qui les trie."""
    courante = Demande.objects.filter(dossier=OuterRef("pk"), ouverte_le__isnull=False).order_by("-rang")
    dossiers: DossierQuerySet = Dossier.objects.visibles_par(personne).filter(fusionne_dans__isnull=True)
    annotes: DossierQuerySet = dossiers.annotate(
        courante_id=Subquery(courante.values("pk")[:1]),
        tour=Subquery(courante.values("tour")[:1]),
        tri=Coalesce("avant_le", Value(LOIN), output_field=DateField()),
    )
    return annotes


def _saisi(personne: Compte) -> Exists:
    return Exists(
        Attribution.objects.filter(
            demande_id=OuterRef("courante_id"),
            qui=personne,
            qualite__in=QUALITES_SIGNATAIRES,
            au__isnull=True,
        )
    )


def _avis_rendu(personne: Compte) -> Exists:
    return Exists(Avis.objects.filter(demande_id=OuterRef("courante_id"), auteur=personne))


def a_prendre(personne: Compte) -> DossierQuerySet:
    """Transmis, et personne de ce métier ne s'en est saisi."""
    du_metier = Attribution.objects.filter(
        demande_id=OuterRef("courante_id"),
        qualite=Attribution.Qualite.EVALUATEUR,
        au__isnull=True,
        qui__role=personne.role,
    )
    return visibles(personne).filter(Q(etat__in=(Etat.TRANSMISE_CSEMS, Etat.EN_EVALUATION)) & ~Exists(du_metier))


def a_evaluer(personne: Compte) -> DossierQuerySet:
    """Saisis, sans avis de cette personne; un tiers y trouve le désaccord à éclairer."""
    return visibles(personne).filter(
        Q(etat__in=(Etat.EN_EVALUATION, Etat.EN_CONCERTATION)) & _saisi(personne) & ~_avis_rendu(personne)
    )


def en_concertation(personne: Compte) -> DossierQuerySet:
    """Avis rendu : les deux se concertent, ou l'autre avis est attendu."""
    return visibles(personne).filter(
        Q(etat__in=(Etat.EN_EVALUATION, Etat.EN_CONCERTATION)) & _saisi(personne) & _avis_rendu(personne)
    )


def a_signer(personne: Compte) -> DossierQuerySet:
    """Projet déposé, et cette personne n'a pas encore signé ce tour; un tiers n'y voit que ce qu'il doit signer."""
    signee = Signature.objects.filter(
        decision__demande_id=OuterRef("courante_id"),
        decision__tour=OuterRef("tour"),
        signataire=personne,
        annulee_le__isnull=True,
    )
    a_elle = Q(a_faire_par__isnull=True) | Q(a_faire_par__contains=[str(personne.pk)])
    return visibles(personne).filter(Q(etat=Etat.EN_ATTENTE_SIGNATURE) & a_elle & _saisi(personne) & ~Exists(signee))


def reponses_recues(personne: Compte) -> DossierQuerySet:
    """Une réponse est arrivée depuis l'avis de cette personne, ou depuis qu'elle a pris le dossier."""
    dernier_avis = Avis.objects.filter(demande_id=OuterRef("courante_id"), auteur=personne).order_by("-pk")
    prise = Attribution.objects.filter(demande_id=OuterRef("courante_id"), qui=personne, au__isnull=True).order_by(
        "-pk"
    )
    repere = visibles(personne).annotate(
        repere=Coalesce(Subquery(dernier_avis.values("rendu_le")[:1]), Subquery(prise.values("du")[:1]))
    )
    depuis = {"demande_id": OuterRef("courante_id"), "repondue_le__gt": OuterRef("repere")}
    recue = Exists(DemandeRenseignement.objects.filter(**depuis)) | Exists(Occasion.objects.filter(**depuis))
    en_cours = (Etat.EN_EVALUATION, Etat.EN_CONCERTATION, Etat.EN_ATTENTE_SIGNATURE)
    return repere.filter(Q(etat__in=en_cours) & _saisi(personne) & recue)


ONGLETS: dict[str, tuple[str, Callable[[Compte], DossierQuerySet]]] = {
    "a-prendre": ("À prendre", a_prendre),
    "a-evaluer": ("À évaluer", a_evaluer),
    "en-concertation": ("En concertation", en_concertation),
    "a-signer": ("À signer", a_signer),
    "reponses-recues": ("Réponses reçues", reponses_recues),
}


def sans_tiers(dossiers: DossierQuerySet) -> DossierQuerySet:
    """Ceux de ces dossiers où un désaccord attend que le chef affecte un tiers (`evaluation.reste.a_concerter`)."""
    demande = OuterRef("demande")
    eclaire = Avis.objects.filter(demande=demande, tiers=True, rendu_le__gte=OuterRef("le"))
    confie = Attribution.objects.filter(demande=demande, qualite=Attribution.Qualite.TIERS, au__isnull=True)
    ouverts = Concertation.objects.filter(
        ~Exists(eclaire),
        ~Exists(confie),
        demande__dossier=OuterRef("pk"),
        demande__etat=Etat.EN_CONCERTATION,
        accord=False,
    )
    return dossiers.filter(Exists(ouverts))


def compter(requete: DossierQuerySet) -> int:
    """Compte borné : au-delà de mille, il n'importe plus."""
    return int(requete.order_by()[:COMPTE_MAX].count())


def avec_nombre_de_documents(requete: DossierQuerySet) -> DossierQuerySet:
    """Ajoute `documents` : rapports, contributions, renseignements complémentaires et pièces non refusées."""

    def nombre(lignes: Any, lien: str) -> Coalesce:
        comptees = lignes.order_by().values(lien).annotate(nombre=Count("pk")).values("nombre")
        return Coalesce(Subquery(comptees, output_field=IntegerField()), 0)

    pieces = Piece.objects.filter(dossier=OuterRef("pk")).exclude(verification=Piece.Verification.REFUSEE)
    annotee: DossierQuerySet = requete.annotate(
        documents=nombre(pieces, "dossier")
        + nombre(RapportMedical.objects.filter(demande__dossier=OuterRef("pk")), "demande__dossier")
        + nombre(Contribution.objects.filter(dossier=OuterRef("pk")), "dossier")
        + nombre(SR2105.objects.filter(dossier=OuterRef("pk")), "dossier")
    )
    return annotee
