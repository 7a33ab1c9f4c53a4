"""Les actes sur les comptes : créer, fermer, rouvrir, remettre le second facteur à zéro; lieux et permis.

Chacun laisse une ligne au journal, sans nom ni courriel. Source : `ecrans-et-lettres.md` B9.2, B9.3; `epreuves.md` A04.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from comptes.models import CREABLES, Bureau, Clinique, Compte, Organisme, Permis, Role, Unite
from comptes.seances import fermer_toutes
from journal.actes import consigner
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

AVEC_BUREAU = frozenset({Role.AGENT})
_departs: list[Callable[[Compte], int]] = []


def inscrire_depart(suite: Callable[[Compte], int]) -> None:
    """Déclare ce qui suit le départ d'un organisme (finir des mandats). Appelé dans `ready()`."""
    if suite not in _departs:
        _departs.append(suite)


def _exiger_administrateur(acteur: Compte) -> None:
    if acteur.role != Role.ADMINISTRATEUR or not acteur.is_active:
        raise Refus("acces_refuse", "Seule l'administration change les comptes.")


@transaction.atomic
def creer_compte(
    acteur: Compte,
    *,
    prenom: str,
    nom: str,
    email: str,
    role: str,
    unite: str = "",
    bureau: Bureau | None = None,
    organisme: Organisme | None = None,
    clinique: Clinique | None = None,
) -> Compte:
    """Crée un compte sans mot de passe : la personne le choisit par « Mot de passe oublié ».

    `champ_manquant` si le rôle exige un lieu ou une unité; `champ_invalide` si le courriel sert déjà.
    """
    _exiger_administrateur(acteur)
    if role not in CREABLES:
        raise Refus("champ_invalide", "Choisissez un rôle de la liste.", champ="role")
    chef = role == Role.CHEF_EQUIPE
    if chef and unite not in Unite.values:
        raise Refus("champ_manquant", "Choisissez l'unité de ce chef d'équipe.", champ="unite")
    if (role in AVEC_BUREAU or (chef and unite == Unite.BUREAU)) and bureau is None:
        raise Refus("champ_manquant", "Choisissez le bureau.", champ="bureau")
    if role == Role.INTERVENANT and organisme is None:
        raise Refus("champ_manquant", "Choisissez l'organisme.", champ="organisme")
    if Compte.objects.filter(email__iexact=email).exists():
        raise Refus("champ_invalide", "Un compte a déjà ce courriel.", champ="email")
    try:
        with transaction.atomic():
            compte = Compte.objects.create_user(
                email,
                prenom=prenom,
                nom=nom,
                role=role,
                unite=unite if chef else "",
                bureau=bureau if role in AVEC_BUREAU or chef else None,
                organisme=organisme if role == Role.INTERVENANT else None,
                clinique=clinique if role == Role.CLINICIEN else None,
                is_staff=role == Role.ADMINISTRATEUR,
            )
    except IntegrityError as erreur:
        raise Refus("champ_invalide", "Un compte a déjà ce courriel.", champ="email") from erreur
    consigner("creer_compte", acteur=acteur, details={"compte": compte.pk, "role": role})
    return compte


