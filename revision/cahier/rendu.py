"""Les pages que le cahier ajoute : couverture, index, textes, journal des accès, manifeste. Rendues par `socle.pdf`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from comptes.models import Compte, Role
from dossiers.histoire import LUS
from dossiers.models import Dossier
from evaluation.lecture_rapport import Section
from journal.models import Entree
from socle import pdf

# Lignes de journal par rendu : chacun reste loin des bornes du moteur.
LIGNES_PAR_RENDU = 400
HORS_DU_MINISTERE = frozenset({Role.CLINICIEN, Role.INTERVENANT, Role.REPRESENTANT})


def _page(gabarit: str, **contexte: Any) -> bytes:
    return pdf.rendre(render_to_string(f"revision/cahier/{gabarit}.html", contexte))


def texte(titre: str, auteur: str, le: datetime, sections: list[Section]) -> bytes:
    """Un document du dossier qui n'a pas de fichier : ses sections, en mots."""
    return _page("texte", titre=titre, auteur=auteur, le=le, sections=sections)


def lettre(titre: str, html: str) -> bytes:
    """Une lettre gardée sans PDF : sa version de lecture."""
    # S308 : le HTML gardé vient de nos gabarits, où tout texte est échappé; il est figé en base.
    return _page("lettre", titre=titre, article=mark_safe(html))  # noqa: S308


def avant(**contexte: Any) -> bytes:
    """La couverture et l'index."""
    return _page("avant", **contexte)


def manifeste(**contexte: Any) -> bytes:
    """Le manifeste des empreintes."""
    return _page("manifeste", **contexte)


def journal(dossier: Dossier, jusqu_a: datetime) -> list[bytes]:
    """Le journal des accès : qui a lu quoi et quand, du plus ancien au plus récent, en autant de rendus qu'il faut.

    Une personne hors du Ministère y est nommée par son rôle; un refus d'accès n'est pas un accès.
    """
    lues = (
        Entree.objects.filter(dossier=dossier, nature=Entree.Nature.CONSULTATION, instant__lte=jusqu_a)
        .select_related("acteur")
        .order_by("instant", "pk")
    )
    lignes = [(une.instant, _qui(une.acteur, une.role), _quoi(une.details)) for une in lues.iterator(2_000)]
    lots = [lignes[rang : rang + LIGNES_PAR_RENDU] for rang in range(0, len(lignes), LIGNES_PAR_RENDU)] or [[]]
    return [_page("journal", lignes=lot, rang=rang, lots=len(lots)) for rang, lot in enumerate(lots, 1)]


def _qui(acteur: Compte | None, role: str) -> str:
    if acteur is None or role == Role.SYSTEME:
        return "Le système"
    if role == Role.PRESTATAIRE:
        return "La personne"
    mot = str(Role(role).label) if role in Role.values else "Autre"
    return mot if role in HORS_DU_MINISTERE else f"{acteur.nom_complet}, {mot.lower()}"


def _quoi(details: dict[str, Any]) -> str:
    return LUS.get(str(details.get("quoi", "")), "Dossier consulté")
