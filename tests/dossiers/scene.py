"""Une scène fictive pour éprouver les écrans : un bureau, des agents, une personne, son dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from comptes.models import Bureau, Compte, Organisme, Permis, Role
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Dossier
from dossiers.porte import executer

_rangs = count(1)
MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"
RAPPORT: dict[str, Any] = {
    "diagnostics": [{"libelle": "Cécité des deux yeux", "principal": True}],
    "limitations": [{"domaine": "sens", "niveau": "grave"}],
    "duree": {"type": "permanente"},
    "contrainte": "severe",
}


def compte(role: str, **champs: Any) -> Compte:
    """Un compte fictif."""
    rang = next(_rangs)
    if role == Role.INTERVENANT:
        champs.setdefault("organisme", Organisme.objects.get_or_create(nom="Organisme fictif des essais")[0])
    return Compte.objects.create_user(
        email=f"personne{rang}@exemple.invalid", prenom="Prénom", nom=f"Fictif-{rang}", role=role, **champs
    )


def client(qui: Compte) -> Client:
    """Navigateur ouvert au nom de cette personne."""
    navigateur = Client()
    navigateur.force_login(qui, backend=MOTEUR)
    return navigateur


@dataclass
class Scene:
    """Les acteurs d'un dossier."""

    bureau: Bureau
    agent: Compte
    clinicien: Compte
    dossier: Dossier

    def jouer(self, acte: str, par: Compte | None = None, **donnees: Any) -> Any:
        """Joue un acte, par l'agent si rien n'est dit."""
        resultat = executer(acte, acteur=par or self.agent, dossier=self.dossier, **donnees)
        self.dossier.refresh_from_db()
        return resultat

    def jusqu_a_complete(self, **rapport: Any) -> None:
        """Mène la demande jusqu'à « complète », avec un rapport médical et un SR-2105."""
        self.jouer("consentir", objet="joindre_clinicien")
        self.jouer("inviter_clinicien", clinicien=self.clinicien)
        self.jouer("signer_sr2100", par=self.clinicien, **{**RAPPORT, **rapport})
        self.jouer("deposer_sr2105", scolarite="5e secondaire")
        self.jouer("declarer_complet")


def autre_dossier(bureau: Bureau, agent: Compte, **champs: Any) -> Dossier:
    """Un dossier de plus dans le bureau, demande déposée par l'agent."""
    personne = compte(Role.PRESTATAIRE)
    dossier = ouvrir_dossier(personne, acteur=agent, bureau_id=bureau.pk, naissance=date(1980, 5, 5), **champs)
    executer("deposer_demande", acteur=agent, dossier=dossier, canal="telephone", type="initiale")
    dossier.refresh_from_db()
    return dossier


def monter() -> Scene:
    """Un bureau, un agent, un médecin au permis valide, un dossier dont la demande est reçue."""
    bureau = Bureau.objects.create(code=f"essai-{next(_rangs)}", nom="Bureau d'essai", region="06")
    agent = compte(Role.AGENT, bureau=bureau)
    clinicien = compte(Role.CLINICIEN)
    Permis.objects.create(compte=clinicien, titre="medecin", numero="12345")
    return Scene(bureau, agent, clinicien, autre_dossier(bureau, agent, nam="FICT80050599"))
