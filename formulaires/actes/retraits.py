"""Retirer un rapport signé pour la mauvaise personne : il n'est plus lu par personne, et sa trace reste."""

from __future__ import annotations

from typing import Any

from comptes.models import Role
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.models import Attribution, Demande, Tache
from dossiers.porte import Contexte, acte
from formulaires.models import RapportMedical
from socle.refus import Refus


@acte("retirer_rapport", "rapport.retirer")
def retirer_rapport(ctx: Contexte, *, version: Any = None, motif: Any = None) -> RapportMedical:
    """Retire un rapport de la demande courante, le dernier si `version` n'est pas donnée.

    Le signataire retire les siens; le chef d'équipe du bureau, tout rapport, quand on le lui signale. L'empreinte,
    le signataire et la date restent; l'histoire dit qui a retiré et quand. Ce qui était signé après n'est pas changé :
    l'agent relit. Refus : accès, puis `etat_interdit` si aucun rapport n'est à retirer, puis les champs.
    """
    demande = ctx.courante
    rapports = RapportMedical.objects.filter(demande=demande)
    if ctx.acteur.role == Role.CLINICIEN:
        rapports = rapports.filter(signataire=ctx.acteur)
    if not rapports.exists():
        raise Refus("etat_interdit", "Aucun rapport de cette demande n'est à retirer.")
    if version is not None:
        rapports = rapports.filter(version=verifier.entier("version", version))
    rapport = rapports.select_related("signataire").order_by("-version").first()
    if rapport is None:
        raise Refus("champ_invalide", champ="version")
    rapport.motif_retrait = verifier.texte("motif", motif, maximum=300)
    rapport.retire_le, rapport.retire_par = ctx.instant, ctx.acteur
    rapport.save(update_fields=["motif_retrait", "retire_le", "retire_par"])
    _fermer_l_acces(ctx, demande, rapport)
    etapes.creer_tache(ctx, Tache.Code.RAPPORT_RETIRE, demande=demande)
    etapes.recevoir_nouveaute(ctx, demande)
    ctx.details.update(version=rapport.version, sha256=rapport.sha256)
    return rapport


def _fermer_l_acces(ctx: Contexte, demande: Demande, rapport: RapportMedical) -> None:
    """Signer ouvrait la lecture du dossier; sans autre rapport de cette main, cette lecture finit."""
    if RapportMedical.objects.filter(demande__dossier=ctx.dossier, signataire=rapport.signataire).exists():
        return
    siennes = Attribution.objects.filter(
        dossier=ctx.dossier, qui=rapport.signataire, qualite=Attribution.Qualite.SIGNATAIRE, au__isnull=True
    ).select_related("qui")
    for attribution in siennes:
        etapes.finir_attribution(ctx, attribution)
