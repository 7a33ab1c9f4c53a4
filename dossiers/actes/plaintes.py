"""La plainte sur le service et sa réponse. Ce n'est pas une révision : elle ne change aucune décision.

La personne que la plainte vise ne l'apprend pas ici : ni page, ni tâche, ni ligne d'histoire, ni compte.
Source : `ecrans-et-lettres.md` B8.
"""

from __future__ import annotations

from typing import Any

from correspondance import codes as signaux
from dossiers import verification as verifier
from dossiers.models import Plainte
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from referentiels.regles import ajouter_jours_ouvrables
from socle.refus import Refus


@acte("deposer_plainte", "plainte.deposer")
def deposer_plainte(ctx: Contexte, *, sujet: Any = None, texte: Any = None, souhait: Any = None) -> Plainte:
    """Garde la plainte et la date visée de la réponse (`plainte_reponse_jours`, jours ouvrables)."""
    verifier.manquants(("sujet", sujet), ("texte", texte))
    jours = int(referentiels.regle("plainte_reponse_jours", ctx.jour))
    return Plainte.objects.create(
        dossier=ctx.dossier,
        deposee_par=ctx.acteur,
        sujet=verifier.parmi("sujet", sujet, Plainte.Sujet.values),
        texte=verifier.texte("texte", texte, maximum=4000),
        souhait=verifier.texte("souhait", souhait, requis=False, maximum=1000),
        deposee_le=ctx.instant,
        avant_le=ajouter_jours_ouvrables(ctx.jour, jours, referentiels.fermetures(ctx.jour)),
    )


@acte("repondre_plainte", "plainte.repondre")
def repondre_plainte(ctx: Contexte, *, plainte: Any = None, reponse: Any = None) -> Plainte:
    """Répond à la plainte; la personne le lit à son suivi et reçoit un signal sans donnée.

    Déjà répondue : `etat_interdit`. D'un autre dossier, ou inconnue : `champ_invalide`.
    """
    lue = Plainte.objects.filter(dossier=ctx.dossier, pk=plainte).first() if isinstance(plainte, int) else None
    if lue is not None and lue.repondue_le is not None:
        raise Refus("etat_interdit", "Une réponse est déjà donnée à cette plainte.")
    if lue is None:
        raise Refus("champ_invalide", champ="plainte")
    lue.reponse = verifier.texte("reponse", reponse, maximum=4000)
    lue.repondue_le, lue.repondue_par = ctx.instant, ctx.acteur
    lue.save()
    signaux.signaler(ctx.dossier.prestataire)
    return lue
