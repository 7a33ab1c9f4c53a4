"""Déclarer le dossier complet."""

from __future__ import annotations

from dossiers import etapes
from dossiers.models import Demande
from dossiers.porte import Contexte, acte
from formulaires import lecture
from socle.refus import Refus


@acte("declarer_complet", "dossier.traiter")
def declarer_complet(ctx: Contexte) -> Demande:
    """L'agent déclare le dossier complet; `completude_non_verifiee` s'il manque un formulaire.

    Source : Loi sur la justice administrative, art. 6; `regles.est_complet`.
    """
    demande = ctx.courante
    etapes.exiger_transition(demande, "completer")
    if not lecture.dossier_complet(demande):
        raise Refus("completude_non_verifiee")
    etapes.changer(ctx, demande, "completer")
    return demande
