"""Ce qui reste à faire au centre d'évaluation, et qui le doit. Source : `cas/LISEZMOI.md`, « Avis et décision »."""

from __future__ import annotations

from comptes.models import Role
from decisions.actes.signature import QUALITES_SIGNATAIRES
from dossiers.models import Attribution, Demande
from dossiers.regles import Reste
from evaluation import lecture
from evaluation.models import Avis, Metier

AVIS_DE = {Metier.MEDECIN: "l'avis médical", Metier.SPECIALISTE: "l'avis socioprofessionnel"}
ROLE_DU_METIER = {metier: role for role, metier in lecture.METIER_DU_ROLE.items()}


def avis_a_rendre(demande: Demande) -> Reste:
    """Les avis qui manquent; un métier que personne n'a pris attend toute personne de ce métier."""
    saisis = {lecture.metier(une.qui): une.qui_id for une in lecture.titulaires(demande)}
    rendus = set(Avis.objects.filter(demande=demande).values_list("auteur_id", flat=True))
    manquent = [metier for metier in (Metier.MEDECIN, Metier.SPECIALISTE) if saisis.get(metier) not in rendus]
    par = tuple(str(saisis.get(metier, Role(ROLE_DU_METIER[metier]).value)) for metier in manquent)
    if len(manquent) == 1:
        return Reste(f"Rendre {AVIS_DE[manquent[0]]}", par)
    return Reste("", par)


def a_concerter(demande: Demande) -> Reste:
    """Conclure à deux; après un désaccord, le chef affecte un tiers, puis on attend son avis."""
    saisies = list(
        Attribution.objects.filter(
            demande=demande,
            qualite__in=QUALITES_SIGNATAIRES,
            au__isnull=True,
        ).order_by("pk")
    )
    if lecture.desaccord_ouvert(demande) is None:
        return Reste("", tuple(str(une.qui_id) for une in saisies))
    tiers = tuple(str(une.qui_id) for une in saisies if une.qualite == Attribution.Qualite.TIERS)
    if not tiers:
        return Reste("Affecter un tiers évaluateur", (Role.CHEF_EQUIPE.value,))
    return Reste("Rendre le tiers avis", tiers)
