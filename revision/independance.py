"""Répondre d'abord, lire ensuite : ce qu'un réviseur ne lit pas avant d'avoir répondu à toutes les questions.

Fermé à l'écran seulement : la lettre de la décision révisée, ses raisons, les avis des évaluateurs, la lettre
d'une révision antérieure renvoyée par le Tribunal, qui les redit, et le cahier, qui les contient toutes.
Source : `ecrans-et-lettres.md` B5.4.
"""

from __future__ import annotations

from comptes.models import ROLES_DRRA, Compte
from correspondance.models import Lettre
from decisions.lettres import MODELES as LETTRES_DE_DECISION
from dossiers.models import Dossier
from evaluation.regles import questions_sans_reponse
from revision import lecture
from revision.models import BrouillonRevision, Revision, SignatureRevision


def complete(garde: BrouillonRevision | None) -> bool:
    """Vrai si chaque question de la loi a sa réponse dans ce brouillon.

    Une partie ne suffit pas : les réponses qui manquent suivraient la première décision.
    """
    return garde is not None and not questions_sans_reponse(garde.contenu.get("questions"))


def a_repondu(revision: Revision, personne: Compte) -> bool:
    """Vrai si cette personne a répondu à tout ou signé; ou si la révision est rendue ou quittée."""
    if not lecture.reste_a_rendre(revision):
        return True
    if complete(BrouillonRevision.objects.filter(revision=revision, auteur=personne).first()):
        return True
    vivantes = SignatureRevision.objects.filter(revision=revision, annulee_le__isnull=True)
    return vivantes.filter(signataire=personne).exists()


def lettres_retenues(dossier: Dossier, personne: Compte) -> frozenset[int]:
    """Les lettres de décision fermées à ce réviseur tant qu'il n'a pas répondu; vide pour tout autre rôle."""
    if personne.role not in ROLES_DRRA:
        return frozenset()
    revision = lecture.revision_du_reviseur(dossier, personne)
    if revision is None or a_repondu(revision, personne):
        return frozenset()
    modeles = (*LETTRES_DE_DECISION, *lecture.MODELES_DE_DECISION)
    return frozenset(Lettre.objects.filter(dossier=dossier, modele__in=modeles).values_list("pk", flat=True))
