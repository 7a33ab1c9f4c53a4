"""Consulter : toute lecture passe par ici et laisse sa ligne; la personne concernée peut la voir."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comptes.models import Compte
from dossiers import acces
from dossiers.matrice import CONSULTATIONS
from dossiers.models import Dossier
from dossiers.porte import Contexte, acte
from journal.actes import consigner_plusieurs
from journal.models import Entree
from socle.refus import Refus

# Dans les `details` d'une signature : les documents que le signataire dit avoir lus sans les avoir ouverts ici.
ATTESTES = "attestes"


@acte("consulter", "sommaire.lire", consultation=True)
def consulter(ctx: Contexte, *, quoi: Any = None, document: Any = None) -> None:
    """Autorise et consigne une lecture. Ne répond que les refus de rang 1.

    `document` : la clé du document ouvert (« sr2100-12 »), sans titre ni contenu; il marque le non-lu.
    """
    droit = CONSULTATIONS.get(quoi) if isinstance(quoi, str) else None
    if droit is None:
        raise Refus("acces_refuse", champ="quoi")
    acces.exiger(ctx.acteur, droit, ctx.dossier)
    ctx.details |= _details(quoi, document if isinstance(document, str) else "")


def _details(quoi: str, document: str) -> dict[str, str]:
    return {"quoi": quoi, "document": document[:40]} if document else {"quoi": quoi}


def documents_ouverts(personne: Compte, dossier_id: int) -> set[str]:
    """Clés des documents que cette personne a déjà ouverts dans ce dossier, d'après le journal."""
    lignes = Entree.objects.filter(
        dossier_id=dossier_id,
        acteur=personne,
        nature=Entree.Nature.CONSULTATION,
        details__has_key="document",
    )
    return set(lignes.values_list("details__document", flat=True))


def documents_connus(personne: Compte, dossier_id: int) -> set[str]:
    """Clés des documents que cette personne a ouverts, ou dont elle a confirmé avoir pris connaissance en signant.

    Une confirmation n'est pas une ouverture : elle se lit dans les `details` de la signature, et « Qui a vu mon
    dossier » ne la montre pas.
    """
    signees = Entree.objects.filter(
        dossier_id=dossier_id, acteur=personne, nature=Entree.Nature.ACTE, details__has_key=ATTESTES
    )
    attestes = {cle for details in signees.values_list("details", flat=True) for cle in details[ATTESTES]}
    return documents_ouverts(personne, dossier_id) | attestes


def consigner_lectures(personne: Compte, dossier: Dossier, lues: Iterable[tuple[str, str]]) -> None:
    """Écrit, en une fois, une ligne par chose lue : (quoi, document); les droits sont déjà vérifiés."""
    demande = dossier.courante_lue
    consigner_plusieurs(
        "consulter",
        [_details(quoi, document) for quoi, document in lues],
        acteur=personne,
        dossier=dossier,
        nature=Entree.Nature.CONSULTATION,
        demande_id=demande.pk if demande else None,
        etat=str(demande.etat) if demande else "",
    )


def consigner_lecture(personne: Compte, dossier: Dossier, quoi: str, document: str = "") -> None:
    """Écrit la ligne d'une lecture dont les droits viennent d'être vérifiés par la page.

    La même ligne que l'acte `consulter`, sans relire le dossier ni les droits : une page ouverte en coûte une
    écriture.
    """
    consigner_lectures(personne, dossier, [(quoi, document)])
