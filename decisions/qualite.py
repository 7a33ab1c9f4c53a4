"""La relecture de qualité : ce qui est tiré, ce qui attend, ce qui a été constaté.

Une part des reconnaissances évidentes est tirée au hasard quand elle est scellée; une décision changée en révision
l'est toujours, à l'émission de la lettre de révision. Ni l'une ni l'autre ne change la décision.
Source : `ecrans-et-lettres.md` B4; `conception.md` §11.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from comptes.models import Compte
from correspondance.models import Lettre
from decisions import lecture
from decisions.models import Decision, Issue, RevueQualite
from dossiers.etats import Voie
from dossiers.models import Dossier
from referentiels import lecture as referentiels
from socle import hasard, horloge

QUI_RENVERSE = frozenset({"decision_infirmee", "decision_modifiee"})


def tirer(decision: Decision, le: datetime) -> RevueQualite | None:
    """Tire au sort une reconnaissance évidente qui vient d'être scellée; None si elle ne l'est pas.

    La part, en pour cent, est une règle datée. Le signataire n'en sait rien.
    """
    if decision.voie != Voie.EVIDENTE or decision.issue != Issue.RECONNUE:
        return None
    part = int(referentiels.regle("qualite_part_evidents_pourcent", horloge.jour_civil(le)))
    demande = decision.demande
    if hasard.sur_cent(f"qualite {demande.jour_depot.isoformat()} {demande.rang}") >= part:
        return None
    return RevueQualite.objects.create(decision=decision, raison=RevueQualite.Raison.HASARD, tiree_le=le)


def apres_emission(lettre: Lettre) -> None:
    """Une décision changée en révision est à relire, une fois que la personne l'a apprise."""
    if lettre.modele not in QUI_RENVERSE or lettre.demande is None:
        return
    decision = lecture.decision_scellee(lettre.demande)
    if decision is not None:
        RevueQualite.objects.get_or_create(
            decision=decision,
            defaults={"raison": RevueQualite.Raison.RENVERSEE, "tiree_le": lettre.emise_le or horloge.maintenant()},
        )


def du_chef(chef: Compte) -> QuerySet[RevueQualite]:
    """Revues des dossiers que ce chef voit et peut relire."""
    visibles = Dossier.objects.visibles_par(chef, "qualite.relire")
    return RevueQualite.objects.filter(decision__demande__dossier__in=visibles).select_related(
        "decision__demande__dossier__prestataire", "relue_par"
    )


def du_dossier(dossier: Dossier) -> RevueQualite | None:
    """La revue du dossier qui attend, sinon la dernière faite."""
    revues = RevueQualite.objects.filter(decision__demande__dossier=dossier).select_related(
        "decision__demande", "decision__projet", "relue_par"
    )
    return revues.filter(relue_le__isnull=True).first() or revues.order_by("-relue_le").first()
