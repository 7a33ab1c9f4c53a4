"""Ce que voit un chef d'équipe : des comptes bornés, chacun avec la liste qui le fonde.

Jamais de vitesse par employé (la charge se lit au moment d'attribuer, `espaces.attribution`), jamais de texte
clinique. Source : `ecrans-et-lettres.md` B4 et B10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from comptes import absences
from comptes.models import Compte, Unite
from correspondance.models import Lettre, TacheHumaine
from dossiers.etats import AVANT_DECISION, CHEZ_CSEMS, Balle, Etat
from dossiers.models import Attribution, ConflitInteret, Dossier, Echeance, FermetureProposee, Fusion, Tache
from dossiers.requetes import DossierQuerySet
from evaluation.files import sans_tiers

SEMAINE = 7  # jours


@dataclass(frozen=True)
class Tranche:
    """Une tranche d'attente, en jours depuis le dépôt; `au` absent : sans limite."""

    code: str
    titre: str
    du: int
    au: int | None


TRANCHES = (
    Tranche("t0", "0 à 15 jours", 0, 15),
    Tranche("t16", "16 à 30 jours", 16, 30),
    Tranche("t31", "31 à 60 jours", 31, 60),
    Tranche("t61", "61 à 90 jours", 61, 90),
    Tranche("t91", "Plus de 90 jours", 91, None),
)
LISTES = {
    "sans-responsable": "Sans responsable",
    "semaine": "Échéance cette semaine",
    "retard": "En retard",
    "lettres": "Lettres qui n'ont pas pu être remises",
    "attente": "Lettres à émettre",
    "immobiles": "Dossiers qui n'avancent plus",
}
LISTES_DU_BUREAU = {
    "fermetures": "Fermetures à signer",
    "absents": "À faire, chez une personne absente",
    "doublons": "Dossiers en double à réunir",
}
CONFLITS = {"conflits": "Conflits d'intérêts déclarés"}
TIERS = {"tiers": "Tiers avis à confier"}


def listes(chef: Compte) -> dict[str, str]:
    """Code et titre des listes de ce chef."""
    if chef.unite == Unite.BUREAU:
        return LISTES | LISTES_DU_BUREAU | CONFLITS
    return TIERS | LISTES | CONFLITS if chef.unite == Unite.CSEMS else LISTES


def du_chef(chef: Compte) -> DossierQuerySet:
    """Dossiers de l'unité du chef."""
    dossiers: DossierQuerySet = Dossier.objects.visibles_par(chef).select_related("prestataire", "agent")
    return dossiers


def en_cours(chef: Compte) -> DossierQuerySet:
    """Dossiers dont l'unité est saisie en ce moment."""
    etats: tuple[str, ...] = tuple(AVANT_DECISION)
    if chef.unite == Unite.CSEMS:
        etats = CHEZ_CSEMS
    elif chef.unite == Unite.DRRA:
        etats = (Etat.EN_REVISION,)
    return du_chef(chef).filter(etat__in=etats)


def de_la_tranche(chef: Compte, tranche: Tranche, jour: date) -> DossierQuerySet:
    """Dossiers en cours déposés depuis un nombre de jours de la tranche."""
    dossiers = en_cours(chef).filter(depose_le__lte=jour - timedelta(days=tranche.du))
    if tranche.au is not None:
        dossiers = dossiers.filter(depose_le__gte=jour - timedelta(days=tranche.au))
    return dossiers


def _faits() -> dict[str, QuerySet[Any]]:
    """Les listes qui tiennent à un seul fait du dossier, quel que soit son état."""
    ici = OuterRef("pk")
    return {
        "lettres": TacheHumaine.objects.filter(lettre__dossier=ici, close_le__isnull=True),
        "attente": Lettre.objects.filter(dossier=ici, emise_le__isnull=True, annulee_le__isnull=True),
        "fermetures": FermetureProposee.objects.filter(demande__dossier=ici, tranchee_le__isnull=True),
        "immobiles": Tache.objects.filter(dossier=ici, code=Tache.Code.DOSSIER_IMMOBILE, close_le__isnull=True),
        "doublons": Fusion.objects.filter(source=ici, retenue__isnull=True, defaite_le__isnull=True),
        "conflits": ConflitInteret.objects.filter(dossier=ici, leve_le__isnull=True),
    }


def de_la_liste(chef: Compte, code: str, jour: date) -> DossierQuerySet:
    """Dossiers qui fondent un chiffre de la page."""
    dossiers = en_cours(chef)
    if code == "sans-responsable":
        if chef.unite == Unite.BUREAU:
            return dossiers.filter(agent__isnull=True, balle=Balle.AGENT)
        if chef.unite == Unite.CSEMS:
            return dossiers.filter(etat=Etat.TRANSMISE_CSEMS)
        charge = Attribution.objects.filter(
            dossier=OuterRef("pk"), qualite=Attribution.Qualite.REVISEUR, au__isnull=True
        )
        return dossiers.exclude(Exists(charge))
    if code == "tiers":
        return sans_tiers(dossiers)
    if code == "retard":
        return dossiers.filter(avant_le__lt=jour)
    if code == "semaine":
        return dossiers.filter(avant_le__gte=jour, avant_le__lt=jour + timedelta(days=SEMAINE))
    if code == "absents":
        return dossiers.filter(agent__in=Compte.objects.filter(absences.absents(jour)), balle=Balle.AGENT)
    fait = _faits().get(code)
    return dossiers if fait is None else du_chef(chef).filter(Exists(fait))


def jours_de_revision(dossiers: list[Dossier], jour: date) -> dict[int, tuple[int, int]]:
    """Pour chaque dossier en révision : jour écoulé et nombre de jours du délai direct, d'après son échéance."""
    from referentiels import lecture as referentiels

    total = int(referentiels.regle("delai_recours_direct_taq_jours", jour))
    fins = Echeance.objects.filter(
        dossier__in=[dossier.pk for dossier in dossiers], code=Echeance.Code.RECOURS_DIRECT
    ).order_by("demande__rang")
    return {fin.dossier_id: (max(0, total - (fin.date - jour).days), total) for fin in fins}
