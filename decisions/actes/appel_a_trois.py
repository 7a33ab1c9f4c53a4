"""L'appel à trois : la personne, l'agent et un évaluateur qui a signé, quand la personne le demande.

La demande part dans un message à l'évaluateur, et une tâche attend l'agent; rien ne change à la décision ni aux
délais. Source : `ecrans-et-lettres.md` B1.8; étude SOM, obstacle 43.
"""

from __future__ import annotations

from typing import Any

from comptes.models import Compte
from decisions import lecture
from decisions.models import Decision
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.actes.echanges import echanger
from dossiers.etats import Voie
from dossiers.models import Tache
from dossiers.porte import Contexte, acte
from socle.dates_en_mots import date_longue
from socle.refus import Refus

SUJET = "Appel à trois avec la personne"
NOTE_MAX = 200


def decision_a_expliquer(dossier: Any) -> Decision | None:
    """La dernière décision évaluée que la personne a reçue; None si un évaluateur n'y a pas signé."""
    decision = (
        Decision.objects.filter(
            demande__dossier=dossier, scellee_le__isnull=False, demande__decision_emise_le__isnull=False
        )
        .select_related("demande")
        .order_by("-demande__rang")
        .first()
    )
    return decision if decision is not None and decision.voie == Voie.EVALUEE else None


def evaluateurs(decision: Decision) -> list[Compte]:
    """Ceux qui ont signé cette décision et suivent encore le dossier."""
    dossier = decision.demande.dossier
    signataires = [une.signataire for une in lecture.signatures_vivantes(decision)]
    return [un for un in signataires if un.is_active and etapes.est_lie(dossier, un)]


@acte("demander_appel_a_trois", "dossier.traiter")
def demander_appel_a_trois(ctx: Contexte, *, evaluateur: Any = None, prevu_le: Any = None, note: Any = None) -> Tache:
    """Prévoit l'appel : un message à l'évaluateur, une tâche datée à l'agent.

    Refus : `etat_interdit` sans décision évaluée reçue, `champ_manquant`, `champ_invalide` (un autre que les
    signataires, une date passée).
    """
    decision = decision_a_expliquer(ctx.dossier)
    if decision is None:
        raise Refus("etat_interdit")
    verifier.manquants(("evaluateur", evaluateur), ("prevu_le", prevu_le))
    permis = {un.pk for un in evaluateurs(decision)}
    if not isinstance(evaluateur, Compte) or evaluateur.pk not in permis:
        raise Refus("champ_invalide", champ="evaluateur")
    jour = verifier.date_exigee("prevu_le", prevu_le)
    if jour < ctx.jour:
        raise Refus("champ_invalide", "Choisissez aujourd'hui ou une date à venir.", champ="prevu_le")
    dit = verifier.texte("note", note, requis=False, maximum=NOTE_MAX)
    texte = (
        f"La personne demande un appel à trois pour comprendre la décision. Prévu le {date_longue(jour)}. "
        "Dites-moi si ce jour convient. La révision est expliquée à part, d'un ton neutre."
    )
    echanger(ctx, a=evaluateur, texte=f"{texte} {dit}".strip(), sujet=SUJET, reponse_avant=jour)
    ctx.cible = decision.demande
    en_note = f"Avec {evaluateur.nom_complet}, le {date_longue(jour)}."
    tache = etapes.creer_tache(ctx, Tache.Code.APPEL_A_TROIS, demande=decision.demande, note=en_note, ajouter=True)
    tache.avant_le = jour
    tache.save(update_fields=["avant_le"])
    ctx.details["avec"] = evaluateur.pk
    return tache
