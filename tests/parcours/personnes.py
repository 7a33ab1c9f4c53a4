"""Les personnes fictives du parcours : un bureau, une clinique, un organisme, le centre d'évaluation, la révision."""

from __future__ import annotations

from typing import Any

from comptes.models import Bureau, Clinique, Compte, Organisme, Permis, Role

MOT_DE_PASSE = "Rivière-Épinette-Boréale-7"
ROLES: dict[str, tuple[str, str, str]] = {
    "agent": (Role.AGENT, "Agathe", "Maquette"),
    "clinicien": (Role.CLINICIEN, "Clément", "Prototype"),
    "medecin": (Role.MEDECIN_CSEMS, "Marius", "Esquisse"),
    "specialiste": (Role.SPECIALISTE_CSEMS, "Sylvie", "Gabarit"),
    "ressource": (Role.INTERVENANT, "Inès", "Canevas"),
    "chef": (Role.CHEF_EQUIPE, "Charles", "Modèle"),
    "reviseur": (Role.MEDECIN_DRRA, "Raoul", "Épreuve"),
    "reviseuse": (Role.SPECIALISTE_DRRA, "Rita", "Brouillon"),
}


def installer() -> dict[str, Compte]:
    """Créer les comptes et leurs lieux; rend chacun sous sa clé."""
    bureau = Bureau.objects.create(code="parcours", nom="Bureau fictif du Parcours", region="06")
    lieux: dict[Role, dict[str, Any]] = {
        Role.AGENT: {"bureau": bureau},
        Role.CLINICIEN: {"clinique": Clinique.objects.create(nom="Clinique fictive des Essais")},
        Role.INTERVENANT: {"organisme": Organisme.objects.create(nom="Organisme fictif du Coin")},
        Role.CHEF_EQUIPE: {"unite": "drra"},
    }
    personnes = {
        cle: Compte.objects.create_user(
            f"{cle}@exemple.invalid", MOT_DE_PASSE, prenom=prenom, nom=nom, role=role, **lieux.get(Role(role), {})
        )
        for cle, (role, prenom, nom) in ROLES.items()
    }
    Permis.objects.create(compte=personnes["clinicien"], titre="medecin", numero="00000")
    return personnes
