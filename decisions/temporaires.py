"""Lectures sur les contraintes temporaires : leur période, leur suite, et ce que la clinique doit confirmer.

Source : étude SOM, obstacle 9; règles datées `temporaire_avis_jours`, `temporaire_relance_jours`,
`temporaire_repetees_seuil`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from comptes.models import Compte
from decisions import lecture, regles
from decisions.models import Decision, Issue, Renouvellement
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.actes.demandes import MOTIFS_TOUT_ETAT
from dossiers.etats import AVANT_DECISION
from dossiers.models import ETATS_PERMETTANT_UN_DEPOT, Consentement, Demande, Dossier, Echeance, Tache
from dossiers.requetes import DossierQuerySet
from formulaires import lecture as formulaires
from formulaires.models import RapportMedical
from referentiels import lecture as referentiels
from socle import horloge

TACHES = (
    Tache.Code.TEMPORAIRE_SANS_CLINIQUE,
    Tache.Code.TEMPORAIRE_RELANCE,
    Tache.Code.TEMPORAIRE_NON_CONFIRMEE,
    Tache.Code.TEMPORAIRE_A_DIRE,
)


def avis_jours(le: date) -> int:
    """Combien de jours avant la fin la clinique est interrogée."""
    return int(referentiels.regle("temporaire_avis_jours", le))


@dataclass(frozen=True)
class Suite:
    """Les décisions scellées d'un dossier, dans l'ordre des demandes, et la période de chacune."""

    decisions: list[Decision]
    faits: list[regles.FaitDecision]
    periodes: list[regles.Periode | None]

    @property
    def derniere(self) -> tuple[Decision, regles.Periode] | None:
        """La dernière décision si c'est une contrainte temporaire en vigueur; une décision plus récente l'éteint."""
        periode = self.periodes[-1] if self.periodes else None
        return (self.decisions[-1], periode) if periode is not None else None

    @property
    def de_suite(self) -> int:
        """Combien de contraintes temporaires se suivent jusqu'à la dernière décision."""
        return regles.temporaires_de_suite(self.faits)


def _fait(decision: Decision) -> regles.FaitDecision:
    """Une décision modifiée ou infirmée en révision n'accorde plus rien : sa suite se règle ailleurs."""
    mois = decision.contrainte_temporaire_mois if decision.issue != Issue.RECONNUE else None
    revisee = bool(decision.demande.etat_avant_revision)
    if mois is not None and revisee and lecture.est_renversee(decision):
        mois = None
    scellee = horloge.jour_civil(decision.scellee_le or decision.preparee_le)
    return regles.FaitDecision(mois, scellee, decision.demande.jour_depot)


def suite(dossier: Dossier) -> Suite:
    """La suite des décisions scellées du dossier."""
    decisions = list(
        Decision.objects.filter(demande__dossier=dossier, scellee_le__isnull=False)
        .select_related("demande")
        .order_by("demande__rang")
    )
    faits = [_fait(une) for une in decisions]
    periodes = regles.periodes_temporaires(faits, avis_jours(horloge.aujourd_hui())) if faits else []
    return Suite(decisions, faits, periodes)


def a_evaluer(dossier: Dossier, demande: Demande) -> int:
    """Combien de contraintes temporaires se suivent, s'il y en a assez pour proposer une évaluation; sinon 0.

    La proposition n'impose ni n'empêche rien. `demande` : la courante; son rang borne le nombre de décisions.
    """
    seuil = int(referentiels.regle("temporaire_repetees_seuil", horloge.aujourd_hui()))
    decidees = demande.rang - 1 if demande.etat in AVANT_DECISION else demande.rang
    nombre = suite(dossier).de_suite if decidees >= seuil else 0
    return nombre if nombre >= seuil else 0


# --- Ce que le système propose et relance -----------------------------------------------------


def _vivants() -> DossierQuerySet:
    """Dossiers où une suite est possible : ni fusionné, ni décès noté, ni fermé par un décès ou un transfert."""
    finies = Demande.objects.filter(dossier=OuterRef("pk"), motif_fermeture__in=MOTIFS_TOUT_ETAT)
    return Dossier.objects.filter(~Exists(finies), fusionne_dans__isnull=True, deces_le__isnull=True)


def a_proposer() -> DossierQuerySet:
    """Dossiers dont la contrainte temporaire finit bientôt et que la clinique n'a pas encore à confirmer.

    Tout ce qui est dans la fenêtre, pas seulement le jour même : un travail manqué se rattrape.
    """
    jour = horloge.aujourd_hui()
    proposes = Renouvellement.objects.filter(decision__demande=OuterRef("demande"))
    finissent = Echeance.objects.filter(
        ~Exists(proposes),
        code=Echeance.Code.FIN_TEMPORAIRE,
        date__range=(jour, jour + timedelta(days=avis_jours(jour))),
    )
    en_attente = Demande.objects.filter(dossier=OuterRef("pk"), ouverte_le__isnull=True)
    return (
        _vivants()
        .filter(~Exists(en_attente), pk__in=finissent.order_by().values("dossier"))
        .exclude(etat__in=AVANT_DECISION)
    )


