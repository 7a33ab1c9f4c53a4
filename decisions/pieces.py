"""Ce qui a été lu pour décider : rapports, réponses et pièces, chacun avec son titre, son auteur et sa date.

Le contenu est figé dans la lettre : données simples, en français et en anglais.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from comptes.models import Role
from dossiers.models import Demande, DemandeRenseignement, Occasion, Piece
from formulaires.models import SR2105, RapportMedical, Substitut
from socle import horloge

Ligne = tuple[date, dict[str, Any]]


def _ligne(le: date, titre: str, titre_en: str, auteur: Any = None) -> Ligne:
    de_la_personne = auteur is not None and auteur.role == Role.PRESTATAIRE
    return le, {
        "titre": titre,
        "titre_en": titre_en,
        "auteur": auteur.nom_complet if auteur is not None else "",
        "de_la_personne": de_la_personne,
        "date": le.isoformat(),
    }


def _rapports(demande: Demande) -> Iterator[Ligne]:
    for rapport in RapportMedical.objects.filter(demande=demande).select_related("signataire"):
        suite = f", version {rapport.version}" if rapport.version > 1 else ""
        yield _ligne(
            rapport.signe_le,
            f"Rapport médical (SR-2100){suite}",
            f"Medical report (SR-2100){suite}",
            rapport.signataire,
        )
    for substitut in Substitut.objects.filter(demande=demande):
        autre = substitut.nature == Substitut.Nature.AUTRE_ORGANISME
        anglais = "Report made for another organization" if autre else "Exemption"
        yield _ligne(substitut.date, substitut.get_nature_display(), anglais)


def _reponses(demande: Demande) -> Iterator[Ligne]:
    prestataire = demande.dossier.prestataire
    derniere = SR2105.objects.filter(dossier=demande.dossier).order_by("-version").first()
    if derniere is not None:
        jour = horloge.jour_civil(derniere.depose_le)
        yield _ligne(jour, "Vos renseignements (SR-2105)", "Your information (SR-2105)", prestataire)
    donnees = DemandeRenseignement.objects.filter(demande=demande, repondue_le__isnull=False)
    for faite in donnees.exclude(destinataire__role=Role.CLINICIEN).select_related("destinataire"):
        if faite.repondue_le:
            jour = horloge.jour_civil(faite.repondue_le)
            yield _ligne(jour, "Réponse à notre question", "Answer to our question", faite.destinataire)
    for occasion in Occasion.objects.filter(demande=demande, repondue_le__isnull=False):
        if occasion.repondue_le:
            jour = horloge.jour_civil(occasion.repondue_le)
            yield _ligne(jour, "Votre réponse avant la décision", "Your answer before the decision", prestataire)


def _pieces(demande: Demande) -> Iterator[Ligne]:
    versees = Piece.objects.filter(dossier=demande.dossier).exclude(verification=Piece.Verification.REFUSEE)
    for piece in versees.select_related("versee_par"):
        yield _ligne(horloge.jour_civil(piece.versee_le), piece.titre, "", piece.versee_par)


def pieces_lues(demande: Demande) -> list[dict[str, Any]]:
    """Tout ce qui a été lu, du plus ancien au plus récent : `titre`, `auteur`, `de_la_personne`, `date`."""
    lignes = [*_rapports(demande), *_reponses(demande), *_pieces(demande)]
    return [ligne for _, ligne in sorted(lignes, key=lambda paire: paire[0])]
