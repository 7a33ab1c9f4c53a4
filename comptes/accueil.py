"""La première page de chaque rôle."""

from __future__ import annotations

from comptes.models import Role

PREMIERE_PAGE: dict[str, str] = {
    Role.PRESTATAIRE: "/suivi/",
    Role.AGENT: "/travail/",
    Role.CHEF_EQUIPE: "/equipe/",
    Role.MEDECIN_CSEMS: "/evaluation/",
    Role.SPECIALISTE_CSEMS: "/evaluation/",
    Role.MEDECIN_DRRA: "/revision/",
    Role.SPECIALISTE_DRRA: "/revision/",
    Role.CLINICIEN: "/clinique/",
    Role.INTERVENANT: "/organisme/",
    Role.REPRESENTANT: "/organisme/",
    Role.ADMINISTRATEUR: "/administration/",
}


def premiere_page(role: str) -> str:
    """Adresse de la première page du rôle; l'accessibilité pour un rôle sans espace."""
    return PREMIERE_PAGE.get(role, "/accessibilite/")
