"""Triage de l'agent : reconnaître l'évident, accorder le temporaire, reconduire un refus, transmettre.

Aucune de ces règles ne décide : elle permet ou non un acte qu'une personne signe. L'âge n'y entre que
comme critère écrit de la liste datée.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decisions import complements, lecture, mois_temporaires, regles
from decisions.actes.signature import sceller
from decisions.models import Decision, Issue, ProjetDecision, Signature
from decisions.pieces import attester
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import Etat, Voie
from dossiers.models import AppelConfirmation, Demande
from dossiers.porte import Contexte, acte
from formulaires import lecture as formulaires
from formulaires import regles as regles_formulaires
from formulaires.models import SR2105
from referentiels import lecture as referentiels
from socle.refus import Refus


def _contenu_rapport(demande: Demande) -> dict[str, Any]:
    rapport = formulaires.dernier_rapport(demande)
    return rapport.contenu if rapport else {}


def deposer_projet(
    ctx: Contexte, demande: Demande, voie: str, contenu: dict[str, Any], **champs: Any
) -> ProjetDecision:
    """Dépose un projet figé pour le tour de signature en cours."""
    return ProjetDecision.objects.create(
        demande=demande,
        voie=voie,
        tour=demande.tour,
        prepare_par=ctx.acteur,
        prepare_le=ctx.instant,
        contenu=contenu,
        **champs,
    )


@acte("transmettre_csems", "dossier.traiter")
def transmettre_csems(ctx: Contexte) -> Demande:
    """Transmet au centre d'évaluation; exige un SR-2105 au dossier (`completude_non_verifiee`)."""
    demande = ctx.courante
    etapes.exiger_transition(demande, "transmettre")
    if formulaires.dernier_sr2105(ctx.dossier) is None:
        raise Refus("completude_non_verifiee")
    etapes.changer(ctx, demande, "transmettre", ctx.instant)
    return demande


@acte("reconnaitre_evident", "dossier.traiter")
def reconnaitre_evident(ctx: Contexte, *, diagnostic: Any = None, criteres: Any = None) -> ProjetDecision:
    """Prépare la reconnaissance d'un diagnostic identique à la liste datée; la durée inscrite est ignorée.

    Refus : `diagnostic_non_identique`, jugé avant `critere_absent`. Source : manuel, sujet 42476.
    """
    demande = ctx.courante
    etapes.exiger_transition(demande, "preparer")
    evident = formulaires.evident(demande, diagnostic) if isinstance(diagnostic, str) else None
    if evident is None:
        verifier.exiger("diagnostic", diagnostic)
        raise Refus("champ_invalide", champ="diagnostic")
    if not regles_formulaires.porte_le_diagnostic(_contenu_rapport(demande), evident):
        raise Refus("diagnostic_non_identique")
    donnes = criteres if isinstance(criteres, Mapping) else {}
    if not regles_formulaires.criteres_remplis(evident, ctx.dossier.naissance, demande.jour_depot, donnes):
        raise Refus("critere_absent")
    projet = deposer_projet(
        ctx,
        demande,
        Voie.EVIDENTE,
        {"diagnostic": evident.libelle},
        diagnostic_evident=evident.code,
        reexamen_mois=evident.reexamen_mois,
    )
    etapes.changer(ctx, demande, "preparer", Voie.EVIDENTE)
    return projet


