"""Choix que les formulaires offrent : qui peut être joint, quels mandats, quelles demandes vivent."""

from __future__ import annotations

from django.db.models import Q

from comptes.absences import presents
from comptes.models import Compte, Role
from dossiers.conflits import sans_ceux_en_conflit
from dossiers.models import (
    Attribution,
    Consentement,
    DemandeRenseignement,
    Dossier,
    Invitation,
    Mandat,
)
from socle import horloge

JOINDRE = "joindre_clinicien"


def cliniciens(dossier: Dossier) -> list[Compte]:
    """Professionnels invités ou signataires, si la personne consent à ce qu'on les joigne."""
    if not Consentement.vivants().filter(dossier=dossier, objet=JOINDRE).exists():
        return []
    invites = Invitation.objects.filter(demande__dossier=dossier, declinee_le__isnull=True).values("clinicien")
    signataires = Attribution.objects.filter(
        dossier=dossier, qualite=Attribution.Qualite.SIGNATAIRE, au__isnull=True
    ).values("qui")
    tous = Compte.objects.filter(Q(pk__in=invites) | Q(pk__in=signataires)).select_related("clinique")
    return list(tous.order_by("nom", "pk"))


def ressources(dossier: Dossier, portee: str = "repondre") -> list[Compte]:
    """Personnes-ressources et représentants dont un mandat vivant porte cette portée."""
    vivants = Mandat.objects.vivants(horloge.aujourd_hui()).portant(portee).filter(dossier=dossier)
    return list(Compte.objects.filter(pk__in=vivants.values("intervenant")).order_by("nom", "pk"))


def equipe(dossier: Dossier) -> list[Compte]:
    """Agent et évaluateurs chargés du dossier en ce moment."""
    charges = Attribution.objects.filter(dossier=dossier, au__isnull=True).exclude(
        qualite=Attribution.Qualite.SIGNATAIRE
    )
    return list(Compte.objects.filter(pk__in=charges.values("qui")).order_by("nom", "pk"))


def destinataires(dossier: Dossier) -> list[Compte]:
    """À qui un renseignement peut être demandé, la personne d'abord."""
    return [dossier.prestataire, *cliniciens(dossier), *ressources(dossier)]


def correspondants(dossier: Dossier, personne: Compte) -> list[Compte]:
    """À qui cette personne peut écrire dans le fil du dossier."""
    tous = {compte.pk: compte for compte in (*equipe(dossier), *cliniciens(dossier), *ressources(dossier))}
    tous.pop(personne.pk, None)
    return list(tous.values())


def en_mots(compte: Compte) -> str:
    """Nom et rôle, pour choisir sans se tromper."""
    if compte.role == Role.CLINICIEN and compte.clinique is not None:
        return f"{compte.nom_complet}, {compte.clinique.nom}"
    label = str(Role(compte.role).label)
    return f"{compte.nom_complet}, {label[:1].lower()}{label[1:]}"


def demandes_vivantes(dossier: Dossier) -> list[DemandeRenseignement]:
    """Renseignements encore attendus."""
    return list(
        DemandeRenseignement.objects.filter(demande__dossier=dossier, close_le__isnull=True)
        .select_related("destinataire__clinique")
        .order_by("pk")
    )


def agents_du_bureau(dossier: Dossier) -> list[Compte]:
    """Agents actifs et présents du bureau du dossier."""
    jour = horloge.aujourd_hui()
    agents = Compte.objects.filter(presents(jour), role=Role.AGENT, bureau_id=dossier.bureau_id, is_active=True)
    return sans_ceux_en_conflit(dossier, agents.order_by("nom", "prenom", "pk"))
