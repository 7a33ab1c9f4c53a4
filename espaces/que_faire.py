"""« Nouvelle demande ou révision? » : les faits lus au dossier, et le conseil dit en mots simples.

Les deux chemins restent ouverts, à poids égal : la page éclaire, la personne choisit.
Source : `domaine.md` §3.4; manuel, sujet 42509.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext, ngettext

from decisions.lecture import lettre_de
from decisions.lettres import echeance_revision
from decisions.models import Decision, Issue
from dossiers.etats import APRES_RECOURS, EN_RECOURS
from dossiers.models import Dossier, Echeance
from espaces.suivi import peut_demander_revision
from formulaires.models import RapportMedical
from formulaires.regles import comparer
from revision.orientation import Conseil, Faits, Raison, Voie, conseil
from socle import horloge

TITRES: dict[Voie, str] = {
    Voie.ATTENDRE: "Il n'y a pas encore de décision",
    Voie.RECOURS_EN_COURS: "Une révision ou un recours est déjà en cours",
    Voie.REVISION: "D'après les règles : une révision",
    Voie.NOUVELLE_DEMANDE: "D'après les règles : une nouvelle demande",
}
# Dites à la personne; l'agent lit les mêmes phrases à voix haute.
PHRASES: dict[Raison, str] = {
    Raison.SANS_DECISION: "On ne peut contester qu'une décision reçue par lettre.",
    Raison.ATTEND_LE_RECOURS: "Une nouvelle demande est reçue et datée, mais elle attend la fin de ce recours.",
    Raison.HORS_DELAI: "Le délai pour demander une révision est passé. Une demande tardive est reçue quand même : "
    "une personne lira ce qui a empêché d'agir plus tôt.",
    Raison.DETERIORATION: "Le nouveau rapport médical dit que la santé s'est détériorée : la situation est nouvelle.",
    Raison.RAPPORT_DIFFERENT: "Le nouveau rapport médical dit autre chose que le précédent : il sera évalué.",
    Raison.RECONDUCTION: "Le nouveau rapport médical dit la même chose que le précédent. Le refus pourrait être "
    "reconduit sans évaluation; on pourra alors demander la révision de ce refus.",
    Raison.INTERROGATION: "Le nouveau rapport médical dit la même chose que le précédent, mais le comité avait accordé "
    "une contrainte temporaire : un médecin évaluateur regardera le dossier.",
    Raison.SANS_RAPPORT: "Aucun rapport médical n'est arrivé depuis la décision. Une nouvelle demande en aura besoin.",
    Raison.DEJA_REVISEE: "Cette décision a déjà été révisée. La suite est le Tribunal, ou une nouvelle demande.",
}


@dataclass(frozen=True)
class Guide:
    """La page : ce que les règles indiquent, pourquoi, et le dernier jour avec son calcul."""

    titre: str
    raisons: tuple[str, ...]
    conseil: Conseil
    limite: Echeance | None
    calcul: str
    revision_possible: bool
    demande_ouverte: bool = False

    @property
    def deux_chemins(self) -> bool:
        """Vrai s'il y a un choix à faire : deux boutons de même poids."""
        return self.conseil.voie in (Voie.REVISION, Voie.NOUVELLE_DEMANDE)


def guide(dossier: Dossier) -> Guide:
    """Le guide de ce dossier, aujourd'hui, dans la langue courante."""
    decision = derniere_decision(dossier)
    limite = _limite(decision)
    faits = faits_de(decision, limite, horloge.aujourd_hui())
    dit = conseil(faits)
    return Guide(
        titre=gettext(TITRES[dit.voie]),
        raisons=tuple(_phrase(raison, faits) for raison in dit.raisons),
        conseil=dit,
        limite=limite,
        calcul=_calcul(decision),
        revision_possible=decision is not None and peut_demander_revision(decision.demande),
        demande_ouverte=_demande_ouverte(dossier, decision),
    )


def _demande_ouverte(dossier: Dossier, decision: Decision | None) -> bool:
    """Vrai si une demande plus récente que cette décision est déjà à l'étude : il n'y en a pas d'autre à faire."""
    courante = dossier.courante_lue
    return decision is not None and courante is not None and courante.pk != decision.demande_id


def derniere_decision(dossier: Dossier) -> Decision | None:
    """La dernière décision partie par lettre, toutes demandes confondues."""
    emises = Decision.objects.filter(
        demande__dossier=dossier, scellee_le__isnull=False, demande__decision_emise_le__isnull=False
    )
    return emises.select_related("demande").order_by("-demande__rang").first()


def _limite(decision: Decision | None) -> Echeance | None:
    if decision is None:
        return None
    return Echeance.objects.filter(demande=decision.demande, code=Echeance.Code.DEMANDER_REVISION).first()


def _calcul(decision: Decision | None) -> str:
    """Le calcul du dernier jour, dans la langue courante; l'échéance gardée ne le dit qu'en français."""
    lettre = lettre_de(decision) if decision is not None else None
    due = echeance_revision(lettre) if lettre is not None else None
    return due.en_mots(get_language() or "fr") if due is not None else ""


def faits_de(decision: Decision | None, limite: Echeance | None, jour: date) -> Faits:
    """Ce que le conseil lit : le délai, le recours, et ce que dit le dernier rapport reçu depuis la décision."""
    if decision is None:
        return Faits(jours_restants=None)
    etat = decision.demande.etat
    rapports = list(RapportMedical.objects.filter(demande__dossier=decision.demande.dossier_id).order_by("-pk")[:10])
    instant = decision.scellee_le
    nouveau = next((un for un in rapports if instant is not None and un.recu_le > instant), None)
    ancien = next((un for un in rapports if instant is not None and un.recu_le <= instant), None)
    return Faits(
        jours_restants=(limite.date - jour).days if limite is not None else None,
        en_recours=etat in EN_RECOURS,
        revisee=etat in APRES_RECOURS,
        refus=decision.issue == Issue.NON_RECONNUE,
        rapport_nouveau=nouveau is not None,
        rapport_differe=nouveau is not None and (ancien is None or bool(comparer(nouveau.contenu, ancien.contenu))),
        deterioration=nouveau is not None and nouveau.deterioration,
        temporaire_du_comite=decision.contrainte_temporaire_mois is not None,
    )


def _phrase(raison: Raison, faits: Faits) -> str:
    """La phrase d'une raison; celle du délai dit combien de jours il reste."""
    if raison != Raison.DANS_LE_DELAI:
        return gettext(PHRASES[raison])
    reste = faits.jours_restants or 0
    if reste == 0:
        return gettext("C'est le dernier jour pour demander une révision.")
    dit = ngettext(
        "Il reste %(jours)s jour pour demander une révision.",
        "Il reste %(jours)s jours pour demander une révision.",
        reste,
    )
    return dit % {"jours": reste}
