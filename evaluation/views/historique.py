"""Le passé d'un dossier, dans un panneau qu'on ouvre exprès : il ne pèse pas d'avance sur la lecture.

Décisions antérieures, avis signés qui les ont portées, contraintes temporaires du comité, rapports successifs.
Source : `ecrans-et-lettres.md` B2; étude SOM, obstacles 35 à 43.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from decisions import lecture as decisions
from decisions import regles as regles_decisions
from decisions import temporaires
from decisions.models import Decision, Issue
from dossiers.models import Demande, Dossier
from evaluation import documents, lecture
from evaluation.views.commun import questions_de_la_loi
from evaluation.views.lus import avis_en_clair
from formulaires.models import RapportMedical
from referentiels import lecture as referentiels
from socle.dates_en_mots import date_moyenne


def decisions_precedentes(ouvert: Dossier, demande: Demande) -> list[dict[str, Any]]:
    """Décisions des demandes antérieures, la plus récente d'abord, chacune avec les avis qui l'ont portée."""
    anterieures = list(ouvert.demandes.filter(rang__lt=demande.rang).order_by("-rang"))
    if not anterieures:
        return []
    avis, periodes = lecture.avis_courants_de(anterieures), _periodes(ouvert)
    lignes = []
    for une in anterieures:
        decision = decisions.decision_scellee(une)
        if decision is None:
            continue
        decision.demande = une
        libelles = questions_de_la_loi(une.jour_depot)
        lignes.append(
            {
                "demande": une,
                "decision": decision,
                "motifs": libelles_motifs(decision),
                "avis": [avis_en_clair(un, libelles) for un in avis[une.pk]],
                "temporaire": temporaire_en_mots(decision, periodes.get(decision.pk)),
            }
        )
    return lignes


def libelles_motifs(decision: Decision) -> list[str]:
    """Libellés des motifs d'une décision, dans les mots du régime de la demande."""
    jour = decision.demande.jour_depot
    return [referentiels.motif(code, jour).libelle for code in decision.motifs]


def _periodes(ouvert: Dossier) -> dict[int, regles_decisions.Periode | None]:
    suite = temporaires.suite(ouvert)
    return {une.pk: periode for une, periode in zip(suite.decisions, suite.periodes, strict=True)}


def temporaire_en_mots(decision: Decision, periode: regles_decisions.Periode | None) -> str:
    """« Contrainte temporaire de 6 mois, du … au …, accordée avec un refus. »; vide si aucune."""
    mois = decision.contrainte_temporaire_mois
    if not mois:
        return ""
    dates = f", du {date_moyenne(periode.debut)} au {date_moyenne(periode.fin)}" if periode is not None else ""
    avec = ", accordée avec un refus" if decision.issue == Issue.NON_RECONNUE else ""
    eteinte = "" if periode is not None else ", qui ne compte plus"
    return f"Contrainte temporaire de {mois} mois{dates}{avec}{eteinte}."


def comparaison_des_rapports(ouvert: Dossier, lus: list[documents.DocumentLu]) -> str:
    """Adresse de la comparaison du dernier rapport au précédent; vide s'il n'y en a pas deux."""
    rapports = [un.objet for un in lus if isinstance(un.objet, RapportMedical)]
    if len(rapports) < 2:
        return ""
    return f"{reverse('sr2100_comparer', args=[ouvert.reference])}?apres={rapports[0].pk}"
