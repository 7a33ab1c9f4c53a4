"""Consulter : toute lecture passe par ici et laisse sa ligne; la personne concernée peut la voir."""

from __future__ import annotations

from typing import Any

from dossiers import acces
from dossiers.matrice import CONSULTATIONS
from dossiers.porte import Contexte, acte
from socle.refus import Refus


@acte("consulter", "sommaire.lire", consultation=True)
def consulter(ctx: Contexte, *, quoi: Any = None, document: Any = None) -> None:
    """Autorise et consigne une lecture. Ne répond que les refus de rang 1.

    `document` : la clé du document ouvert (« sr2100-12 »), sans titre ni contenu; il marque le non-lu.
    """
    droit = CONSULTATIONS.get(quoi) if isinstance(quoi, str) else None
    if droit is None:
        raise Refus("acces_refuse", champ="quoi")
    acces.exiger(ctx.acteur, droit, ctx.dossier)
    ctx.details["quoi"] = quoi
    if isinstance(document, str) and document:
        ctx.details["document"] = document[:40]
