"""Réunir deux dossiers d'une même personne : proposer, réunir, écarter, défaire.

Aucune ligne ne change de dossier : le dossier en double mène au dossier gardé, et se lit encore. Défaire remet tout
comme avant. Seul un dossier au repos se réunit à un autre : aucun droit ne doit rester dans un dossier qu'on ne
travaille plus. Source : `docs/decisions/0018-dossiers-reunis.md`.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, transaction

from comptes.seances import fermer_toutes
from dossiers import acces
from dossiers import verification as verifier
from dossiers.etats import AVANT_DECISION, DECIDES, EN_RECOURS
from dossiers.models import Demande, Dossier, Echeance, Fusion
from dossiers.porte import Contexte, acte
from socle.refus import Refus

MOTIF_MAX = 500
RECOURS_OUVERTS = (Echeance.Code.DEMANDER_REVISION, Echeance.Code.RECOURS_DIRECT, Echeance.Code.SAISIR_TAQ)
OCCUPE = "L'un des deux dossiers est en train de changer. Recommencez dans un instant."


def obstacle(source: Dossier, cible: Dossier, jour: Any) -> str:
    """Pourquoi ces deux dossiers ne peuvent pas être réunis, en une phrase et son remède; vide s'ils le peuvent."""
    if cible.fusionne_dans_id is not None:
        return "Le dossier à garder est lui-même réuni à un autre. Choisissez le dossier gardé."
    if Dossier.objects.filter(fusionne_dans=source).exists():
        return "D'autres dossiers sont déjà réunis à celui-ci : c'est lui qu'il faut garder."
    demandes = Demande.objects.filter(dossier=source)
    vives = demandes.filter(etat__in=(*AVANT_DECISION, *EN_RECOURS))
    if vives.exists() or demandes.filter(ouverte_le__isnull=True).exists():
        return (
            "Une demande vit dans ce dossier. Gardez celui-ci et réunissez l'autre dedans; si les deux vivent, "
            "fermez d'abord celle qui est en double."
        )
    if demandes.filter(etat__in=DECIDES, decision_emise_le__isnull=True).exists():
        return "La décision de ce dossier n'est pas encore partie. Réunissez les dossiers après l'envoi de sa lettre."
    if Echeance.objects.filter(dossier=source, code__in=RECOURS_OUVERTS, date__gte=jour).exists():
        return "La personne peut encore contester une décision de ce dossier. Gardez celui-ci, ou attendez."
    return ""


def _exiger_reunissables(ctx: Contexte, cible: Dossier) -> None:
    dit = obstacle(ctx.dossier, cible, ctx.jour)
    if dit:
        raise Refus("etat_interdit", dit)


@acte("proposer_fusion", "fusion.proposer")
def proposer_fusion(ctx: Contexte, *, cible: Any = None, motif: Any = None) -> Fusion:
    """Propose de réunir ce dossier à `cible`, qui est gardé; le chef d'équipe tranche.

    `acces_refuse` si la personne n'a pas le même droit sur `cible`; une seule proposition vit à la fois.
    """
    if isinstance(cible, Dossier) and cible.pk != ctx.dossier.pk:
        acces.exiger(ctx.acteur, "fusion.proposer", cible)
        if Fusion.objects.filter(source=ctx.dossier, defaite_le__isnull=True).exclude(retenue=False).exists():
            raise Refus("etat_interdit", "Une proposition attend déjà le chef d'équipe pour ce dossier.")
        _exiger_reunissables(ctx, cible)
    verifier.manquants(("cible", cible), ("motif", motif))
    if not isinstance(cible, Dossier) or cible.pk == ctx.dossier.pk:
        raise Refus("champ_invalide", "Choisissez un autre dossier que celui-ci.", champ="cible")
    return Fusion.objects.create(
        source=ctx.dossier,
        cible=cible,
        motif=verifier.texte("motif", motif, maximum=MOTIF_MAX),
        proposee_par=ctx.acteur,
        proposee_le=ctx.instant,
    )


def _proposee(ctx: Contexte) -> Fusion:
    proposee = (
        Fusion.objects.filter(source=ctx.dossier, retenue__isnull=True, defaite_le__isnull=True)
        .select_related("cible")
        .first()
    )
    if proposee is None:
        raise Refus("etat_interdit", "Aucune réunion n'est proposée pour ce dossier, ou elle vient d'être tranchée.")
    return proposee


@acte("fusionner_dossiers", "dossier.fusionner")
def fusionner_dossiers(ctx: Contexte) -> Fusion:
    """Le chef réunit les deux dossiers; les séances ouvertes par la personne sur l'ancien se ferment.

    `acces_refuse` si l'autre dossier n'est pas de son bureau; `etat_interdit` si l'un des deux a changé depuis.
    """
    proposee = _proposee(ctx)
    acces.exiger(ctx.acteur, "dossier.fusionner", proposee.cible)
    try:
        with transaction.atomic():
            cible = Dossier.objects.select_for_update(of=("self",), nowait=True).get(pk=proposee.cible_id)
    except DatabaseError as erreur:
        raise Refus("etat_interdit", OCCUPE) from erreur
    _exiger_reunissables(ctx, cible)
    proposee.retenue, proposee.decidee_par, proposee.decidee_le = True, ctx.acteur, ctx.instant
    proposee.save()
    ctx.dossier.fusionne_dans = cible
    ctx.dossier.save(update_fields=["fusionne_dans"])
    fermer_toutes(ctx.dossier.prestataire)
    ctx.details["cible"] = cible.reference
    return proposee


@acte("ecarter_fusion", "dossier.fusionner")
def ecarter_fusion(ctx: Contexte, *, raison: Any = None) -> Fusion:
    """Le chef écarte la proposition : ce sont deux personnes, ou les dossiers doivent rester séparés."""
    proposee = _proposee(ctx)
    proposee.raison = verifier.texte("raison", raison, maximum=MOTIF_MAX)
    proposee.retenue, proposee.decidee_par, proposee.decidee_le = False, ctx.acteur, ctx.instant
    proposee.save()
    return proposee


@acte("defaire_fusion", "dossier.fusionner")
def defaire_fusion(ctx: Contexte, *, raison: Any = None) -> Fusion:
    """Sépare deux dossiers réunis; chacun redevient ce qu'il était, l'histoire garde les deux gestes."""
    faite = Fusion.objects.filter(source=ctx.dossier, retenue=True, defaite_le__isnull=True).first()
    if faite is None or ctx.dossier.fusionne_dans_id is None:
        raise Refus("etat_interdit", "Ce dossier n'est réuni à aucun autre.")
    faite.raison = verifier.texte("raison", raison, maximum=MOTIF_MAX)
    faite.defaite_par, faite.defaite_le = ctx.acteur, ctx.instant
    faite.save()
    ctx.dossier.fusionne_dans = None
    ctx.dossier.save(update_fields=["fusionne_dans"])
    return faite
