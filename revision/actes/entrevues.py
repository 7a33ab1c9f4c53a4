"""L'entrevue de révision : convenue avec la personne, déplacée ou annulée, tenue et notée.

Environ 40 minutes dans ces dossiers, au téléphone d'ordinaire. Source : manuel, sujet 43364; `domaine.md` §3.3.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dossiers import verification as verifier
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from revision.actes.traitement import exiger_reviseur, revision_a_rendre
from revision.models import Entrevue, EntrevuePrevue, Revision
from socle.refus import Refus

MINUTES_MIN, MINUTES_MAX = 10, 240
DEPLACEE = "Déplacée."


def prevue_de(revision: Revision) -> EntrevuePrevue | None:
    """L'entrevue convenue et pas encore tenue de cette révision."""
    vivantes = EntrevuePrevue.objects.filter(revision=revision, annulee_le__isnull=True, tenue__isnull=True)
    return vivantes.select_related("par").first()


def _annuler(ctx: Contexte, revision: Revision, raison: str) -> bool:
    """Annule l'entrevue prévue, s'il y en a une."""
    prevue = prevue_de(revision)
    if prevue is None:
        return False
    prevue.annulee_le, prevue.raison = ctx.instant, raison
    prevue.save(update_fields=["annulee_le", "raison"])
    return True


@acte("planifier_entrevue", "revision.traiter")
def planifier_entrevue(
    ctx: Contexte, *, prevue_le: Any = None, mode: Any = None, minutes: Any = None, precisions: Any = None
) -> EntrevuePrevue:
    """Note l'entrevue convenue avec la personne; une nouvelle date déplace celle qui était prévue.

    `prevue_le` : instant avisé, à venir (`champ_invalide` sinon). `minutes` vide : la règle
    `entrevue_revision_minutes` (manuel, sujet 43364). Aucune lettre : la date se convient de vive voix.
    """
    revision = revision_a_rendre(exiger_reviseur(ctx))
    verifier.manquants(("prevue_le", prevue_le), ("mode", mode))
    if not isinstance(prevue_le, datetime) or prevue_le.tzinfo is None or prevue_le <= ctx.instant:
        raise Refus("champ_invalide", "Donnez une date et une heure à venir.", champ="prevue_le")
    if minutes is None:
        minutes = int(referentiels.regle("entrevue_revision_minutes", ctx.jour))
    donnees = {
        "prevue_le": prevue_le,
        "mode": verifier.texte("mode", mode, maximum=60),
        "minutes": verifier.entier("minutes", minutes, minimum=MINUTES_MIN, maximum=MINUTES_MAX),
        "precisions": verifier.texte("precisions", precisions, requis=False),
    }
    ctx.details["deplacee"] = _annuler(ctx, revision, DEPLACEE)
    return EntrevuePrevue.objects.create(revision=revision, par=ctx.acteur, planifiee_le=ctx.instant, **donnees)


@acte("annuler_entrevue", "revision.traiter")
def annuler_entrevue(ctx: Contexte, *, raison: Any = None) -> None:
    """Annule l'entrevue prévue, avec sa raison; `etat_interdit` si aucune ne l'est."""
    revision = revision_a_rendre(exiger_reviseur(ctx))
    if prevue_de(revision) is None:
        raise Refus("etat_interdit", "Aucune entrevue n'est prévue.")
    _annuler(ctx, revision, verifier.texte("raison", raison))


@acte("tenir_entrevue", "revision.traiter")
def tenir_entrevue(ctx: Contexte, *, mode: Any = None, note: Any = None) -> Entrevue:
    """Note une entrevue tenue avec la personne; celle qui était prévue mène alors à cette note."""
    revision = revision_a_rendre(exiger_reviseur(ctx))
    verifier.manquants(("mode", mode), ("note", note))
    entrevue = Entrevue.objects.create(
        revision=revision,
        mode=verifier.texte("mode", mode, maximum=60),
        note=verifier.texte("note", note),
        par=ctx.acteur,
        le=ctx.instant,
    )
    EntrevuePrevue.objects.filter(revision=revision, annulee_le__isnull=True, tenue__isnull=True).update(tenue=entrevue)
    return entrevue
