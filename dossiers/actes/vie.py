"""Ce que la vie amène : un décès, un déménagement, un professionnel qui part. Chacun est un acte, avec ses suites."""

from __future__ import annotations

from typing import Any

from comptes.models import Bureau, Compte
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.actes.consentements import inviter_clinicien, retirer_invitation
from dossiers.actes.demandes import fermer_pour_deces
from dossiers.actes.rencontres import tout_annuler
from dossiers.etats import AVANT_DECISION
from dossiers.models import Attribution, Dossier, Invitation, Mandat, PauseDelai, Tache
from dossiers.porte import Contexte, acte
from socle.refus import Refus


@acte("constater_deces", "demande.fermer")
def constater_deces(ctx: Contexte, *, le: Any = None, source: Any = None) -> Dossier:
    """Note le décès : la demande avant décision se ferme, les mandats finissent, plus aucun rappel ne part.

    Une décision ou un recours en cours restent tels quels : la succession garde ses droits. `etat_interdit` si le
    décès est déjà noté; `champ_invalide` si la date est à venir.
    """
    demande = ctx.courante
    if ctx.dossier.deces_le is not None:
        raise Refus("etat_interdit", "Le décès est déjà noté à ce dossier.")
    verifier.manquants(("le", le), ("source", source))
    jour = verifier.date_exigee("le", le)
    if jour > ctx.jour or (ctx.dossier.naissance is not None and jour < ctx.dossier.naissance):
        raise Refus("champ_invalide", "Cette date n'est pas possible. Vérifiez-la.", champ="le")
    verifier.texte("source", source, maximum=200)
    ctx.dossier.deces_le = jour
    finis = Mandat.objects.non_echus(ctx.jour).filter(dossier=ctx.dossier)
    ctx.details["mandats_finis"] = finis.update(revoque_le=ctx.instant, revoque_par=ctx.acteur)
    PauseDelai.objects.filter(demande__dossier=ctx.dossier, au__isnull=True).update(
        au=ctx.instant, reprise_par=ctx.acteur
    )
    Tache.objects.filter(dossier=ctx.dossier, close_le__isnull=True).update(
        close_le=ctx.instant, close_par=ctx.acteur, note="Décès de la personne."
    )
    tout_annuler(ctx)
    ctx.echeances_a_revoir = True
    if demande.etat in AVANT_DECISION:
        fermer_pour_deces(ctx, demande)
    return ctx.dossier


@acte("transferer_bureau", "dossier.traiter")
def transferer_bureau(ctx: Contexte, *, bureau: Any = None, raison: Any = None) -> Dossier:
    """Confie le dossier à un autre bureau; la demande reste ouverte, à la même date, et rien n'est à refaire.

    L'agent du bureau d'avant ne le voit plus; le nouveau bureau a la tâche d'accueillir la personne.
    """
    verifier.exiger("bureau", bureau)
    if not isinstance(bureau, Bureau) or bureau.pk == ctx.dossier.bureau_id:
        raise Refus("champ_invalide", "Choisissez un autre bureau que celui du dossier.", champ="bureau")
    note = verifier.texte("raison", raison, maximum=200)
    agents = Attribution.objects.filter(
        dossier=ctx.dossier, qualite=Attribution.Qualite.AGENT, au__isnull=True
    ).select_related("qui")
    for attribution in agents:
        etapes.finir_attribution(ctx, attribution)
    ctx.details.update(du=ctx.dossier.bureau_id, vers=bureau.pk)
    ctx.dossier.bureau, ctx.dossier.agent = bureau, None
    ctx.dossier.save(update_fields=["bureau", "agent"])
    etapes.creer_tache(ctx, Tache.Code.DOSSIER_TRANSFERE, demande=ctx.dossier.courante, note=note, ajouter=True)
    return ctx.dossier


@acte("constater_depart_clinicien", "clinicien.inviter")
def constater_depart_clinicien(ctx: Contexte, *, clinicien: Any = None, remplacant: Any = None) -> None:
    """Le professionnel invité est parti : son invitation et ses questions se closent, un autre est invité s'il est
    connu; sinon l'agent en cherche un avec la personne. Un rapport déjà signé reste au dossier."""
    retirer_invitation(ctx, clinicien=clinicien)
    partis = Tache.objects.filter(dossier=ctx.dossier, code=Tache.Code.CLINICIEN_PARTI, close_le__isnull=True)
    if remplacant is None:
        etapes.creer_tache(ctx, Tache.Code.CLINICIEN_PARTI, demande=ctx.courante)
        return
    if not isinstance(remplacant, Compte) or remplacant == clinicien:
        raise Refus("champ_invalide", champ="remplacant")
    inviter_clinicien(ctx, clinicien=remplacant)
    partis.update(close_le=ctx.instant, close_par=ctx.acteur)


@acte("signaler_depart_clinicien", "systeme.jouer")
def signaler_depart_clinicien(ctx: Contexte) -> bool:
    """Le compte de l'invité est fermé : l'agent est avisé; rien n'est clos à la place de la personne."""
    parties = Invitation.objects.filter(
        demande__dossier=ctx.dossier, declinee_le__isnull=True, clinicien__is_active=False
    ).select_related("clinicien")
    for invitation in parties:
        etapes.creer_tache(
            ctx, Tache.Code.CLINICIEN_PARTI, demande=ctx.dossier.courante, note=invitation.clinicien.nom_complet,
            ajouter=True,
        )  # fmt: skip
    return bool(parties)
