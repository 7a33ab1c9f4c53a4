"""Demander un appel : la personne préfère parler; une tâche naît pour l'agent."""

from __future__ import annotations

from typing import Any

from dossiers import verification as verifier
from dossiers.etats import Balle
from dossiers.models import Tache
from dossiers.porte import Contexte, acte


@acte("demander_appel", "appel.demander")
def demander_appel(ctx: Contexte, *, texte: Any = None) -> Tache:
    """Note qu'un appel est demandé et quand joindre la personne; une seule demande vit à la fois.

    Source : `ecrans-et-lettres.md` 0.1, ligne 10, et B8.7.
    """
    note = verifier.texte("texte", texte, requis=False, maximum=300)
    tache, neuve = Tache.objects.get_or_create(
        dossier=ctx.dossier,
        code=Tache.Code.APPEL_DEMANDE,
        close_le=None,
        defaults={"pour": Balle.AGENT, "nee_le": ctx.instant, "demande": ctx.dossier.courante, "note": note},
    )
    if not neuve and note:
        tache.note = note
        tache.save(update_fields=["note"])
    return tache
