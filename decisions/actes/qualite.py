"""Relire une décision tirée pour la qualité : des constats, et un mot à qui a signé. Jamais un classement."""

from __future__ import annotations

from typing import Any

from decisions.models import RevueQualite
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.models import Tache
from dossiers.porte import Contexte, acte
from socle.refus import Refus

NOTE_MAX = 300
SANS_RIEN = RevueQualite.Constat.CONFORME


@acte("relire_qualite", "qualite.relire")
def relire_qualite(ctx: Contexte, *, constats: Any = None, note: Any = None) -> RevueQualite:
    """Note ce que le chef constate; sauf « rien à reprendre », l'équipe du dossier reçoit le retour à lire.

    La décision ne change pas : la corriger passe par les voies de la personne. Refus : `etat_interdit` sans revue
    qui attend, `champ_manquant`, `champ_invalide` (« rien à reprendre » avec un autre constat).
    """
    revue = (
        RevueQualite.objects.filter(decision__demande__dossier=ctx.dossier, relue_le__isnull=True)
        .select_related("decision__demande")
        .first()
    )
    if revue is None:
        raise Refus("etat_interdit")
    lus = verifier.codes("constats", constats, RevueQualite.Constat.values)
    if SANS_RIEN in lus and len(lus) > 1:
        raise Refus("champ_invalide", "« Rien à reprendre » ne va avec aucun autre constat.", champ="constats")
    revue.constats = lus
    revue.note = verifier.texte("note", note, requis=SANS_RIEN not in lus, maximum=NOTE_MAX)
    revue.relue_par, revue.relue_le = ctx.acteur, ctx.instant
    revue.save(update_fields=["constats", "note", "relue_par", "relue_le"])
    ctx.cible = revue.decision.demande
    ctx.details["constats"] = lus
    if SANS_RIEN not in lus:
        en_mots = "; ".join(RevueQualite.Constat(un).label for un in lus)
        etapes.creer_tache(ctx, Tache.Code.QUALITE_A_LIRE, demande=revue.decision.demande, note=f"{en_mots}.")
    return revue
