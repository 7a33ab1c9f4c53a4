"""Suspendre et reprendre le délai de service, avec la raison. Aucun délai de la loi ne s'arrête."""

from __future__ import annotations

from typing import Any

from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import AVANT_DECISION
from dossiers.models import PauseDelai
from dossiers.porte import Contexte, acte
from socle.refus import Refus


@acte("suspendre_delai", "dossier.traiter")
def suspendre_delai(ctx: Contexte, *, motif: Any = None, note: Any = None) -> PauseDelai:
    """Met le délai de service en pause, avant décision; une seule pause à la fois, sinon `etat_interdit`."""
    demande = ctx.courante
    etapes.exiger_etat(demande, AVANT_DECISION)
    if PauseDelai.objects.filter(demande=demande, au__isnull=True).exists():
        raise Refus("etat_interdit", "Le délai est déjà en pause.")
    connu = verifier.parmi("motif", motif, PauseDelai.Motif.values)
    lue = verifier.texte("note", note, requis=connu == PauseDelai.Motif.AUTRE, maximum=300)
    ctx.details["motif"] = connu
    return PauseDelai.objects.create(demande=demande, motif=connu, note=lue, du=ctx.instant, par=ctx.acteur)


@acte("reprendre_delai", "dossier.traiter")
def reprendre_delai(ctx: Contexte) -> PauseDelai:
    """Reprend le délai; la date visée recule du nombre de jours de pause. `etat_interdit` sans pause."""
    pause = PauseDelai.objects.filter(demande=ctx.courante, au__isnull=True).first()
    if pause is None:
        raise Refus("etat_interdit", "Le délai n'est pas en pause.")
    pause.au, pause.reprise_par = ctx.instant, ctx.acteur
    pause.save(update_fields=["au", "reprise_par"])
    return pause
