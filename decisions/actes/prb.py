"""Consigner, ou retirer, les mois qui comptent vers le revenu de base; une source par mois."""

from __future__ import annotations

from datetime import date
from typing import Any

from decisions import prb
from decisions.models import MoisSolidarite
from dossiers import verification as verifier
from dossiers.porte import Contexte, acte
from socle.refus import Refus

MOIS_MAX = 120  # une saisie; au-delà, l'année est une faute de frappe


def _suite(ctx: Contexte, du: Any, au: Any) -> list[date]:
    """Les mois de `du` à `au`; `champ_invalide` si l'ordre est inverse, à venir, ou trop long."""
    debut = verifier.date_exigee("du", du)
    fin = verifier.date_exigee("au", au)
    if fin > ctx.jour and prb.premier_du_mois(fin) > prb.premier_du_mois(ctx.jour):
        raise Refus("champ_invalide", "Un mois à venir ne se compte pas encore.", champ="au")
    mois = prb.suite(debut, fin)
    if not mois:
        raise Refus("champ_invalide", "Le dernier mois doit suivre le premier.", champ="au")
    if len(mois) > MOIS_MAX:
        raise Refus("champ_invalide", f"{MOIS_MAX} mois au plus à la fois. Vérifiez l'année.", champ="du")
    return mois


@acte("consigner_mois_solidarite", "dossier.traiter")
def consigner_mois_solidarite(
    ctx: Contexte, *, du: Any = None, au: Any = None, source: Any = None, note: Any = None
) -> list[MoisSolidarite]:
    """Consigne les mois de `du` à `au`, avec leur source et le document lu; un mois déjà compté n'est pas doublé.

    Refus : `champ_manquant`, `champ_invalide` (aussi si chaque mois est déjà compté).
    """
    verifier.manquants(("du", du), ("au", au), ("source", source), ("note", note))
    mois = _suite(ctx, du, au)
    d_ou = verifier.parmi("source", source, MoisSolidarite.Source.values)
    lu = verifier.texte("note", note, maximum=160)
    vivants = MoisSolidarite.objects.filter(dossier=ctx.dossier, retire_le__isnull=True, mois__in=mois)
    deja = set(vivants.values_list("mois", flat=True))
    neufs = [
        MoisSolidarite(dossier=ctx.dossier, mois=un, source=d_ou, note=lu, par=ctx.acteur, le=ctx.instant)
        for un in mois
        if un not in deja
    ]
    if not neufs:
        raise Refus("champ_invalide", "Ces mois sont déjà comptés.", champ="du")
    ctx.details["mois"] = len(neufs)
    return MoisSolidarite.objects.bulk_create(neufs)


@acte("retirer_mois_solidarite", "dossier.traiter")
def retirer_mois_solidarite(ctx: Contexte, *, mois: Any = None) -> MoisSolidarite:
    """Retire un mois consigné par erreur; la ligne reste, datée. `mois` : son numéro au dossier."""
    verifier.exiger("mois", mois)
    vivants = MoisSolidarite.objects.filter(dossier=ctx.dossier, retire_le__isnull=True)
    vivant = vivants.filter(pk=verifier.numero(mois)).first()
    if vivant is None:
        raise Refus("champ_invalide", champ="mois")
    vivant.retire_par, vivant.retire_le = ctx.acteur, ctx.instant
    vivant.save(update_fields=["retire_par", "retire_le"])
    ctx.details["mois"] = vivant.mois.isoformat()
    return vivant
