"""Gestes internes communs aux actes : changer d'état, rouvrir sur une nouveauté, ouvrir la demande en attente.

Ce module écrit l'état d'une demande pour le compte des actes; il n'est appelé que par eux.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django_fsm import can_proceed
from guardian.shortcuts import assign_perm, remove_perm

from comptes.models import Compte, Role
from dossiers.etats import AVANT_DECISION, EN_RECOURS, Balle, Etat
from dossiers.models import (
    Attribution,
    Demande,
    DemandeRenseignement,
    Dossier,
    DossierUserObjectPermission,
    Tache,
)
from dossiers.porte import Contexte
from socle.refus import Refus

PERMISSION = "dossiers.traiter_dossier"


def exiger_transition(demande: Demande, transition: str) -> None:
    """Lève `etat_interdit` si la table des transitions ne permet pas ce passage."""
    if not can_proceed(getattr(demande, transition)):
        raise Refus("etat_interdit")


def changer(ctx: Contexte, demande: Demande, transition: str, *args: Any) -> None:
    """Joue une transition et date le nouvel état."""
    exiger_transition(demande, transition)
    getattr(demande, transition)(*args)
    demande.etat_depuis = ctx.instant
    demande.save()


def exiger_etat(demande: Demande, etats: Iterable[str]) -> None:
    """Lève `etat_interdit` si la demande n'est dans aucun de ces états."""
    if demande.etat not in set(etats):
        raise Refus("etat_interdit")


def reprendre_si_tout_est_clos(ctx: Contexte, demande: Demande) -> None:
    """Rend à la demande l'état retenu quand plus aucun renseignement n'est attendu."""
    attend = DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=True).exists()
    if demande.etat == Etat.A_COMPLETER and not attend:
        changer(ctx, demande, "reprendre")


def recevoir_nouveaute(ctx: Contexte, demande: Demande) -> None:
    """Un rapport ou une réponse reçus en attente de signature rouvrent l'évaluation d'eux-mêmes."""
    if demande.etat == Etat.EN_ATTENTE_SIGNATURE:
        changer(ctx, demande, "rouvrir")
        ctx.details["rouvert"] = True


def ouvrir_demande_en_attente(ctx: Contexte) -> None:
    """Ouvre la demande déposée pendant une révision quand aucun recours ne court plus sur la précédente."""
    attente = ctx.dossier.demandes.filter(ouverte_le__isnull=True).first()
    occupee = ctx.dossier.demandes.filter(ouverte_le__isnull=False, etat__in=(*EN_RECOURS, *AVANT_DECISION))
    if attente is None or occupee.exists():
        return
    attente.ouverte_le = ctx.instant
    attente.etat_depuis = ctx.instant
    attente.save()


def attribuer(ctx: Contexte, demande: Demande | None, qui: Compte, qualite: str, motif: str = "") -> Attribution:
    """Inscrit une attribution nominative et sa ligne de permission, ensemble."""
    attribution, _ = Attribution.objects.get_or_create(
        dossier=ctx.dossier,
        demande=demande,
        qui=qui,
        qualite=qualite,
        au=None,
        defaults={"du": ctx.instant, "motif": motif[:200]},
    )
    assign_perm(PERMISSION, qui, ctx.dossier)
    return attribution


def finir_attribution(ctx: Contexte, attribution: Attribution) -> None:
    """Met fin à une attribution; la permission meurt avec la dernière."""
    attribution.au = ctx.instant
    attribution.save(update_fields=["au"])
    reste = Attribution.objects.filter(dossier=ctx.dossier, qui=attribution.qui, au__isnull=True)
    if not reste.exists():
        remove_perm(PERMISSION, attribution.qui, ctx.dossier)


def creer_tache(
    ctx: Contexte, code: str, *, demande: Demande | None = None, note: str = "", ajouter: bool = False
) -> Tache:
    """Inscrit un geste attendu de l'agent, une seule fois tant qu'il n'est pas fait.

    `ajouter` : si le geste est déjà attendu, la note s'ajoute à la sienne.
    """
    tache, nee = Tache.objects.get_or_create(
        dossier=ctx.dossier,
        demande=demande,
        code=code,
        close_le=None,
        defaults={"pour": Balle.AGENT, "nee_le": ctx.instant, "note": note[:300]},
    )
    if ajouter and not nee and note and note not in tache.note:
        tache.note = f"{note} · {tache.note}".removesuffix(" · ")[:300]
        tache.save(update_fields=["note"])
    return tache


def est_lie(dossier: Dossier, personne: Compte) -> bool:
    """Vrai si la personne peut être destinataire d'un message ou d'une demande sur ce dossier."""
    from dossiers import acces  # la matrice lit ces mêmes modèles

    droit = {
        Role.CLINICIEN: "sr2100.signer",
        Role.INTERVENANT: "renseignement.repondre",
        Role.REPRESENTANT: "renseignement.repondre",
    }.get(Role(personne.role), "sommaire.lire")
    return acces.peut(personne, droit, dossier)


__all__ = [
    "DossierUserObjectPermission",
    "attribuer",
    "changer",
    "creer_tache",
    "est_lie",
    "exiger_etat",
    "exiger_transition",
    "finir_attribution",
    "ouvrir_demande_en_attente",
    "recevoir_nouveaute",
    "reprendre_si_tout_est_clos",
]
