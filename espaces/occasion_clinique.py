"""Ce qui manque avant la décision, dit à la clinique : une carte, jamais une lettre, jamais l'issue.

Née de l'occasion offerte à la personne. La clinique y répond par ce qu'elle fait déjà : un nouveau rapport, un
document, un message. Source : Loi sur la justice administrative, art. 6; `conception.md` §11.5.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from comptes.models import Compte
from dossiers.actes.consentements import JOINDRE
from dossiers.etats import AVANT_DECISION
from dossiers.models import Consentement, Dossier, Invitation, Occasion
from formulaires.models import RapportMedical
from referentiels import lecture as referentiels
from referentiels.models import ElementManquant
from socle import horloge


def _a_dire(personne: Compte, jour: date) -> QuerySet[Occasion]:
    """Occasions encore ouvertes que cette personne peut aider à combler, accord de joindre vivant."""
    accord = Consentement.vivants().filter(dossier=OuterRef("demande__dossier"), objet=JOINDRE)
    invitee = Invitation.objects.filter(demande=OuterRef("demande"), clinicien=personne, declinee_le__isnull=True)
    signes = RapportMedical.objects.filter(demande=OuterRef("demande"), signataire=personne)
    return (
        Occasion.objects.filter(jusqu_au__gte=jour, demande__etat__in=AVANT_DECISION)
        .filter(Exists(accord), Exists(invitee) | Exists(signes))
        .exclude(Exists(signes.filter(recu_le__gt=OuterRef("offerte_le"))))
        .order_by("-pk")
    )


def limite(personne: Compte, jour: date) -> Subquery:
    """Annotation d'une liste de dossiers : le dernier jour pour répondre, sinon nul."""
    return Subquery(_a_dire(personne, jour).filter(demande__dossier=OuterRef("pk")).values("jusqu_au")[:1])


def carte(dossier: Dossier, personne: Compte, jour: date) -> dict[str, Any]:
    """Pour la page du dossier : l'occasion et ses éléments en mots; vide si rien n'est à dire."""
    occasion = _a_dire(personne, jour).filter(demande__dossier=dossier).first()
    if occasion is None:
        return {}
    le = horloge.jour_civil(occasion.offerte_le)
    elements: list[ElementManquant] = [referentiels.element(code, le) for code in occasion.elements]
    return {"occasion": occasion, "avant_decision": elements}


A_COMPLETER = Q(occasion_avant__isnull=False)
