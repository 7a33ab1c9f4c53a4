"""Lectures sur les comptes, sans écriture."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from comptes.models import Compte, Permis, Role
from referentiels import lecture as referentiels
from referentiels.droit import BORNES, CAS, regle_de_droit


def _valides(compte: Compte | OuterRef, le: date) -> QuerySet[Permis]:
    return (
        Permis.objects.filter(compte=compte)
        .filter(Q(du__isnull=True) | Q(du__lte=le))
        .filter(Q(expire_le__isnull=True) | Q(expire_le__gte=le))
        .order_by("-pk")
    )


def permis_valide(compte: Compte, le: date) -> Permis | None:
    """Permis valide du compte à la date donnée, ou None. Le jour d'expiration compte encore."""
    return _valides(compte, le).first()


def titre_au_permis(lien: str, le: date) -> Subquery:
    """Titre du permis valide du compte que nomme `lien`, pour annoter une requête; nul sans permis."""
    return Subquery(_valides(OuterRef(lien), le).values("titre")[:1])


def ne_signe_pas(compte: Compte, le: date) -> bool:
    """Vrai si le titre au compte est connu et ne signe pas de rapport; sans permis, rien n'est su."""
    permis = permis_valide(compte, le)
    return permis is not None and not referentiels.titre_autorise(permis.titre, le)


def permis_verifies(compte: Compte, le: date) -> QuerySet[Permis]:
    """Permis valides à cette date et vérifiés au plus tard ce jour-là."""
    return _valides(compte, le).filter(verifie_le__lte=le)


def permis_verifie(compte: Compte, le: date) -> Permis | None:
    """Permis valide à cette date et vérifié au plus tard ce jour-là, ou None."""
    return permis_verifies(compte, le).first()


@regle_de_droit(
    "signataire_du_rapport",
    "Titre et permis valides le jour de la signature",
    source="Manuel, sujet 42485; liste datée des titres",
    exige=(*BORNES, CAS),
)
def peut_signer_rapport(compte: Compte, le: date) -> bool:
    """Vrai si titre et permis du compte l'autorisent à signer un SR-2100 à la date du fait.

    Source : table datée des titres professionnels; manuel ministériel, sujet 42485.
    """
    if compte.role != Role.CLINICIEN:
        return False
    permis = permis_valide(compte, le)
    return permis is not None and referentiels.titre_autorise(permis.titre, le)


def compte_systeme() -> Compte:
    """Compte au nom duquel jouent les travaux planifiés."""
    compte, _ = Compte.objects.get_or_create(
        email=None, role=Role.SYSTEME, defaults={"nom": "Système", "is_active": False}
    )
    return compte
