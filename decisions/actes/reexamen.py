"""Constater qu'un réexamen prévu approche : une tâche, une seule fois; jamais une lettre, jamais un état."""

from __future__ import annotations

from decisions import reexamens
from dossiers import etapes
from dossiers.models import Tache
from dossiers.porte import Contexte, acte
from socle.dates_en_mots import date_longue


@acte("constater_reexamen", "systeme.jouer")
def constater_reexamen(ctx: Contexte) -> Tache | None:
    """Confie à l'agent le réexamen à ouvrir, avec sa date; None s'il ne reste rien à ouvrir."""
    decision = reexamens.prevu(ctx.dossier)
    if decision is None or decision.reexamen_le is None:
        return None
    deja = Tache.objects.filter(demande=decision.demande, code=Tache.Code.REEXAMEN_A_OUVRIR).first()
    if deja is not None:
        return deja
    ctx.cible = decision.demande
    note = f"Prévu le {date_longue(decision.reexamen_le)}. Les prestations continuent pendant le réexamen."
    tache = etapes.creer_tache(ctx, Tache.Code.REEXAMEN_A_OUVRIR, demande=decision.demande, note=note)
    tache.avant_le = decision.reexamen_le
    tache.save(update_fields=["avant_le"])
    return tache
