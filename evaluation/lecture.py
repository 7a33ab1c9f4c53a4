"""Lectures sur l'évaluation : avis courants, désaccord ouvert, évaluateurs saisis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comptes.models import Compte, Role
from decisions.actes.signature import QUALITES_SIGNATAIRES
from dossiers.models import Attribution, Demande
from evaluation import grille, regles
from evaluation.models import Avis, BrouillonAvis, Concertation, Metier

METIER_DU_ROLE = {Role.MEDECIN_CSEMS: Metier.MEDECIN, Role.SPECIALISTE_CSEMS: Metier.SPECIALISTE}


def metier(personne: Compte) -> str:
    """Métier d'un évaluateur du CSEMS."""
    return METIER_DU_ROLE[Role(personne.role)]


def titulaires(demande: Demande) -> list[Attribution]:
    """Évaluateurs saisis, hors tiers."""
    return list(
        Attribution.objects.filter(
            demande=demande, qualite=Attribution.Qualite.EVALUATEUR, au__isnull=True
        ).select_related("qui")
    )


def titulaire(demande: Demande, metier_cherche: str) -> Attribution | None:
    """Évaluateur saisi pour ce métier, s'il y en a un."""
    return next((une for une in titulaires(demande) if metier(une.qui) == metier_cherche), None)


def dernier_avis(demande: Demande, auteur: Compte) -> Avis | None:
    """Dernière version de l'avis de cette personne."""
    return Avis.objects.filter(demande=demande, auteur=auteur).order_by("-version").first()


def avis_courants(demande: Demande) -> list[Avis]:
    """Dernier avis de chaque personne, dans l'ordre où ils ont été rendus."""
    return avis_courants_de([demande])[demande.pk]


def avis_courants_de(demandes: Iterable[Demande]) -> dict[int, list[Avis]]:
    """Avis courants de chaque demande (clé : son numéro), lus en une requête."""
    return {pk: [versions[-1] for versions in avis] for pk, avis in versions_de(demandes).items()}


def versions_de(demandes: Iterable[Demande]) -> dict[int, list[list[Avis]]]:
    """Toutes les versions rendues de chaque demande, par auteur, la dernière à la fin; lues en une requête."""
    par_demande: dict[int, dict[int, list[Avis]]] = {demande.pk: {} for demande in demandes}
    rendus = Avis.objects.filter(demande__in=par_demande).select_related("auteur").order_by("version", "pk")
    for avis in rendus:
        par_demande[avis.demande_id].setdefault(avis.auteur_id, []).append(avis)
    return {pk: sorted(auteurs.values(), key=lambda avis: avis[-1].pk) for pk, auteurs in par_demande.items()}


def contenu_de_l_avis(avis: Avis | None) -> dict[str, Any]:
    """Un avis rendu, comme départ d'une nouvelle version; vide s'il n'y en a pas."""
    if avis is None:
        return {}
    return {
        "questions": avis.questions,
        "raisons": avis.raisons,
        "texte": "",
        "recommandation": avis.recommandation,
        "citations": avis.pieces_citees,
        "ancrages": avis.citations,
        "grille": grille.sans_les_mots(avis.grille),
    }


def lus(demande: Demande, courants: list[Avis] | None = None) -> list[regles.AvisLu]:
    """Avis courants, tels que les lisent les règles; `courants` : ceux que la page a déjà lus."""
    return [
        regles.AvisLu(
            auteur=avis.auteur.nom_complet,
            metier=avis.metier,
            tiers=avis.tiers,
            questions=avis.questions,
            texte=avis.texte,
            pieces_citees=tuple(avis.pieces_citees),
            recommandation=avis.recommandation,
            raisons=avis.raisons,
            grille=avis.grille,
        )
        for avis in (avis_courants(demande) if courants is None else courants)
    ]


def deux_avis_rendus(demande: Demande) -> bool:
    """Vrai si un évaluateur saisi de chaque métier a rendu son avis."""
    rendus = {metier(une.qui) for une in titulaires(demande) if dernier_avis(demande, une.qui)}
    return rendus == {Metier.MEDECIN, Metier.SPECIALISTE}


def desaccord_ouvert(demande: Demande) -> Concertation | None:
    """Dernier désaccord qu'aucun tiers avis n'est encore venu éclairer."""
    dernier = Concertation.objects.filter(demande=demande, accord=False).order_by("-pk").first()
    if dernier is None:
        return None
    eclaire = Avis.objects.filter(demande=demande, tiers=True, rendu_le__gte=dernier.le).exists()
    return None if eclaire else dernier


def saisi(demande: Demande, personne: Compte) -> Attribution | None:
    """Attribution vivante de cette personne comme évaluateur ou tiers de cette demande-ci."""
    return Attribution.objects.filter(
        demande=demande,
        qui=personne,
        qualite__in=QUALITES_SIGNATAIRES,
        au__isnull=True,
    ).first()


def brouillon(demande: Demande, auteur: Compte) -> BrouillonAvis | None:
    """Brouillon d'avis gardé par cette personne, s'il y en a un."""
    return BrouillonAvis.objects.filter(demande=demande, auteur=auteur).first()
