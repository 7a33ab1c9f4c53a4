"""Les antécédents d'un dossier, pour l'agent : demandes passées et contraintes temporaires accordées.

Lecture seule, tirée des demandes et de leurs décisions émises; jamais une décision dont la lettre n'est pas partie.
Source : `docs/rencontres.md`; `ecrans-et-lettres.md` B1.3.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from decisions.models import Decision, Issue
from dossiers.etats import Etat
from dossiers.models import Demande, Dossier
from socle.composants import Ligne
from socle.dates_en_mots import date_moyenne

MAXIMUM = 20
ISSUES = {
    Issue.RECONNUE: "contraintes sévères reconnues",
    Issue.NON_RECONNUE: "non reconnue",
    Issue.TEMPORAIRE: "contrainte temporaire accordée",
}
APRES = {
    Etat.EN_REVISION: "révision en cours",
    Etat.REVISION_RENDUE: "révision rendue",
    Etat.DEVANT_TAQ: "devant le Tribunal",
    Etat.JUGEMENT_TAQ: "jugée par le Tribunal",
}


@dataclass(frozen=True)
class Antecedents:
    """Les autres demandes, et les contraintes temporaires; la plus récente d'abord."""

    demandes: list[Ligne]
    temporaires: list[Ligne]

    def __bool__(self) -> bool:
        return bool(self.demandes or self.temporaires)


def demandes(dossier: Dossier) -> list[Demande]:
    """Les dernières demandes du dossier, la plus récente d'abord, avec l'issue et les mois de leur décision."""
    scellees = Decision.objects.filter(demande=OuterRef("pk"), scellee_le__isnull=False)
    # Par le dossier, que chaque demande connaît alors sans le relire.
    return list(
        dossier.demandes.annotate(
            issue=Subquery(scellees.values("issue")[:1]),
            mois=Subquery(scellees.values("contrainte_temporaire_mois")[:1]),
        ).order_by("-rang")[:MAXIMUM]
    )


def lire(lues: list[Demande], courante: Demande | None) -> Antecedents:
    """Les antécédents tirés de ces demandes (`demandes`); la courante n'en est pas un."""
    passees = [une for une in lues if courante is None or une.pk != courante.pk]
    emises = [une for une in lues if une.decision_emise_le is not None and getattr(une, "mois", None)]
    return Antecedents(
        [Ligne(f"{une.get_type_display()}, {date_moyenne(une.deposee_le)}", _issue(une)) for une in passees],
        [
            Ligne(f"Lettre du {date_moyenne(une.decision_emise_le)}", _duree(une))
            for une in emises
            if une.decision_emise_le
        ],
    )


def _issue(demande: Demande) -> str:
    """Ce qu'est devenue une demande, en mots."""
    if demande.etat == Etat.FERMEE:
        return f"Fermée le {date_moyenne(demande.fermee_le)}" if demande.fermee_le else "Fermée"
    if demande.decision_emise_le is None:
        return "Sans décision émise"
    issue = {str(code): dite for code, dite in ISSUES.items()}.get(getattr(demande, "issue", ""), "décidée")
    suite = APRES.get(Etat(demande.etat), "")
    dite = f"{issue[:1].upper()}{issue[1:]}, lettre du {date_moyenne(demande.decision_emise_le)}"
    return f"{dite}; {suite}" if suite else dite


def _duree(demande: Demande) -> str:
    mois = getattr(demande, "mois", 0)
    return f"{mois} mois, demande du {date_moyenne(demande.deposee_le)}"
