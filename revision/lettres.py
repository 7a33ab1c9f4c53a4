"""Lettres de la révision : accusé, décision en révision, irrecevabilité, avis de recours direct."""

from __future__ import annotations

from typing import Any

from correspondance.models import Lettre
from correspondance.registre import ModeleLettre, inscrire
from decisions.lettres import contenu_decision
from dossiers.etats import Etat
from dossiers.lettres import contexte
from dossiers.models import Alerte, Demande
from revision import lecture
from revision.models import Revision
from socle import horloge

MODELES = {
    "accuse_revision": "Nous avons reçu votre demande de révision",
    "decision_confirmee": "La révision de votre dossier est terminée",
    "decision_modifiee": "La révision de votre dossier est terminée",
    "decision_infirmee": "La révision de votre dossier est terminée",
    "revision_irrecevable": "Votre demande de révision",
    "avis_recours_direct": "Vous pouvez vous adresser au Tribunal",
}
DE_DECISION = lecture.MODELES_DE_DECISION


def contenu_accuse(revision: Revision) -> dict[str, Any]:
    """Date de réception, délai de réponse, ce que la personne peut encore faire."""
    return {
        "recue_le": revision.recue_le.isoformat(),
        "hors_delai": lecture.hors_delai(revision),
        "recours_direct": lecture.recours_direct(revision).date.isoformat(),
    }


def contenu_revision(revision: Revision) -> dict[str, Any]:
    """Issue, ce qui diffère et pourquoi, les motifs en entier, les entrevues tenues."""
    entrevues = revision.entrevues.order_by("pk")
    return {
        "issue": revision.issue,
        "recevable": revision.recevable,
        "justification": revision.justification,
        "recue_le": revision.recue_le.isoformat(),
        "ce_qui_differe": revision.ce_qui_differe,
        "cause": revision.cause,
        "cause_libelle": revision.get_cause_display() if revision.cause else "",
        "date_effet": revision.date_effet.isoformat() if revision.date_effet else "",
        "entrevues": [
            {"le": horloge.jour_civil(entrevue.le).isoformat(), "mode": entrevue.mode} for entrevue in entrevues
        ],
        "decision": contenu_decision(revision.decision),
    }


def contenu_recours_direct(revision: Revision) -> dict[str, Any]:
    """Depuis quand la personne peut s'adresser au Tribunal, et pourquoi."""
    echeance = lecture.recours_direct(revision)
    return {
        "recue_le": revision.recue_le.isoformat(),
        "dernier_jour": echeance.date.isoformat(),
        "calcul": echeance.calcul,
    }


def contexte_revision(lettre: Lettre) -> dict[str, Any]:
    """Contenu figé, plus l'échéance au Tribunal que fixe la date d'émission."""
    return {**contexte(lettre), "echeance_taq": lecture.echeance_taq(lettre)}


def apres_emission(lettre: Lettre) -> None:
    """La décision en révision devient dite; ses alertes tombent."""
    revision = Revision.objects.select_related("demande").get(pk=lettre.cause_id)
    Demande.objects.filter(pk=revision.demande_id).update(revision_emise_le=lettre.jour_emission)
    Alerte.objects.filter(
        dossier_id=revision.demande.dossier_id,
        code__in=(Alerte.Code.JOUR_20, Alerte.Code.JOUR_75),
        close_le__isnull=True,
    ).update(close_le=lettre.emise_le)


def encore_en_revision(lettre: Lettre) -> bool:
    """L'avis de recours direct ne part plus si la révision a été rendue ou quittée entre-temps."""
    revision = Revision.objects.select_related("demande").get(pk=lettre.cause_id)
    return revision.est_ouverte and revision.demande.etat == Etat.EN_REVISION


def inscrire_modeles() -> None:
    """Inscrit les lettres de la révision au registre."""
    for code, sujet in MODELES.items():
        champs: dict[str, Any] = {"apres_emission": apres_emission} if code in DE_DECISION else {}
        if code == "avis_recours_direct":
            champs["encore_permis"] = encore_en_revision
        inscrire(
            ModeleLettre(code=code, gabarit=f"lettres/{code}.html", contexte=contexte_revision, sujet=sujet, **champs)
        )
