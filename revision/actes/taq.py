"""Le recours au Tribunal administratif du Québec, et le constat du 90e jour."""

from __future__ import annotations

from typing import Any

from correspondance.actes import preparer_lettre
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Attribution, Demande
from dossiers.porte import Contexte, acte
from revision import alertes, lecture, lettres, reprise
from revision.actes.demandes import demande_nommee
from revision.actes.etapes_taq import ecrire_jugement
from revision.models import RecoursTAQ, Revision
from revision.regles_taq import RENVOI
from socle.refus import Refus


def recours_direct_permis(demande: Demande, lue: Any = None) -> bool:
    """Vrai si la révision n'est pas rendue après son dernier jour; la lettre n'a pas à être partie."""
    return lecture.recours_direct_ouvert(demande, lue)


def _saisissable(demande: Demande) -> bool:
    if demande.etat == Etat.REVISION_RENDUE:
        return demande.revision_emise_le is not None
    return demande.etat == Etat.EN_REVISION and recours_direct_permis(demande)


@acte("saisir_taq", "taq.saisir")
def saisir_taq(ctx: Contexte, *, motifs: Any = None, demande: Any = None) -> RecoursTAQ:
    """Consigne le recours au Tribunal : après la décision en révision émise, ou directement après 90 jours."""
    ctx.cible = ctx.courante
    nommee = demande_nommee(ctx.dossier, demande) if isinstance(demande, Demande | int) else None
    candidates = [nommee] if nommee else list(ctx.dossier.demandes.order_by("-rang"))
    cible = next((une for une in candidates if _saisissable(une)), None)
    if cible is None:
        raise Refus("etat_interdit")
    if demande is not None and nommee is None:
        raise Refus("champ_invalide", champ="demande")
    recours = RecoursTAQ.objects.create(
        demande=cible,
        saisi_le=ctx.instant,
        saisi_par=ctx.acteur,
        direct=cible.etat == Etat.EN_REVISION,
        motifs=verifier.texte("motifs", motifs, requis=False),
    )
    etapes.changer(ctx, cible, "saisir_taq")
    ctx.cible = cible
    return recours


@acte("consigner_taq", "taq.consigner")
def consigner_taq(
    ctx: Contexte,
    *,
    issue: Any = None,
    demande: Any = None,
    juge_le: Any = None,
    ce_qui_change: Any = None,
    date_effet: Any = None,
    piece: Any = None,
) -> RecoursTAQ:
    """Consigne l'issue du Tribunal; un renvoi ouvre une révision neuve, recevabilité réputée.

    Facultatifs : la date du jugement, ce qu'il change, la date d'effet, la pièce du dossier qui le contient.
    """
    ctx.cible = ctx.courante
    nommee = demande_nommee(ctx.dossier, demande) if isinstance(demande, Demande | int) else None
    devant = ctx.dossier.demandes.filter(etat=Etat.DEVANT_TAQ).order_by("-rang")
    cible = (devant.filter(pk=nommee.pk) if nommee else devant).first()
    if cible is None:
        raise Refus("etat_interdit")
    if demande is not None and nommee is None:
        raise Refus("champ_invalide", champ="demande")
    lue = verifier.texte("issue", issue, maximum=120)
    recours = RecoursTAQ.objects.filter(demande=cible, consignee_le__isnull=True).order_by("-pk").first()
    if recours is None:
        raise Refus("etat_interdit")
    recours.issue, recours.consignee_le = lue, ctx.instant
    recours.save()
    ecrire_jugement(ctx, recours, juge_le=juge_le, ce_qui_change=ce_qui_change, date_effet=date_effet, piece=piece)
    ctx.cible = cible
    ctx.echeances_a_revoir = True
    if lue.casefold() == RENVOI:
        _renvoyer(ctx, cible)
    else:
        etapes.changer(ctx, cible, "juger")
        etapes.ouvrir_demande_en_attente(ctx)
    return recours


def _renvoyer(ctx: Contexte, demande: Demande) -> None:
    """Révision neuve : réviseurs, signatures et délais repartent de la réception du renvoi."""
    ancienne = lecture.derniere_revision(demande)
    if ancienne is None:
        raise Refus("etat_interdit")
    Revision.objects.filter(demande=demande, rendue_le__isnull=True, abandonnee_le__isnull=True).update(
        remplacee_le=ctx.instant
    )
    anciens = Attribution.objects.filter(demande=demande, qualite=Attribution.Qualite.REVISEUR, au__isnull=True)
    for attribution in anciens.select_related("qui"):
        etapes.finir_attribution(ctx, attribution)
    Revision.objects.create(
        demande=demande,
        decision=ancienne.decision,
        recue_le=ctx.jour,
        consignee_le=ctx.instant,
        demandee_par=ctx.acteur,
        renvoi_du_taq=True,
        recevable=True,
    )
    demande.revision_emise_le = None
    etapes.changer(ctx, demande, "renvoyer")


@acte("constater_recours_direct", "systeme.jouer")
def constater_recours_direct(ctx: Contexte) -> bool:
    """Le lendemain du dernier jour, avise une fois la personne qu'elle peut s'adresser au Tribunal.

    L'état reste `en_revision`. Tient aussi les alertes des jours 20 et 75, et
    la reprise d'une prestation (art. 114). Rend vrai si la lettre naît.
    """
    demande = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).order_by("-rang").first()
    revision = lecture.revision_ouverte(demande) if demande is not None else None
    if demande is None or revision is None:
        return False
    ctx.cible = demande
    alertes.tenir(ctx, revision)
    reprise.constater(ctx, revision)
    if ctx.jour <= lecture.recours_direct(revision).date:
        return False
    preparer_lettre(
        "avis_recours_direct",
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire,
        cause=revision,
        contenu=lettres.contenu_recours_direct(revision),
    )
    return True
