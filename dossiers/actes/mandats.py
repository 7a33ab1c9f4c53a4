"""Mandat d'une personne-ressource : proposé par elle, confirmé par la personne, révocable par l'une ou l'autre."""

from __future__ import annotations

from typing import Any

from comptes.models import Compte, Role
from correspondance.actes import preparer_lettre
from dossiers import lettres
from dossiers import verification as verifier
from dossiers.models import Mandat
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois
from socle.refus import Refus

RAPPORT_MEDICAL = "voir_rapport_medical"


@acte("proposer_mandat", "mandat.proposer")
def proposer_mandat(ctx: Contexte, *, portees: Any = None, jusqu_au: Any = None) -> Mandat:
    """Propose un mandat; il n'ouvre rien avant d'être confirmé.

    Durée d'au plus 24 mois (règle `mandat_max_mois`); la lecture du rapport médical ne se propose pas.
    """
    ctx.cible = ctx.courante
    verifier.manquants(("portees", portees), ("jusqu_au", jusqu_au))
    fin = verifier.date_exigee("jusqu_au", jusqu_au)
    maximum = plus_mois(ctx.jour, int(referentiels.regle("mandat_max_mois", ctx.jour)))
    if not ctx.jour <= fin <= maximum:
        raise Refus("champ_invalide", champ="jusqu_au")
    proposables = verifier.codes_de(referentiels.portees(ctx.jour)) - {RAPPORT_MEDICAL}
    return Mandat.objects.create(
        dossier=ctx.dossier,
        intervenant=ctx.acteur,
        portees=verifier.codes("portees", portees, proposables),
        jusqu_au=fin,
        propose_le=ctx.instant,
    )


def _vise(ctx: Contexte, intervenant: Any) -> Mandat | None:
    """Le mandat le plus récent, ou celui de l'intervenant nommé."""
    mandats = Mandat.objects.filter(dossier=ctx.dossier)
    if intervenant is not None:
        if not isinstance(intervenant, Compte):
            raise Refus("champ_invalide", champ="intervenant")
        mandats = mandats.filter(intervenant=intervenant)
    return mandats.select_related("intervenant").order_by("-pk").first()


@acte("confirmer_mandat", "mandat.confirmer")
def confirmer_mandat(
    ctx: Contexte, *, portees_ajoutees: Any = None, intervenant: Any = None, preuve: Any = None
) -> Mandat:
    """Confirme le mandat proposé; la personne seule peut y ajouter la lecture du rapport médical."""
    ctx.cible = ctx.courante
    mandat = _vise(ctx, intervenant)
    if mandat is None or mandat.revoque_le is not None or ctx.jour > mandat.jusqu_au:
        raise Refus("etat_interdit")
    if mandat.confirme_le is not None and not portees_ajoutees:
        raise Refus("etat_interdit")
    ajoutees = verifier.codes(
        "portees_ajoutees", portees_ajoutees, verifier.codes_de(referentiels.portees(ctx.jour)), requis=False
    )
    if ctx.acteur.role != Role.PRESTATAIRE:
        # Cette portée ne vaut que par la personne elle-même; l'écran de l'agent ne l'offre pas.
        ajoutees = [portee for portee in ajoutees if portee != RAPPORT_MEDICAL]
    premiere = mandat.confirme_le is None
    mandat.portees_ajoutees = list(dict.fromkeys([*mandat.portees_ajoutees, *ajoutees]))
    if premiere:
        mandat.confirme_le = ctx.instant
        mandat.confirme_par = ctx.acteur
        mandat.preuve = verifier.texte("preuve", preuve, requis=False, maximum=200)
    mandat.save()
    ctx.echeances_a_revoir = True
    if premiere:
        _annoncer(ctx, mandat)
    return mandat


def _annoncer(ctx: Contexte, mandat: Mandat) -> None:
    for destinataire in (mandat.intervenant, ctx.dossier.prestataire):
        preparer_lettre(
            "mandat_confirme",
            dossier=ctx.dossier,
            destinataire=destinataire,
            cause=mandat,
            contenu=lettres.contenu_mandat(mandat),
        )


@acte("revoquer_mandat", "mandat.revoquer")
def revoquer_mandat(ctx: Contexte, *, intervenant: Any = None, motif: Any = None, preuve: Any = None) -> Mandat:
    """Met fin au mandat, tout de suite. Une révision demandée avant reste valable."""
    ctx.cible = ctx.courante
    vise = ctx.acteur if ctx.acteur.role == Role.INTERVENANT else intervenant
    mandat = _vise(ctx, vise)
    if mandat is None or mandat.revoque_le is not None or ctx.jour > mandat.jusqu_au:
        raise Refus("etat_interdit")
    for champ, valeur in (("motif", motif), ("preuve", preuve)):
        verifier.texte(champ, valeur, requis=False, maximum=200)
    mandat.revoque_le = ctx.instant
    mandat.revoque_par = ctx.acteur
    mandat.save()
    ctx.echeances_a_revoir = True
    return mandat
