"""Le début d'une demande, vu par la personne : la seule chose à faire pour que le rapport s'écrive.

Source : `ecrans-et-lettres.md` B7; étude SOM, obstacles 4 à 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from comptes.lecture import titre_au_permis
from decisions import temporaires
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.etats import AVANT_TRANSMISSION
from dossiers.models import Demande, Dossier, Invitation
from formulaires import lecture as formulaires
from referentiels import lecture as referentiels
from socle import horloge

RETIREE = "Votre demande reste ouverte et vous ne perdez rien. Voici d'autres portes."
DECLINE = (
    "La personne choisie ne peut pas le remplir. "
    "Votre demande reste ouverte et vous ne perdez rien. Voici d'autres portes."
)


@dataclass(frozen=True)
class Geste:
    """La seule chose à faire : titre, explication, lien, échéance."""

    titre: str
    texte: str
    bouton: str
    url: str
    avant: date | None = None
    surtitre: str = "Une chose à faire par vous"
    # Une réponse est attendue : une photo suffit, la date peut reculer, quelqu'un peut aider.
    demande_a_la_personne: bool = False


def adresse(nom: str, *arguments: Any) -> str:
    """Adresse d'une page, ou vide si elle n'est pas publiée."""
    try:
        return reverse(nom, args=arguments)
    except NoReverseMatch:
        return ""


def geste_depart(dossier: Dossier, demande: Demande) -> Geste | None:
    """Au début : permettre de joindre la clinique, la nommer, puis parler de son parcours."""
    if demande.etat not in AVANT_TRANSMISSION:
        return None
    sans_rapport = formulaires.dernier_rapport(demande) is None and not formulaires.a_substitut(demande)
    if sans_rapport and (geste := _geste_signataire(dossier, demande)) is not None:
        return geste
    sr2105 = adresse("sr2105", dossier.reference) or adresse("sr2105")
    if formulaires.dernier_sr2105(dossier) is None and sr2105 and temporaires.qu_ouvre(demande) is None:
        return Geste(
            "Parlez-nous de vos études et de vos emplois",
            "La loi nous demande de regarder votre santé et votre parcours. Vous pouvez répondre « je ne sais pas », "
            "ou nommer des personnes à appeler.",
            "Répondre aux questions",
            sr2105,
        )
    return None


def _geste_signataire(dossier: Dossier, demande: Demande) -> Geste | None:
    """Sans rapport : l'accord de joindre la clinique, puis quelqu'un dont le titre le signe."""
    if not consentement_vivant(dossier, JOINDRE):
        return Geste(
            "Permettez-nous de joindre votre clinique",
            "Un professionnel de la santé doit décrire vos limitations. Il nous faut votre accord pour le joindre.",
            "Donner mon accord",
            reverse("suivi_autorisations"),
        )
    jour = horloge.aujourd_hui()
    invitations = list(
        Invitation.objects.filter(demande=demande)
        .annotate(titre=titre_au_permis("clinicien", jour))
        .values_list("declinee_le", "motif_declin", "titre")
    )
    if invitations:
        return _geste_autre_clinicien(invitations, jour)
    return Geste(
        "Dites-nous qui vous soigne",
        "Choisissez le professionnel de la santé qui remplira le rapport médical.",
        "Choisir un professionnel",
        reverse("suivi_clinicien"),
    )


def _geste_autre_clinicien(invitations: Sequence[tuple[datetime | None, str, str | None]], jour: date) -> Geste | None:
    """Plus personne n'est invité, ou les invités ne signent pas de rapport : il faut encore quelqu'un."""
    vivantes = [titre for declinee, _, titre in invitations if declinee is None]
    if any(not titre or referentiels.titre_autorise(titre, jour) for titre in vivantes):
        return None
    if vivantes:
        return Geste(
            "Il faut encore quelqu'un pour le rapport",
            "La personne choisie peut vous aider, mais son titre ne signe pas le rapport médical. "
            "Un médecin le peut, par exemple.",
            "Choisir un professionnel",
            reverse("suivi_clinicien"),
        )
    decline = any(motif != Invitation.RETIREE for _, motif, _ in invitations)
    return Geste(
        "Cherchons quelqu'un d'autre pour le rapport",
        DECLINE if decline else RETIREE,
        "Voir où aller",
        reverse("suivi_portes"),
    )
