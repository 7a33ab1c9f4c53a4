"""L'occasion de compléter avant une décision défavorable, et l'appel de confirmation.

Source : Loi sur la justice administrative, art. 6; `conception.md` §11.5.
"""

from __future__ import annotations

from typing import Any

from correspondance.actes import preparer_lettre
from correspondance.codes import signaler
from dossiers import lettres
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.models import AppelConfirmation, Demande, Invitation, Occasion
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle.refus import Refus


@acte("offrir_occasion", "occasion.offrir")
def offrir_occasion(ctx: Contexte, *, elements: Any = None, jusqu_au: Any = None, appel_note: Any = None) -> Occasion:
    """Dit à la personne ce qui manque et lui laisse le temps de répondre, par lettre et par un appel noté.

    `jusqu_au` suit la date de l'offre, sinon `champ_invalide`.
    """
    demande = ctx.courante
    verifier.manquants(("elements", elements), ("jusqu_au", jusqu_au), ("appel_note", appel_note))
    fin = verifier.date_exigee("jusqu_au", jusqu_au)
    if fin <= ctx.jour:
        raise Refus("champ_invalide", champ="jusqu_au")
    occasion = Occasion.objects.create(
        demande=demande,
        offerte_par=ctx.acteur,
        offerte_le=ctx.instant,
        elements=verifier.codes("elements", elements, verifier.codes_de(referentiels.elements(ctx.jour))),
        jusqu_au=fin,
        appel_note=verifier.texte("appel_note", appel_note),
    )
    ctx.details["elements"] = occasion.elements
    _prevenir_la_clinique(ctx, demande)
    preparer_lettre(
        "occasion",
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire,
        cause=occasion,
        contenu=lettres.contenu_occasion(occasion),
    )
    return occasion


def _prevenir_la_clinique(ctx: Contexte, demande: Demande) -> None:
    """Un signal sans donnée à qui peut écrire le rapport, si la personne accepte qu'on le joigne; rien d'autre.

    Ce qui manque se lit au portail de la clinique; ni lettre, ni état, ni tâche n'en naissent.
    """
    if not consentement_vivant(ctx.dossier, JOINDRE):
        return
    invitations = Invitation.objects.filter(demande=demande, declinee_le__isnull=True).select_related("clinicien")
    for invitation in invitations.order_by("pk"):
        signaler(invitation.clinicien)


@acte("repondre_occasion", "occasion.repondre")
def repondre_occasion(ctx: Contexte, *, texte: Any = None, preuve: Any = None) -> Occasion:
    """Consigne la réponse de la personne, même tardive; « je n'ai rien d'autre » est une réponse."""
    demande = ctx.courante
    occasion = Occasion.objects.filter(demande=demande, repondue_le__isnull=True).order_by("-pk").first()
    if occasion is None:
        raise Refus("etat_interdit")
    occasion.reponse = verifier.texte("texte", texte)
    verifier.texte("preuve", preuve, requis=False)
    occasion.repondue_le = ctx.instant
    occasion.repondue_par = ctx.acteur
    occasion.save()
    return occasion


@acte("confirmer_situation", "dossier.traiter")
def confirmer_situation(ctx: Contexte, *, appel_note: Any = None) -> AppelConfirmation:
    """Note l'appel où la personne dit si sa situation a changé; exigé avant de reconduire un refus."""
    demande = ctx.courante
    return AppelConfirmation.objects.create(
        demande=demande, par=ctx.acteur, le=ctx.instant, note=verifier.texte("appel_note", appel_note)
    )
