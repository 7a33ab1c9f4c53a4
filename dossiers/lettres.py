"""Lettres du dossier : contenu figé à la naissance, modèles inscrits au registre.

Le contenu ne porte que des faits du dossier, en données simples (textes, dates ISO, listes).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comptes.models import Compte, Role
from correspondance.models import Lettre
from correspondance.registre import ModeleLettre, inscrire, inscrire_copies
from dossiers.models import Demande, DemandeRenseignement, Mandat, Occasion
from referentiels import lecture as referentiels
from socle import horloge

SANS_COPIE = frozenset({"mandat_confirme"})


def elements_en_clair(codes: Iterable[str], le: Any) -> list[dict[str, str]]:
    """Éléments manquants en mots simples : quoi, pourquoi, qui peut le donner, un exemple."""
    lus = (referentiels.element(code, le) for code in codes)
    return [
        {
            "code": lu.code,
            "libelle": lu.libelle,
            "quoi": lu.quoi,
            "pourquoi": lu.pourquoi,
            "qui": lu.qui,
            "exemple": lu.exemple,
            "quoi_en": lu.quoi_en,
            "pourquoi_en": lu.pourquoi_en,
        }
        for lu in lus
    ]


def contenu_accuse_reception(demande: Demande) -> dict[str, Any]:
    """Date de réception, type, canal."""
    return {
        "recue_le": demande.jour_depot.isoformat(),
        "type": demande.type,
        "rang": demande.rang,
        "en_attente_de_revision": demande.ouverte_le is None,
    }


def contenu_demande_renseignement(faite: DemandeRenseignement) -> dict[str, Any]:
    """Ce qui manque, pourquoi, qui peut le donner; si la clinique a été jointe."""
    jour = horloge.jour_civil(faite.demandee_le)
    clinique = faite.destinataire.role == Role.CLINICIEN
    return {
        "elements": elements_en_clair(faite.elements, jour),
        "demande_le": jour.isoformat(),
        "a_la_clinique": clinique,
        "destinataire": faite.destinataire.nom_complet,
    }


def contenu_occasion(occasion: Occasion) -> dict[str, Any]:
    """Ce qui manque avant une décision qui pourrait être défavorable, et jusqu'à quand répondre."""
    jour = horloge.jour_civil(occasion.offerte_le)
    return {
        "elements": elements_en_clair(occasion.elements, jour),
        "offerte_le": jour.isoformat(),
        "jusqu_au": occasion.jusqu_au.isoformat(),
    }


def contenu_mandat(mandat: Mandat) -> dict[str, Any]:
    """Qui, pour qui, ce que le mandat permet et ne permet pas, ses dates."""
    jour = horloge.jour_civil(mandat.confirme_le) if mandat.confirme_le else mandat.jusqu_au
    portees = referentiels.portees(jour)
    permises = set(mandat.toutes_portees)
    return {
        "intervenant": mandat.intervenant.nom_complet,
        "organisme": mandat.intervenant.organisme.nom if mandat.intervenant.organisme else "",
        "prestataire": mandat.dossier.prestataire.nom_complet,
        "peut": [portee.libelle for portee in portees if portee.code in permises],
        "ne_peut_pas": [portee.libelle for portee in portees if portee.code not in permises],
        "du": jour.isoformat(),
        "jusqu_au": mandat.jusqu_au.isoformat(),
    }


def contenu_fermeture(demande: Demande) -> dict[str, Any]:
    """Pourquoi la demande se ferme, et comment en faire une autre."""
    jour = horloge.jour_civil(demande.fermee_le) if demande.fermee_le else demande.jour_depot
    return {"motif": demande.motif_fermeture, "fermee_le": jour.isoformat()}


def contexte(lettre: Lettre) -> dict[str, Any]:
    """Contexte du gabarit : le contenu figé, et rien d'autre."""
    return dict(lettre.contenu)


def copies(lettre: Lettre) -> list[Compte]:
    """Personnes-ressources dont un mandat vivant porte `recevoir_lettres` au jour de l'émission."""
    if lettre.modele in SANS_COPIE or lettre.destinataire_id != lettre.dossier.prestataire_id:
        return []
    jour = horloge.aujourd_hui()
    mandats = Mandat.objects.filter(
        dossier=lettre.dossier, confirme_le__isnull=False, revoque_le__isnull=True, jusqu_au__gte=jour
    ).select_related("intervenant")
    vus: dict[int, Compte] = {}
    for mandat in mandats.order_by("pk"):
        if "recevoir_lettres" in mandat.toutes_portees:
            vus.setdefault(mandat.intervenant_id, mandat.intervenant)
    return list(vus.values())


def inscrire_modeles() -> None:
    """Inscrit les modèles de cette app au registre; appelé une fois par `ready()`."""
    for code, sujet in (
        ("accuse_reception", "Nous avons reçu votre demande"),
        ("demande_renseignement", "Il nous manque un renseignement"),
        ("occasion", "Avant de décider : ce qui manque à votre dossier"),
        ("mandat_confirme", "Un mandat de personne-ressource est confirmé"),
        ("fermeture", "Votre demande est fermée"),
    ):
        inscrire(ModeleLettre(code=code, gabarit=f"lettres/{code}.html", contexte=contexte, sujet=sujet))
    inscrire_copies(copies)
