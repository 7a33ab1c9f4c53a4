"""La personne cherche, puis invite, qui remplira son rapport médical.

Source : `ecrans-et-lettres.md` B8; `cas/LISEZMOI.md`, colonne « prestataire ».
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comptes.lecture import ne_signe_pas
from comptes.models import Compte, Role
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.models import Demande, Invitation
from espaces.forms_suivi import ClinicienForm
from espaces.views.suivi import commun, mien
from espaces.views.suivi_commun import exiger, jouer, lire_ou_envoyer, sa_demande
from formulaires import lecture as formulaires
from socle import horloge


@lire_ou_envoyer
def clinicien(request: HttpRequest) -> HttpResponse:
    """Chercher puis inviter le professionnel de la santé qui remplira le rapport médical."""
    dossier, droits = mien(request)
    courante = sa_demande(dossier)
    exiger(droits, "clinicien.inviter")
    # Un nom cherché ne voyage que par POST; le jeton de l'acte distingue l'invitation de la recherche.
    q = request.POST.get("q", "").replace("\x00", "").strip()[:60]
    inviter = "cle" in request.POST
    trouves = (
        Compte.objects.filter(role=Role.CLINICIEN, is_active=True)
        .filter(Q(nom__icontains=q) | Q(prenom__icontains=q) | Q(clinique__nom__icontains=q))
        .select_related("clinique")
        .order_by("nom", "prenom", "pk")
    )
    trouves = trouves[:20] if len(q) >= 2 else trouves.none()
    forme = ClinicienForm(request.POST if inviter else None)
    champ: Any = forme.fields["clinicien"]
    actifs = Compte.objects.filter(role=Role.CLINICIEN, is_active=True)
    champ.queryset = actifs if inviter else trouves
    champ.label_from_instance = _nom_du_clinicien
    if inviter and forme.is_valid():
        vise = forme.cleaned_data["clinicien"]
        suite = jouer(request, forme, "inviter_clinicien", dossier, _dit_a_l_invitation(vise), clinicien=vise)
        if suite is not None:
            return suite
    if inviter:
        champ.queryset = trouves
    invites = Invitation.objects.filter(demande=courante, declinee_le__isnull=True).select_related(
        "clinicien__clinique"
    )
    declinees = _declinees(courante) if not invites else []
    return render(
        request,
        "espaces/suivi_clinicien.html",
        commun(
            dossier,
            form=forme,
            q=q,
            trouves=list(trouves),
            invites=[
                (_nom_du_clinicien(une.clinicien), horloge.jour_civil(une.invite_le), une.clinicien_id, uuid4())
                for une in invites
            ],
            declinees=declinees,
            titre_declinees="Cette personne ne peut pas remplir le rapport"
            if len(declinees) == 1
            else "Ces personnes ne peuvent pas remplir le rapport",
            accord=consentement_vivant(dossier, JOINDRE),
        ),
    )


def _dit_a_l_invitation(invite: Compte) -> str:
    """Ce qui reste à faire selon le titre de l'invité : une contribution ne tient jamais lieu de rapport."""
    jour = horloge.aujourd_hui()
    if not ne_signe_pas(invite, jour):
        return "Nous écrirons à cette personne. Vous n'avez rien d'autre à faire pour le rapport."
    if formulaires.natures_permises(invite, jour):
        return (
            "Nous écrirons à cette personne. Elle peut ajouter une contribution. "
            "Son titre ne signe pas le rapport : il faut encore quelqu'un."
        )
    return "Nous écrirons à cette personne. Son titre ne signe pas le rapport : il faut encore quelqu'un."


def _declinees(demande: Demande) -> list[str]:
    """Qui a décliné, sans sa raison, quand plus personne n'est invité."""
    declinees = Invitation.objects.filter(demande=demande, declinee_le__isnull=False).exclude(
        motif_declin=Invitation.RETIREE
    )
    return [une.clinicien.nom_complet for une in declinees.select_related("clinicien")]


def _nom_du_clinicien(compte: Compte) -> str:
    if compte.clinique is None:
        return compte.nom_complet
    return f"{compte.nom_complet}, {compte.clinique.nom}"
