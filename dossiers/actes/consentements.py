"""Consentements de la personne et invitation du clinicien."""

from __future__ import annotations

from typing import Any

from comptes.models import Compte, Role
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.models import Consentement, DemandeRenseignement, Invitation, Tache
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle.refus import Refus

JOINDRE = "joindre_clinicien"
COMMUNIQUER = "communiquer_decision_clinicien"


def consentement_vivant(dossier: Any, objet: str) -> bool:
    """Vrai si le consentement à cet objet est donné, ni retiré ni échu, en ce moment."""
    return Consentement.vivants().filter(dossier=dossier, objet=objet).exists()


def exiger_consentement(dossier: Any, objet: str) -> None:
    """Lève `consentement_absent` (rang 4) si le consentement ne vit pas."""
    if not consentement_vivant(dossier, objet):
        raise Refus("consentement_absent")


@acte("consentir", "consentement.ecrire")
def consentir(ctx: Contexte, *, objet: Any = None, preuve: Any = None) -> Consentement:
    """Consigne un consentement libre et précis; redonné, il reste le même."""
    ctx.cible = ctx.courante
    code = verifier.parmi("objet", objet, verifier.codes_de(referentiels.objets_consentement(ctx.jour)))
    lue = verifier.texte("preuve", preuve, requis=False, maximum=200)
    Consentement.echus().filter(dossier=ctx.dossier, objet=code).update(retire_le=ctx.instant, retire_par=ctx.acteur)
    consentement, _ = Consentement.objects.get_or_create(
        dossier=ctx.dossier,
        objet=code,
        retire_le=None,
        defaults={"donne_le": ctx.instant, "recueilli_par": ctx.acteur, "preuve": lue},
    )
    ctx.details["objet"] = code
    return consentement


@acte("retirer_consentement", "consentement.ecrire")
def retirer_consentement(ctx: Contexte, *, objet: Any = None, preuve: Any = None) -> None:
    """Retire un consentement; l'effet est immédiat.

    Retirer `joindre_clinicien` clôt les demandes en cours au clinicien; le rapport signé reste.
    """
    ctx.cible = ctx.courante
    code = verifier.parmi("objet", objet, verifier.codes_de(referentiels.objets_consentement(ctx.jour)))
    Consentement.objects.filter(dossier=ctx.dossier, objet=code, retire_le__isnull=True).update(
        retire_le=ctx.instant, retire_par=ctx.acteur
    )
    ctx.details["objet"] = code
    if code == JOINDRE:
        _clore_demandes_aux_cliniciens(ctx)


def _clore_demandes_aux_cliniciens(ctx: Contexte, **filtres: Any) -> None:
    ouvertes = DemandeRenseignement.objects.filter(
        demande__dossier=ctx.dossier, close_le__isnull=True, destinataire__role=Role.CLINICIEN, **filtres
    )
    touchees = {ouverte.demande for ouverte in ouvertes.select_related("demande")}
    ouvertes.update(close_le=ctx.instant, cloture=DemandeRenseignement.Cloture.CONSENTEMENT, close_par=ctx.acteur)
    for demande in touchees:
        etapes.reprendre_si_tout_est_clos(ctx, demande)


@acte("inviter_clinicien", "clinicien.inviter")
def inviter_clinicien(ctx: Contexte, *, clinicien: Any = None) -> Invitation:
    """Invite un professionnel de la santé à remplir le SR-2100; le choix du signataire revient à la personne.

    Inviter un titre qui ne peut pas signer reste permis : le titre est jugé à la signature.
    """
    exiger_consentement(ctx.dossier, JOINDRE)
    demande = ctx.courante
    verifier.exiger("clinicien", clinicien)
    if not isinstance(clinicien, Compte) or clinicien.role != Role.CLINICIEN:
        raise Refus("champ_invalide", champ="clinicien")
    invitation, _ = Invitation.objects.get_or_create(
        demande=demande,
        clinicien=clinicien,
        declinee_le=None,
        defaults={"invite_le": ctx.instant, "invite_par": ctx.acteur},
    )
    return invitation


@acte("decliner_rapport", "rapport.decliner")
def decliner_rapport(ctx: Contexte, *, motif: Any = None) -> None:
    """Le clinicien décline : son invitation se clôt, l'agent est avisé, rien n'est fermé."""
    demande = ctx.courante
    lu = verifier.texte("motif", motif, maximum=300)
    Invitation.objects.filter(demande__dossier=ctx.dossier, clinicien=ctx.acteur, declinee_le__isnull=True).update(
        declinee_le=ctx.instant, motif_declin=lu
    )
    note = f"{ctx.acteur.nom_complet} : {lu}"
    etapes.creer_tache(ctx, Tache.Code.INVITATION_DECLINEE, demande=demande, note=note, ajouter=True)


@acte("retirer_invitation", "clinicien.inviter")
def retirer_invitation(ctx: Contexte, *, clinicien: Any = None) -> None:
    """La personne change de clinicien : l'invitation se clôt, et ce qui lui est demandé; un rapport signé reste.

    Qui a déjà signé peut relire ce qu'il a signé. L'agent n'a rien de plus à faire.
    `champ_invalide` si ce clinicien n'a pas d'invitation vivante.
    """
    ctx.cible = ctx.courante
    verifier.exiger("clinicien", clinicien)
    vise = clinicien.pk if isinstance(clinicien, Compte) else None
    vivantes = Invitation.objects.filter(demande__dossier=ctx.dossier, clinicien_id=vise, declinee_le__isnull=True)
    if not vivantes.update(declinee_le=ctx.instant, motif_declin=Invitation.RETIREE):
        raise Refus("champ_invalide", "Cette personne n'est plus invitée. Relisez la liste.", champ="clinicien")
    _clore_demandes_aux_cliniciens(ctx, destinataire_id=vise)