@transaction.atomic
def desactiver_compte(acteur: Compte, compte: Compte) -> None:
    """Ferme un compte et toutes ses séances. Le dernier administrateur actif ne se ferme pas."""
    _exiger_administrateur(acteur)
    # Verrou de tous les administrateurs : deux fermetures croisées n'en laisseraient aucun.
    actifs = list(
        Compte.objects.select_for_update(of=("self",))
        .filter(role=Role.ADMINISTRATEUR, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if actifs == [compte.pk]:
        raise Refus("etat_interdit", "C'est le dernier administrateur : créez-en un autre avant de fermer ce compte.")
    if compte.role == Role.SYSTEME or not Compte.objects.filter(pk=compte.pk, is_active=True).exists():
        raise Refus("etat_interdit", "Ce compte est déjà fermé.")
    Compte.objects.filter(pk=compte.pk).update(is_active=False)
    seances = fermer_toutes(compte)
    consigner("desactiver_compte", acteur=acteur, details={"compte": compte.pk, "seances": seances})


@transaction.atomic
def reactiver_compte(acteur: Compte, compte: Compte) -> None:
    """Rouvre un compte fermé."""
    _exiger_administrateur(acteur)
    if compte.role == Role.SYSTEME or not Compte.objects.filter(pk=compte.pk, is_active=False).exists():
        raise Refus("etat_interdit", "Ce compte est déjà ouvert.")
    Compte.objects.filter(pk=compte.pk).update(is_active=True)
    consigner("reactiver_compte", acteur=acteur, details={"compte": compte.pk})


def retirer_de_l_organisme(acteur: Compte, compte: Compte) -> None:
    """Retire une personne-ressource de son organisme : accès et séances fermés à l'instant, mandats finis.

    Permis à l'administration, et au gestionnaire du même organisme. Ses mandats se passent à un collègue avant.
    """
    with transaction.atomic():
        vise = Compte.objects.select_for_update(of=("self",)).get(pk=compte.pk)
        _exiger_gestion(acteur, vise)
        if vise.role != Role.INTERVENANT or vise.organisme_id is None:
            raise Refus("etat_interdit", "Cette personne n'est d'aucun organisme.")
        if vise.pk == acteur.pk:
            raise Refus("acces_refuse", "Demandez à l'administration de vous retirer.")
        quitte = vise.organisme_id
        Compte.objects.filter(pk=vise.pk).update(organisme=None, gestionnaire_organisme=False)
        seances = fermer_toutes(vise)
        consigner(
            "retirer_de_l_organisme",
            acteur=acteur,
            details={"compte": vise.pk, "organisme": quitte, "seances": seances},
        )
    for suite in _departs:
        suite(vise)


@transaction.atomic
def inscrire_collegue(acteur: Compte, *, prenom: str, nom: str, email: str) -> Compte:
    """Le gestionnaire d'un organisme y inscrit une personne-ressource; elle choisit son mot de passe elle-même."""
    if not acteur.is_active or not acteur.gestionnaire_organisme or acteur.organisme_id is None:
        raise Refus("acces_refuse", "Seul le gestionnaire d'un organisme y inscrit quelqu'un.")
    if Compte.objects.filter(email__iexact=email).exists():
        raise Refus("champ_invalide", "Un compte a déjà ce courriel. L'administration peut vous aider.", champ="email")
    compte = Compte.objects.create_user(
        email, prenom=prenom, nom=nom, role=Role.INTERVENANT, organisme_id=acteur.organisme_id
    )
    consigner("creer_compte", acteur=acteur, details={"compte": compte.pk, "role": Role.INTERVENANT})
    return compte


def _exiger_gestion(acteur: Compte, vise: Compte) -> None:
    """L'administration, ou qui gère l'organisme de cette personne."""
    gere = acteur.is_active and acteur.gestionnaire_organisme and acteur.organisme_id == vise.organisme_id is not None
    if not gere:
        _exiger_administrateur(acteur)


@transaction.atomic
def changer_gestionnaire(acteur: Compte, compte: Compte) -> None:
    """Nomme une personne-ressource gestionnaire de son organisme, ou lui retire ce rôle."""
    _exiger_administrateur(acteur)
    vise = Compte.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    if vise.role != Role.INTERVENANT or vise.organisme_id is None:
        raise Refus("etat_interdit", "Un gestionnaire est une personne-ressource d'un organisme.")
    Compte.objects.filter(pk=vise.pk).update(gestionnaire_organisme=not vise.gestionnaire_organisme)
    details = {"compte": vise.pk, "gestionnaire": not vise.gestionnaire_organisme}
    consigner("changer_gestionnaire", acteur=acteur, details=details)


@transaction.atomic
def retirer_second_facteur(acteur: Compte, compte: Compte) -> None:
    """Remet le second facteur à zéro; la personne en pose un neuf à sa prochaine connexion."""
    _exiger_administrateur(acteur)
    if acteur.pk == compte.pk:
        raise Refus("acces_refuse", "Demandez à une autre personne de l'administration.")
    if not Authenticator.objects.filter(user=compte).exists():
        raise Refus("etat_interdit", "Ce compte n'a pas de second facteur.")
    Authenticator.objects.filter(user=compte).delete()
    fermer_toutes(compte)
    consigner("retirer_second_facteur", acteur=acteur, details={"compte": compte.pk})


@transaction.atomic
def ajouter_permis(
    acteur: Compte, compte: Compte, *, titre: str, numero: str, province: str = "QC", expire_le: date | None = None
) -> Permis:
    """Inscrit le titre et le permis d'un professionnel de la santé."""
    _exiger_administrateur(acteur)
    if compte.role != Role.CLINICIEN:
        raise Refus("champ_invalide", "Un permis va à un professionnel de la santé.")
    jour = horloge.aujourd_hui()
    if referentiels.titre(titre, jour) is None:
        raise Refus("champ_invalide", "Choisissez un titre de la liste.", champ="titre")
    permis = Permis.objects.create(
        compte=compte, titre=titre, numero=numero, province=province, verifie_le=jour, du=jour, expire_le=expire_le
    )
    consigner("ajouter_permis", acteur=acteur, details={"compte": compte.pk, "permis": permis.pk})
    return permis


@transaction.atomic
def creer_lieu(acteur: Compte, modele: type[Bureau | Organisme | Clinique], **champs: Any) -> Any:
    """Inscrit un bureau, un organisme ou une clinique."""
    _exiger_administrateur(acteur)
    try:
        with transaction.atomic():
            lieu = modele.objects.create(**champs)
    except IntegrityError as erreur:
        raise Refus("champ_invalide", "Ce lieu est déjà inscrit.", champ="nom") from erreur
    consigner("creer_lieu", acteur=acteur, details={"genre": modele._meta.model_name, "lieu": lieu.pk})
    return lieu


def creer_prestataire(acteur: Compte, *, prenom: str, nom: str, **coordonnees: Any) -> Compte:
    """Crée le compte d'une personne qui demande, sans mot de passe : elle entre par un code à usage unique.

    `coordonnees` : langue, motif_langue, telephone, telephone_texto, adresse, email, canal_prefere.
    """
    courriel = coordonnees.pop("email", None) or None
    compte = Compte.objects.create_user(email=courriel, prenom=prenom, nom=nom, role=Role.PRESTATAIRE, **coordonnees)
    consigner("creer_prestataire", acteur=acteur, details={"compte": compte.pk})
    return compte
