"""Signaler au bureau un dossier qui n'avance plus; la tâche nomme le geste, le chef d'équipe en a la liste."""

from __future__ import annotations

from dossiers import etapes, immobiles
from dossiers.models import Tache
from dossiers.porte import Contexte, acte


@acte("signaler_immobile", "systeme.jouer")
def signaler_immobile(ctx: Contexte) -> Tache | None:
    """Crée une tâche par étape immobile, avec ce qui la bloque; None si le dossier vient d'avancer."""
    trouves = immobiles.constats(ctx.dossier)
    if not trouves:
        return None
    ctx.details["constats"] = [un.code for un in trouves]
    note = " ".join(f"{un.constat} {un.geste}" for un in trouves)
    return etapes.creer_tache(ctx, Tache.Code.DOSSIER_IMMOBILE, demande=ctx.dossier.courante, note=note)
