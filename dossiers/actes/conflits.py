"""Conflit d'intérêts : le déclarer, c'est quitter le dossier; le chef d'équipe peut le lever."""

from __future__ import annotations

from typing import Any

from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Attribution, ConflitInteret
from dossiers.porte import Contexte, acte
from socle.refus import Refus

MOTIF_MAX = 300
QUITTABLES = (Attribution.Qualite.AGENT, Attribution.Qualite.EVALUATEUR, Attribution.Qualite.TIERS)


@acte("declarer_conflit", "conflit.declarer")
def declarer_conflit(ctx: Contexte, *, motif: Any = None) -> ConflitInteret:
    """La personne dit qu'elle ne doit pas traiter ce dossier : ses attributions finissent, elle ne le voit plus.

    `etat_interdit` pour un évaluateur pendant la signature : son chef le remplace, ce qui annule sa signature.
    """
    siennes = Attribution.objects.filter(
        dossier=ctx.dossier, qui=ctx.acteur, qualite__in=QUITTABLES, au__isnull=True
    ).select_related("qui")
    evalue = [une for une in siennes if une.qualite != Attribution.Qualite.AGENT]
    courante = ctx.dossier.courante
    if evalue and courante is not None and courante.etat == Etat.EN_ATTENTE_SIGNATURE:
        raise Refus("etat_interdit", "La décision se signe. Dites-le à votre chef d'équipe, qui vous remplacera.")
    lu = verifier.texte("motif", motif, requis=False, maximum=MOTIF_MAX)
    for une in siennes:
        etapes.finir_attribution(ctx, une)
    if ctx.dossier.agent_id == ctx.acteur.pk:
        ctx.dossier.agent = None
        ctx.dossier.save(update_fields=["agent"])
    conflit, _ = ConflitInteret.objects.get_or_create(
        dossier=ctx.dossier, compte=ctx.acteur, leve_le=None, defaults={"motif": lu, "declare_le": ctx.instant}
    )
    return conflit


@acte("lever_conflit", "conflit.lever")
def lever_conflit(ctx: Contexte, *, conflit: Any = None) -> ConflitInteret:
    """Le chef d'équipe lève un conflit déclaré par erreur; la personne revoit le dossier, sans en être chargée."""
    verifier.exiger("conflit", conflit)
    ouverts = ConflitInteret.objects.filter(dossier=ctx.dossier, leve_le__isnull=True)
    vivant = ouverts.filter(pk=verifier.numero(conflit)).first()
    if vivant is None:
        raise Refus("champ_invalide", champ="conflit")
    vivant.leve_le, vivant.leve_par = ctx.instant, ctx.acteur
    vivant.save(update_fields=["leve_le", "leve_par"])
    return vivant
