"""Les scènes de l'épreuve d'accès : un dossier par état, entouré de tous ceux qui pourraient l'ouvrir."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from comptes.models import Compte, Organisme, Role
from dossiers.etats import Etat
from tests.fabriques import ROLES, Scene, scene

PORTEES = ["voir_etat", "repondre", "verser_pieces", "recevoir_lettres", "demander_revision"]
RETIRE = "consentement_retire"
ETATS = (str(Etat.RECUE), str(Etat.EN_EVALUATION), str(Etat.NON_RECONNUES), str(Etat.EN_REVISION), RETIRE)
# Au-delà des rôles de la fabrique : les liens morts, proposés, retirés, inactifs.
DE_PLUS = (
    "mandat_propose",
    "mandat_revoque",
    "mandat_expire",
    "mandat_etroit",
    "clinicien_decline",
    "reviseur_remplace",
    "autre_prestataire",
    "inactif",
)
PERSONNES = (*ROLES, *DE_PLUS)
ANONYME = "anonyme"


def _intervenant(cle: str, numero: str) -> Compte:
    return Compte.objects.create_user(
        email=f"{cle}.{numero}@exemple.invalid",
        prenom="Prénom",
        nom=cle.replace("_", " "),
        role=Role.INTERVENANT,
        organisme=Organisme.objects.create(nom=f"Organisme fictif {cle} {numero}"),
    )


def _mandater(jeu: Scene, cle: str, portees: list[str], fin: date) -> None:
    jeu.joue(cle, "proposer_mandat", portees=portees, jusqu_au=fin)
    jeu.joue("prestataire", "confirmer_mandat", intervenant=jeu[cle])


def _mandats(jeu: Scene) -> None:
    """Un mandat vivant et complet, un étroit, un proposé, un révoqué, un échu depuis hier."""
    loin = jeu.instant.date() + timedelta(days=200)
    _mandater(jeu, "ressource", PORTEES, loin)
    _mandater(jeu, "mandat_etroit", ["voir_etat"], loin)
    _mandater(jeu, "mandat_revoque", PORTEES, loin)
    jeu.joue("prestataire", "revoquer_mandat", intervenant=jeu["mandat_revoque"])
    _mandater(jeu, "mandat_expire", PORTEES, jeu.instant.date())
    jeu.joue("mandat_propose", "proposer_mandat", portees=PORTEES, jusqu_au=loin)
    jeu.attendre(days=1)


def _de_plus(jeu: Scene) -> None:
    """Les personnes que la fabrique ne connaît pas."""
    numero = jeu["agent"].nom
    for cle in ("mandat_propose", "mandat_revoque", "mandat_expire", "mandat_etroit"):
        jeu.personnes[cle] = _intervenant(cle, numero)
    for cle, role in (
        ("clinicien_decline", Role.CLINICIEN),
        ("reviseur_remplace", Role.MEDECIN_DRRA),
        ("autre_prestataire", Role.PRESTATAIRE),
        ("inactif", Role.AGENT),
    ):
        jeu.personnes[cle] = Compte.objects.create_user(
            email=f"{cle}.{numero}@exemple.invalid",
            prenom="Prénom",
            nom=cle.replace("_", " "),
            role=role,
            bureau=jeu["agent"].bureau if role == Role.AGENT else None,
        )
    admin = jeu["administrateur"]
    admin.is_staff = admin.is_superuser = True
    admin.save()


def construire(etat: str) -> Scene:
    """La scène d'un état, tous ses liens vivants et morts; l'heure est celle de son dernier acte."""
    return entourer(scene(Etat.RECUE if etat == RETIRE else etat), etat)


def entourer(jeu: Scene, etat: str = "") -> Scene:
    """Ajoute à une scène tous ceux qui pourraient l'ouvrir, et ceux qui ne le peuvent plus."""
    _de_plus(jeu)
    if etat == RETIRE:
        jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    elif jeu.demande.etat == Etat.RECUE:
        jeu.joue("agent", "inviter_clinicien", clinicien=jeu["clinicien_decline"])
        jeu.joue("clinicien_decline", "decliner_rapport", motif="Je ne connais pas cette personne.")
    if jeu.demande.etat == Etat.EN_REVISION:
        jeu.joue("chef_drra", "affecter_reviseur", medecin=jeu["reviseur_remplace"], specialiste=jeu["reviseuse"])
        jeu.joue("chef_drra", "affecter_reviseur", medecin=jeu["reviseur"], specialiste=jeu["reviseuse"])
    _mandats(jeu)
    Compte.objects.filter(pk=jeu["inactif"].pk).update(is_active=False)
    jeu["inactif"].refresh_from_db()
    jeu.dossier.refresh_from_db()
    return jeu


@contextmanager
def base_ouverte(blocker: Any) -> Iterator[None]:
    """La base, ouverte le temps d'un module et rendue comme elle était."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
