"""Signaler une alerte, la lever; et le signalement sans dossier, hors de la porte.

Chaque alerte a sa consigne datée : quoi faire, avant quand. Source : `docs/rencontres.md`.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from comptes.models import Compte, Role
from correspondance.codes import signaler
from dossiers import urgences
from dossiers import verification as verifier
from dossiers.etats import Balle
from dossiers.models import Alerte, Garde, Signalement, Tache
from dossiers.porte import Contexte, acte
from journal.actes import consigner
from socle import horloge
from socle.refus import Refus


@acte("signaler_alerte", "alerte.signaler")
def signaler_alerte(ctx: Contexte, *, code: Any = None, precision: Any = None) -> Alerte:
    """Signale une urgence, une détresse ou un besoin; visible de toute l'équipe du dossier.

    La consigne du code, s'il y en a une, donne une tâche datée. Une détresse ou une crise nomme qui répond le jour
    même. Déjà signalée, l'alerte garde ce qu'elle a, et prend la précision nouvelle.
    """
    connu = verifier.parmi("code", code, [un for un in Alerte.Code.values if un not in Alerte.D_HORLOGE])
    lue = verifier.texte("precision", precision, requis=False, maximum=120)
    vivante = Alerte.objects.filter(dossier=ctx.dossier, code=connu, close_le__isnull=True).first()
    if vivante is not None:
        if lue and lue != vivante.precision:
            vivante.precision = lue
            vivante.save(update_fields=["precision"])
        return vivante
    alerte = Alerte(dossier=ctx.dossier, code=connu, levee_le=ctx.instant, precision=lue, signalee_par=ctx.acteur)
    _confier(ctx, alerte)
    alerte.save()
    return alerte


def _confier(ctx: Contexte, alerte: Alerte) -> None:
    """Donne à l'alerte sa date, qui en répond, et la tâche qui le rappelle."""
    consigne = urgences.consigne(alerte.code, ctx.jour)
    if consigne is None:
        return
    alerte.avant_le = urgences.avant(consigne, ctx.jour)
    note = str(consigne.libelle)
    if alerte.code in urgences.DU_JOUR:
        alerte.pour = urgences.repondant(ctx.dossier, ctx.jour) or _a_l_administration(ctx, alerte)
        if alerte.pour is not None:
            note = f"{note} · {alerte.pour.nom_complet} répond"
            signaler(alerte.pour)
    alerte.tache = Tache.objects.create(
        dossier=ctx.dossier,
        demande=ctx.dossier.courante,
        code=Tache.Code.ALERTE,
        pour=Balle.AGENT,
        nee_le=ctx.instant,
        avant_le=alerte.avant_le,
        note=note,
    )


def _a_l_administration(ctx: Contexte, alerte: Alerte) -> Compte | None:
    """Un bureau sans personne : l'administration n'ouvre aucun dossier, elle reçoit donc le signalement lui-même."""
    qui = urgences.administration(ctx.jour)
    Signalement.objects.create(
        signale_par=ctx.acteur,
        reference=ctx.dossier.reference,
        precision=alerte.precision,
        le=ctx.instant,
        pour=qui,
        cle=uuid4(),
    )
    return qui


@acte("lever_alerte", "alerte.lever")
def lever_alerte(ctx: Contexte, *, code: Any = None, note: Any = None) -> None:
    """Clôt une alerte et sa tâche. Une alerte qui a une consigne demande ce qui a été fait (`champ_manquant`)."""
    connu = verifier.parmi("code", code, Alerte.Code.values)
    vivante = Alerte.objects.filter(dossier=ctx.dossier, code=connu, close_le__isnull=True).first()
    if vivante is None:
        return
    vivante.note = verifier.texte("note", note, requis=vivante.tache_id is not None, maximum=600)
    vivante.close_le, vivante.close_par = ctx.instant, ctx.acteur
    vivante.save(update_fields=["note", "close_le", "close_par"])
    Tache.objects.filter(pk=vivante.tache_id or 0, close_le__isnull=True).update(
        close_le=ctx.instant, close_par=ctx.acteur
    )


@transaction.atomic
def signaler_sans_dossier(qui: Compte, *, reference: str, precision: str, cle: UUID) -> Signalement:
    """Confie une détresse sans dossier visible à une personne nommée; le même envoi deux fois n'en fait qu'un."""
    signalement, neuf = Signalement.objects.get_or_create(
        cle=cle,
        defaults={
            "signale_par": qui,
            "reference": reference[:20],
            "precision": precision[:120],
            "le": horloge.maintenant(),
            "pour": urgences.repondant_sans_dossier(qui, horloge.aujourd_hui()),
        },
    )
    if neuf:
        if signalement.pour is not None:
            signaler(signalement.pour)
        consigner("signaler_sans_dossier", acteur=qui, details={"signalement": signalement.pk})
    return signalement


@transaction.atomic
def clore_signalement(qui: Compte, numero: int, *, note: str) -> Signalement:
    """Note ce qui a été fait d'un signalement. `champ_invalide` s'il n'est pas à soi, ou déjà clos."""
    signalement = urgences.signalements_pour(qui).filter(pk=numero).select_for_update(of=("self",)).first()
    if signalement is None:
        raise Refus("champ_invalide", "Ce signalement est déjà clos.", champ="signalement")
    signalement.note = verifier.texte("note", note, maximum=600)
    signalement.close_le, signalement.close_par = horloge.maintenant(), qui
    signalement.save(update_fields=["note", "close_le", "close_par"])
    consigner("clore_signalement", acteur=qui, details={"signalement": signalement.pk})
    return signalement


@transaction.atomic
def noter_garde(chef: Compte, *, jour: date, compte: Compte | None) -> Garde | None:
    """Le chef d'un bureau dit qui répond ce jour-là; personne : c'est lui.

    `acces_refuse` hors d'un bureau; `champ_invalide` pour un jour passé ou une personne d'un autre bureau.
    """
    if chef.role != Role.CHEF_EQUIPE or chef.bureau_id is None:
        raise Refus("acces_refuse")
    if jour < horloge.aujourd_hui():
        raise Refus("champ_invalide", "Ce jour est passé.", champ="jour")
    du_bureau = compte is None or (
        compte.bureau_id == chef.bureau_id and compte.is_active and compte.role in (Role.AGENT, Role.CHEF_EQUIPE)
    )
    if not du_bureau:
        raise Refus("champ_invalide", champ="compte")
    gardes = Garde.objects.filter(bureau=chef.bureau_id, jour=jour)
    consigner("noter_garde", acteur=chef, details={"jour": str(jour), "compte": compte.pk if compte else None})
    if compte is None:
        gardes.delete()
        return None
    garde, _ = Garde.objects.update_or_create(bureau_id=chef.bureau_id, jour=jour, defaults={"compte": compte})
    return garde
