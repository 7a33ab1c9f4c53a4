"""Répondre à une demande de renseignement; la réponse d'un clinicien peut faire une version nouvelle du rapport."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comptes.models import Compte, Role
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, exiger_consentement
from dossiers.etats import APRES_DECISION, EN_RECOURS
from dossiers.models import Demande, DemandeRenseignement, Tache
from dossiers.porte import Contexte, acte
from formulaires import lecture, regles
from formulaires.actes.rapports import (
    assembler,
    exiger_signataire,
    juger_coherence,
    recevoir_rapport,
    verifier_contenu,
)
from formulaires.models import RapportMedical
from referentiels import lecture as referentiels
from socle.refus import Refus


def _repondant(ctx: Contexte, pour: Any) -> Compte | None:
    """La personne dont la réponse est reçue : elle-même, ou celle pour qui l'agent la consigne."""
    if ctx.acteur.role != Role.AGENT:
        return ctx.acteur
    return pour if isinstance(pour, Compte) else None


def _attendues(ctx: Contexte, repondant: Compte) -> list[DemandeRenseignement]:
    """Demandes sans réponse adressées à cette personne, les plus anciennes d'abord."""
    toutes = DemandeRenseignement.objects.filter(demande__dossier=ctx.dossier, destinataire=repondant)
    if not toutes.exists():
        raise Refus("acces_refuse")
    return list(toutes.filter(repondue_le__isnull=True).select_related("demande").order_by("pk"))


def _choisir(
    attendues: list[DemandeRenseignement], reponses: Mapping[str, Any], demande: Any
) -> list[DemandeRenseignement]:
    """Celle que l'écran montrait (`demande`), celles que les réponses nomment, ou la plus ancienne ouverte."""
    if montree := [faite for faite in attendues if faite.pk == demande]:
        return montree
    nommees = [faite for faite in attendues if set(faite.elements) & set(reponses)]
    ouvertes = [faite for faite in attendues if faite.close_le is None]
    return nommees or ouvertes[:1] or attendues[:1]


@acte("repondre_renseignement", "renseignement.repondre", champs=regles.CHAMPS_RAPPORT)
def repondre_renseignement(
    ctx: Contexte,
    *,
    reponses: Any = None,
    pour: Any = None,
    preuve: Any = None,
    maintenir_malgre: Any = None,
    demande: Any = None,
    **champs: Any,
) -> list[DemandeRenseignement]:
    """Reçoit la réponse du destinataire, ou de l'agent pour lui (`pour`).

    Un clinicien peut répondre par les champs du SR-2100 qui changent : une version nouvelle naît.
    Une réponse à une demande déjà close est reçue; en attente de signature, elle rouvre l'évaluation.
    """
    repondant = _repondant(ctx, pour)
    attendues = _attendues(ctx, repondant) if repondant is not None else []
    change = assembler(champs)
    _exiger_reponse_permise(ctx, repondant, attendues, corrige=bool(change))
    contenu, avertissements = _nouveau_contenu(ctx, attendues, change, maintenir_malgre)
    if ctx.acteur.role == Role.AGENT:
        verifier.exiger("pour", pour)
    if repondant is None:
        raise Refus("champ_invalide", champ="pour")
    lues = _lire_reponses(ctx, attendues, reponses, requis=not change)
    verifier.texte("preuve", preuve, requis=False, maximum=200)
    if contenu is not None:
        if repondant.role != Role.CLINICIEN:
            raise Refus("champ_invalide", champ=next(iter(change)))
        verifier_contenu(contenu, ctx.jour)
    repondues = _choisir(attendues, lues, demande)
    _consigner(ctx, repondues, lues)
    if contenu is not None:
        _recevoir_version(ctx, repondues[0].demande, repondant, contenu, avertissements)
    _reprendre(ctx, repondues[0].demande)
    return repondues


def _exiger_reponse_permise(
    ctx: Contexte, repondant: Compte | None, attendues: list[DemandeRenseignement], *, corrige: bool
) -> None:
    """Rangs 4 à 6 : consentement et titre du clinicien, puis une demande encore sans réponse."""
    if repondant is None:
        return
    if repondant.role == Role.CLINICIEN:
        exiger_consentement(ctx.dossier, JOINDRE)
        if corrige:
            exiger_signataire(repondant, ctx.jour)
    if not attendues:
        raise Refus("etat_interdit")


def _recevoir_version(
    ctx: Contexte, demande: Demande, clinicien: Compte, contenu: dict[str, Any], avertissements: list[str]
) -> None:
    recevoir_rapport(
        ctx,
        demande,
        clinicien,
        contenu,
        signe_le=ctx.jour,
        origine=RapportMedical.Origine.COMPLEMENT,
        avertissements=avertissements,
    )


def _reprendre(ctx: Contexte, demande: Demande) -> None:
    """Rend la demande à son étape, rouvre l'évaluation s'il le faut, et avise l'agent d'une réponse tardive."""
    demande.refresh_from_db()
    etapes.reprendre_si_tout_est_clos(ctx, demande)
    etapes.recevoir_nouveaute(ctx, demande)
    if demande.etat in APRES_DECISION and demande.etat not in EN_RECOURS:
        etapes.creer_tache(ctx, Tache.Code.REPONSE_TARDIVE, demande=demande)
    ctx.cible = demande


def _nouveau_contenu(
    ctx: Contexte, attendues: list[DemandeRenseignement], change: dict[str, Any], maintenus: Any
) -> tuple[dict[str, Any] | None, list[str]]:
    if not change or not attendues:
        return None, []
    base = lecture.dernier_rapport(attendues[0].demande)
    contenu = {**(base.contenu if base else {}), **change}
    return contenu, juger_coherence(contenu, maintenus, ctx.jour)


def _lire_reponses(
    ctx: Contexte, attendues: list[DemandeRenseignement], reponses: Any, *, requis: bool
) -> dict[str, str]:
    """Les réponses par code : un élément du dictionnaire du jour, ou un élément demandé, même retiré depuis."""
    if requis:
        verifier.exiger("reponses", reponses)
    if reponses is None:
        return {}
    if not isinstance(reponses, Mapping):
        raise Refus("champ_invalide", champ="reponses")
    for code, texte in reponses.items():
        verifier.exiger(f"reponses.{code}", texte)
    connus = {
        *verifier.codes_de(referentiels.elements(ctx.jour)),
        *(code for une in attendues for code in une.elements),
    }
    verifier.codes("reponses", list(reponses), connus, requis=requis)
    return {code: verifier.texte(f"reponses.{code}", texte) for code, texte in reponses.items()}


def _consigner(ctx: Contexte, repondues: list[DemandeRenseignement], reponses: dict[str, str]) -> None:
    for faite in repondues:
        faite.reponses = json.dumps(reponses, ensure_ascii=False, sort_keys=True)
        faite.repondue_le, faite.repondue_par = ctx.instant, ctx.acteur
        if faite.close_le is None:
            faite.close_le, faite.close_par = ctx.instant, ctx.acteur
            faite.cloture = DemandeRenseignement.Cloture.REPONDUE
        faite.save()
    ctx.details["elements"] = sorted({code for faite in repondues for code in faite.elements})