def a_relancer() -> DossierQuerySet:
    """Dossiers dont la clinique n'a pas répondu à l'approche de la fin, ou ne peut plus être jointe."""
    jour = horloge.aujourd_hui()
    proche = jour + timedelta(days=int(referentiels.regle("temporaire_relance_jours", jour)))
    accord = Consentement.vivants().filter(dossier=OuterRef("decision__demande__dossier"), objet=JOINDRE)
    muets = sans_suite().filter(Q(fin__lte=proche) | ~Exists(accord), relance_le__isnull=True, clinicien__isnull=False)
    return _vivants().filter(pk__in=muets.order_by().values("decision__demande__dossier"))


def sans_suite() -> QuerySet[Renouvellement]:
    """Renouvellements sans réponse, ni nouveau rapport, ni demande plus récente."""
    suivantes = Demande.objects.filter(
        dossier=OuterRef("decision__demande__dossier"), rang__gt=OuterRef("decision__demande__rang")
    )
    rapports = RapportMedical.objects.filter(demande=OuterRef("decision__demande"), recu_le__gt=OuterRef("propose_le"))
    return Renouvellement.objects.filter(~Exists(suivantes), ~Exists(rapports), reponse="")


def attendus_de(personne: Compte) -> QuerySet[Renouvellement]:
    """Ce que ce clinicien peut confirmer aujourd'hui; la personne consent encore à ce qu'on le joigne."""
    accord = Consentement.vivants().filter(dossier=OuterRef("decision__demande__dossier"), objet=JOINDRE)
    return sans_suite().filter(Exists(accord), clinicien=personne)


# --- Un renouvellement ------------------------------------------------------------------------


def du_dossier(dossier: Dossier) -> Any:
    """Le dernier renouvellement proposé au dossier, ou None; en une requête, ce qu'il en est advenu.

    `nouveau_rapport` : un rapport complet est arrivé depuis la question; `joignable` : la personne y consent encore.
    """
    rapports = RapportMedical.objects.filter(demande=OuterRef("decision__demande"), recu_le__gt=OuterRef("propose_le"))
    accord = Consentement.vivants().filter(dossier=dossier, objet=JOINDRE)
    return (
        Renouvellement.objects.filter(decision__demande__dossier=dossier)
        .annotate(nouveau_rapport=Exists(rapports), joignable=Exists(accord))
        .select_related("decision")
        .order_by("-pk")
        .first()
    )


def pour_clinicien(dossier: Dossier, personne: Compte) -> Renouvellement | None:
    """Le dernier renouvellement proposé à ce clinicien dans ce dossier."""
    return (
        Renouvellement.objects.filter(decision__demande__dossier=dossier, clinicien=personne)
        .select_related("decision__demande", "demande")
        .order_by("-pk")
        .first()
    )


def qu_ouvre(demande: Demande) -> Renouvellement | None:
    """Le renouvellement dont cette demande est née; None pour toute autre demande."""
    if demande.type != Demande.Type.NOUVELLE:
        return None
    return Renouvellement.objects.filter(demande=demande).first()


def rapport_a_confirmer(renouvellement: Renouvellement) -> RapportMedical | None:
    """Le dernier rapport de la demande décidée, si le clinicien interrogé en est le signataire."""
    rapport = formulaires.dernier_rapport(renouvellement.decision.demande)
    if rapport is None or rapport.signataire_id != renouvellement.clinicien_id:
        return None
    return rapport


def peut_suivre(renouvellement: Renouvellement) -> bool:
    """Vrai si une demande peut encore suivre cette contrainte : rien de plus récent, et un dépôt est permis."""
    decidee = renouvellement.decision.demande
    plus_recente = Demande.objects.filter(dossier=decidee.dossier_id, rang__gt=decidee.rang).exists()
    en_vigueur = not lecture.est_renversee(renouvellement.decision)
    return en_vigueur and not plus_recente and decidee.etat in ETATS_PERMETTANT_UN_DEPOT


def clinicien_a_joindre(decision: Decision) -> Compte | None:
    """Signataire du dernier rapport, s'il peut être joint : compte actif, consentement vivant, dépôt permis."""
    rapport = (
        RapportMedical.objects.filter(demande=decision.demande)
        .select_related("signataire")
        .order_by("-version")
        .first()
    )
    if rapport is None or not rapport.signataire.is_active:
        return None
    if decision.demande.etat not in ETATS_PERMETTANT_UN_DEPOT:
        return None
    return rapport.signataire if consentement_vivant(decision.demande.dossier, JOINDRE) else None