@acte("accorder_temporaire", "dossier.traiter")
def accorder_temporaire(
    ctx: Contexte, *, mois: Any = None, criteres: Any = None, attestes: Any = None, orientation: Any = None
) -> Decision:
    """Accorde une contrainte temporaire demandée telle par le rapport; l'agent signe par cet acte.

    `orientation` (facultatif) : codes de programmes d'aide, sans effet sur aucun droit.

    Refus : `evaluation_requise`, puis `voie_evidente_requise` si un diagnostic du rapport est évident.
    """
    demande = ctx.courante
    if lecture.a_signe(demande, ctx.acteur):
        raise Refus("deja_signe")
    etapes.exiger_transition(demande, "accorder_temporaire")
    contenu = _contenu_rapport(demande)
    seuil = int(referentiels.regle("duree_severe_mois", demande.jour_depot))
    if not regles.temporaire_permise(str(contenu.get("contrainte", "")), regles_formulaires.mois_de(contenu), seuil):
        raise Refus("evaluation_requise")
    if isinstance(mois, int) and not isinstance(mois, bool) and mois < mois_temporaires.minimum(demande.jour_depot):
        raise Refus("evaluation_requise", champ="mois")
    donnes = criteres if isinstance(criteres, Mapping) else {}
    if formulaires.evident_et_criteres(demande, contenu, donnes) is not None:
        raise Refus("voie_evidente_requise")
    attester(ctx, demande, attestes)
    decision = Decision.objects.create(
        demande=demande,
        voie=Voie.TEMPORAIRE,
        tour=demande.tour,
        issue=Issue.TEMPORAIRE,
        contrainte_temporaire_mois=verifier.entier("mois", mois),
        orientation=complements.orientation(orientation, ctx.jour),
        preparee_le=ctx.instant,
    )
    etapes.changer(ctx, demande, "accorder_temporaire")
    Signature.objects.create(decision=decision, signataire=ctx.acteur, metier=Signature.Metier.AGENT, le=ctx.instant)
    ctx.participer(demande, "signature")
    sceller(ctx, decision)
    return decision


def faits_reconduction(demande: Demande, rapports: formulaires.RapportsLus | None = None) -> regles.FaitsReconduction:
    """Faits qui permettent ou non de reconduire le dernier refus en vigueur.

    `rapports` : ceux que la page a déjà lus; un acte relit toujours les siens.
    """
    rapports = formulaires.rapports_a_comparer(demande) if rapports is None else rapports
    precedente = (
        Decision.objects.filter(
            demande__dossier_id=demande.dossier_id, demande__rang__lt=demande.rang, scellee_le__isnull=False
        )
        .select_related("demande")
        .order_by("-demande__rang")
        .first()
    )
    comparaison, contenu = rapports.comparaison, rapports.contenu
    return regles.FaitsReconduction(
        refus_en_vigueur=precedente is not None and _refus_tient(precedente),
        rapports_identiques=comparaison is not None and comparaison.identique,
        sr2105_inchange=precedente is not None and _sr2105_inchange(precedente),
        diagnostic_evident=formulaires.evident_et_criteres(demande, contenu, {}) is not None,
        contrainte_temporaire_du_comite=precedente is not None and precedente.contrainte_temporaire_mois is not None,
        deterioration=bool(contenu.get("deterioration")),
    )


def _refus_tient(decision: Decision) -> bool:
    return decision.issue == Issue.NON_RECONNUE and not lecture.est_renversee(decision)


def _sr2105_inchange(decision: Decision) -> bool:
    """Vrai si le SR-2105 d'aujourd'hui dit la même chose que celui d'avant la décision."""
    actuel = formulaires.dernier_sr2105(decision.demande.dossier)
    d_alors = (
        SR2105.objects.filter(dossier_id=decision.demande.dossier_id, depose_le__lte=decision.scellee_le)
        .order_by("-version")
        .first()
    )
    if actuel is None or d_alors is None:
        return actuel is None and d_alors is None
    return actuel.pk == d_alors.pk or regles_formulaires.memes_reponses(actuel.contenu, d_alors.contenu)


@acte("reconduire_refus", "dossier.traiter")
def reconduire_refus(ctx: Contexte) -> ProjetDecision:
    """Prépare la reconduction d'un refus quand rien n'a changé; la révision en sera rouverte.

    Refus : `evaluation_requise`, puis `justification_absente` sans appel de confirmation.
    Source : manuel, sujet 42509.
    """
    demande = ctx.courante
    etapes.exiger_transition(demande, "preparer")
    if not regles.reconductible(faits_reconduction(demande)):
        raise Refus("evaluation_requise")
    appel = AppelConfirmation.objects.filter(demande=demande).order_by("-pk").first()
    if appel is None:
        raise Refus("justification_absente")
    projet = deposer_projet(ctx, demande, Voie.RECONDUITE, {"appel": appel.pk})
    etapes.changer(ctx, demande, "preparer", Voie.RECONDUITE)
    return projet


__all__ = ["Etat", "deposer_projet", "faits_reconduction"]
