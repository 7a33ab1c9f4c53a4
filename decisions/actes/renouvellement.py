"""« Toujours valable ? » : interroger la clinique, relancer, confirmer ou non, accorder la suite.

Confirmer ouvre une nouvelle demande et y reçoit le rapport d'avant, aux mois près : une personne décide ensuite.
Rien n'est jamais renouvelé, ni fermé, de soi-même. Source : étude SOM, obstacle 9.
"""

from __future__ import annotations

from typing import Any

from correspondance.codes import signaler
from decisions import lecture, temporaires
from decisions.actes.triage import accorder_temporaire
from decisions.models import Decision, Renouvellement
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, consentement_vivant, exiger_consentement
from dossiers.actes.demandes import deposer_demande
from dossiers.etats import Etat
from dossiers.models import Demande, Tache
from dossiers.porte import Contexte, acte
from formulaires.actes.completude import declarer_complet
from formulaires.actes.rapports import exiger_signataire, recevoir_en_ligne
from formulaires.models import RapportMedical
from referentiels import lecture as referentiels
from socle.refus import Refus

NON_CONFIRMEES = (
    Renouvellement.Reponse.TERMINEE,
    Renouvellement.Reponse.A_REVOIR,
    Renouvellement.Reponse.PLUS_SUIVIE,
)


def _tache(ctx: Contexte, code: str, renouvellement: Renouvellement, note: str = "") -> None:
    """Geste de l'agent, à faire avant la fin de la contrainte."""
    tache = etapes.creer_tache(ctx, code, demande=renouvellement.decision.demande, note=note)
    tache.avant_le = renouvellement.fin
    tache.save(update_fields=["avant_le"])


@acte("proposer_renouvellement", "systeme.jouer")
def proposer_renouvellement(ctx: Contexte) -> Renouvellement | None:
    """Demande à la clinique si la contrainte temporaire est toujours valable, et le dit à la personne.

    Un signal sans donnée part à chacun; qui n'a pas de courriel est appelé par l'agent. Sans clinicien à joindre,
    l'agent cherche avec la personne. None si plus rien n'est à proposer.
    """
    ctx.echeances_a_revoir = True
    trouvee = temporaires.suite(ctx.dossier).derniere
    if trouvee is None or Renouvellement.objects.filter(decision=trouvee[0]).exists():
        return None
    decision, periode = trouvee
    if periode.fin < ctx.jour:
        return None
    clinicien = temporaires.clinicien_a_joindre(decision)
    propose = Renouvellement.objects.create(
        decision=decision, fin=periode.fin, propose_le=ctx.instant, clinicien=clinicien
    )
    if clinicien is None:
        _tache(ctx, Tache.Code.TEMPORAIRE_SANS_CLINIQUE, propose)
    elif not signaler(clinicien):
        _tache(ctx, Tache.Code.TEMPORAIRE_RELANCE, propose, "Aucun courriel connu : la clinique n'a pas été avisée.")
    if not signaler(ctx.dossier.prestataire):
        _tache(ctx, Tache.Code.TEMPORAIRE_A_DIRE, propose)
    ctx.cible = decision.demande
    return propose


@acte("relancer_renouvellement", "systeme.jouer")
def relancer_renouvellement(ctx: Contexte) -> Renouvellement | None:
    """Confie à l'agent la question restée sans réponse à l'approche de la fin; une seule fois."""
    muet = (
        temporaires.sans_suite()
        .filter(decision__demande__dossier=ctx.dossier, relance_le__isnull=True, clinicien__isnull=False)
        .select_related("decision__demande")
        .order_by("-pk")
        .first()
    )
    if muet is None:
        return None
    muet.relance_le = ctx.instant
    muet.save(update_fields=["relance_le"])
    joignable = consentement_vivant(ctx.dossier, JOINDRE)
    code = Tache.Code.TEMPORAIRE_RELANCE if joignable else Tache.Code.TEMPORAIRE_SANS_CLINIQUE
    _tache(ctx, code, muet)
    ctx.cible = muet.decision.demande
    return muet


def _interroge(ctx: Contexte) -> Renouvellement:
    """Le renouvellement proposé à l'acteur; `acces_refuse` (rang 1), puis `deja_signe` (rang 3)."""
    propose = temporaires.pour_clinicien(ctx.dossier, ctx.acteur)
    if propose is None:
        raise Refus("acces_refuse")
    ctx.cible = propose.decision.demande
    if propose.reponse == Renouvellement.Reponse.TOUJOURS:
        raise Refus("deja_signe")
    return propose


def _exiger_suite(propose: Renouvellement) -> RapportMedical:
    """`etat_interdit` si le dossier a avancé, ou si le dernier rapport n'est plus celui de ce clinicien."""
    rapport = temporaires.rapport_a_confirmer(propose)
    if rapport is None or not temporaires.peut_suivre(propose):
        raise Refus("etat_interdit", "Le dossier a avancé depuis : il n'y a plus rien à confirmer ici.")
    return rapport


