"""Le réexamen prévu à la décision : les dossiers où il est à ouvrir. Les prestations continuent pendant ce temps.

Rien ne s'ouvre ni ne s'arrête de soi-même : le travail du jour n'en fait qu'une tâche.
Source : manuel, sujet 42488 (`domaine.md` §3.5).
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from decisions.models import Decision, Issue
from dossiers.models import Demande, Dossier, Echeance, Tache
from dossiers.requetes import DossierQuerySet
from referentiels import lecture as referentiels
from socle import horloge


def a_ouvrir() -> DossierQuerySet:
    """Dossiers dont la reconnaissance prévoit un réexamen proche ou passé, sans tâche ni nouvelle demande depuis.

    Un décès noté arrête tout : rien n'est plus à ouvrir.
    """
    jour = horloge.aujourd_hui()
    avant = jour + timedelta(days=int(referentiels.regle("reexamen_avis_jours", jour)))
    suivante = Demande.objects.filter(dossier=OuterRef("dossier"), rang__gt=OuterRef("demande__rang"))
    dite = Tache.objects.filter(demande=OuterRef("demande"), code=Tache.Code.REEXAMEN_A_OUVRIR)
    reconnue = Decision.objects.filter(demande=OuterRef("demande"), scellee_le__isnull=False, issue=Issue.RECONNUE)
    prevus = Echeance.objects.filter(
        Exists(reconnue),
        ~Exists(suivante),
        ~Exists(dite),
        code=Echeance.Code.REEXAMEN,
        date__lte=avant,
        demande__decision_emise_le__isnull=False,
    )
    dossiers: DossierQuerySet = Dossier.objects.filter(
        pk__in=prevus.order_by().values("dossier"), fusionne_dans__isnull=True, deces_le__isnull=True
    )
    return dossiers


def prevu(dossier: Dossier) -> Decision | None:
    """La reconnaissance du dossier dont le réexamen reste à ouvrir, si aucune demande ne l'a suivie."""
    if dossier.deces_le is not None:
        return None
    decision = (
        Decision.objects.filter(
            demande__dossier=dossier,
            scellee_le__isnull=False,
            issue=Issue.RECONNUE,
            reexamen_le__isnull=False,
            demande__decision_emise_le__isnull=False,
        )
        .select_related("demande")
        .order_by("-demande__rang")
        .first()
    )
    if decision is None or dossier.demandes.filter(rang__gt=decision.demande.rang).exists():
        return None
    return decision
