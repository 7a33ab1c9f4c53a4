"""Lectures sur les décisions : lettre, émission, dernière en vigueur, retours lisibles."""

from __future__ import annotations

from collections.abc import Callable

from comptes.models import Compte
from correspondance.models import Lettre
from decisions.models import Decision, Issue, ProjetDecision, RetourClinicien, Signature
from dossiers.actes.consentements import COMMUNIQUER, consentement_vivant
from dossiers.etats import Voie
from dossiers.models import Demande

CAUSE = "decisions.decision"
LETTRE_PAR_ISSUE = {Issue.RECONNUE: "acceptation", Issue.TEMPORAIRE: "contrainte_temporaire"}


RENVERSEMENTS: list[Callable[[Decision], bool]] = []


def inscrire_renversement(fonction: Callable[[Decision], bool]) -> None:
    """Déclare qui sait dire qu'une décision a été modifiée ou infirmée (`revision`, dans `ready()`)."""
    if fonction not in RENVERSEMENTS:
        RENVERSEMENTS.append(fonction)


def est_renversee(decision: Decision) -> bool:
    """Vrai si une révision ou le Tribunal a modifié ou infirmé cette décision."""
    return any(fonction(decision) for fonction in RENVERSEMENTS)


def decision_scellee(demande: Demande) -> Decision | None:
    """La décision initiale signée de la demande, ou None."""
    return Decision.objects.filter(demande=demande, scellee_le__isnull=False).first()


def decision_du_tour(demande: Demande) -> Decision | None:
    """La décision que l'on est en train de signer, ou celle qui l'a été à ce tour."""
    return Decision.objects.filter(demande=demande, tour=demande.tour).first()


def refus_evalue_avant(demande: Demande) -> Decision | None:
    """Dernier refus évalué du dossier avant cette demande : ses raisons valent encore quand on le reconduit."""
    return (
        Decision.objects.filter(
            demande__dossier=demande.dossier_id,
            demande__rang__lt=demande.rang,
            scellee_le__isnull=False,
            issue=Issue.NON_RECONNUE,
        )
        .exclude(voie=Voie.RECONDUITE)
        .select_related("demande__dossier", "projet")
        .order_by("-pk")
        .first()
    )


def projet_du_tour(demande: Demande) -> ProjetDecision | None:
    """Le projet figé que l'on signe à ce tour, ou None."""
    return ProjetDecision.objects.filter(demande=demande, tour=demande.tour).order_by("-pk").first()


def lettre_de(decision: Decision) -> Lettre | None:
    """La lettre, émise ou non, qui porte cette décision."""
    return Lettre.objects.filter(
        cause_type=CAUSE, cause_id=decision.pk, copie_de__isnull=True, emise_le__isnull=False
    ).first()


def signatures_vivantes(decision: Decision) -> list[Signature]:
    """Signatures non annulées, dans l'ordre; aucune pour une décision qui n'est pas encore écrite."""
    if decision._state.adding:
        return []
    return list(decision.signatures.filter(annulee_le__isnull=True).select_related("signataire").order_by("pk"))


def a_signe(demande: Demande, personne: Compte) -> bool:
    """Vrai si la personne a déjà signé la décision de cette demande (tour en cours, ou décision scellée)."""
    return (
        Signature.objects.filter(decision__demande=demande, signataire=personne, annulee_le__isnull=True)
        .filter(decision__tour=demande.tour)
        .exists()
    )


def retours_lisibles(demande: Demande) -> list[RetourClinicien]:
    """Retours de la demande que leurs destinataires peuvent lire en ce moment."""
    if not consentement_vivant(demande.dossier, COMMUNIQUER):
        return []
    return list(RetourClinicien.objects.filter(decision__demande=demande).order_by("pk"))