def contenu_confirme(rapport: RapportMedical, mois: int | None) -> dict[str, Any]:
    """Le rapport d'avant, redit pour `mois` mois : une contrainte temporaire, sans détérioration."""
    contenu = {champ: valeur for champ, valeur in rapport.contenu.items() if champ != "deterioration"}
    return {**contenu, "contrainte": "temporaire", "duree": {"type": "mois", "mois": mois}}


def _exiger_duree(ctx: Contexte, mois: Any) -> int:
    """Rang 7 : sous le seuil daté; au-delà, le rapport complet. Rang 8 : un nombre de mois."""
    seuil = int(referentiels.regle("duree_severe_mois", ctx.jour))
    if isinstance(mois, int) and not isinstance(mois, bool) and mois >= seuil:
        raise Refus(
            "evaluation_requise",
            f"À partir de {seuil} mois, il faut le rapport complet : une évaluation devient possible. "
            "Choisissez « Les limitations ont changé », ou un nombre de mois plus petit.",
            champ="mois",
        )
    return verifier.entier("mois", mois)


@acte("renouveler_temporaire", "temporaire.confirmer")
def renouveler_temporaire(ctx: Contexte, *, mois: Any = None, rapport_vu: Any = None) -> Demande:
    """Le signataire du dernier rapport confirme qu'il vaut toujours, pour `mois` mois; une nouvelle demande s'ouvre.

    `rapport_vu` : SHA-256 du rapport montré; un autre depuis, `etat_interdit`. Refus, dans l'ordre : accès,
    `deja_signe`, `consentement_absent`, `signataire_non_autorise`, `etat_interdit`, `evaluation_requise`, champs.
    """
    propose = _interroge(ctx)
    exiger_consentement(ctx.dossier, JOINDRE)
    exiger_signataire(ctx.acteur, ctx.jour)
    rapport = _exiger_suite(propose)
    if rapport_vu not in (None, "") and rapport_vu != rapport.sha256:
        raise Refus("etat_interdit", "Le rapport a changé depuis que vous l'avez lu. Relisez-le, puis confirmez.")
    nombre = _exiger_duree(ctx, mois)
    verifier.exiger("rapport_vu", rapport_vu)
    contenu = contenu_confirme(rapport, nombre)
    demande = deposer_demande(ctx, canal=Demande.Canal.EN_LIGNE, type=Demande.Type.NOUVELLE)
    recevoir_en_ligne(ctx, demande, contenu, rapport.avertissements)
    propose.reponse, propose.mois, propose.demande = Renouvellement.Reponse.TOUJOURS, nombre, demande
    propose.repondu_le = ctx.instant
    propose.save(update_fields=["reponse", "mois", "demande", "repondu_le"])
    Tache.objects.filter(
        dossier=ctx.dossier,
        code__in=(Tache.Code.TEMPORAIRE_RELANCE, Tache.Code.TEMPORAIRE_NON_CONFIRMEE),
        close_le__isnull=True,
    ).update(close_le=ctx.instant, close_par=ctx.acteur, note="La clinique a confirmé.")
    ctx.details["mois"] = nombre
    return demande


@acte("ne_pas_confirmer_temporaire", "temporaire.confirmer")
def ne_pas_confirmer_temporaire(ctx: Contexte, *, raison: Any = None) -> Renouvellement:
    """Le clinicien ne confirme pas : sa raison est notée, l'agent appelle la personne, rien ne se ferme.

    Il peut encore confirmer plus tard, par exemple après avoir revu la personne.
    """
    propose = _interroge(ctx)
    exiger_consentement(ctx.dossier, JOINDRE)
    _exiger_suite(propose)
    propose.reponse = verifier.parmi("raison", raison, NON_CONFIRMEES)
    propose.repondu_le = ctx.instant
    propose.save(update_fields=["reponse", "repondu_le"])
    _tache(ctx, Tache.Code.TEMPORAIRE_NON_CONFIRMEE, propose, propose.get_reponse_display())
    ctx.details["raison"] = propose.reponse
    return propose


@acte("accorder_renouvellement", "dossier.traiter")
def accorder_renouvellement(
    ctx: Contexte, *, mois: Any = None, attestes: Any = None, orientation: Any = None
) -> Decision:
    """L'agent déclare complet et accorde, d'une seule signature, la demande née d'une confirmation de la clinique.

    Les règles sont celles de `declarer_complet` et d'`accorder_temporaire`, jouées l'une après l'autre.
    """
    demande = ctx.courante
    if lecture.a_signe(demande, ctx.acteur):
        raise Refus("deja_signe")
    if temporaires.qu_ouvre(demande) is None:
        raise Refus("etat_interdit")
    if demande.etat == Etat.RECUE:
        declarer_complet(ctx)
    return accorder_temporaire(ctx, mois=mois, attestes=attestes, orientation=orientation)
