"""Deux dossiers d'une même personne, réunis : où mène l'ancien, ce que montre le gardé, ce que le chef compare."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse

from comptes.models import Compte
from correspondance.models import Lettre
from dossiers.acces import Droits
from dossiers.models import Consentement, Dossier, Mandat, Piece
from dossiers.recherche import chiffres, naissances_semblables, noms_semblables, sans_accent
from socle import horloge
from socle.composants import Cellule, Colonne, Groupe, Lien, Rangee, Tableau
from socle.dates_en_mots import date_moyenne

COLONNES = (Colonne("À comparer"), Colonne("Dossier en double"), Colonne("Dossier gardé"))


def garde_pour(dossier: Dossier, personne: Compte) -> Dossier | None:
    """Le dossier auquel celui-ci est réuni, si la personne peut le voir."""
    if dossier.fusionne_dans_id is None:
        return None
    visible: Dossier | None = Dossier.objects.visibles_par(personne).filter(pk=dossier.fusionne_dans_id).first()
    return visible


def liens(dossier: Dossier, droits: Droits) -> list[Lien]:
    """Les dossiers réunis à celui-ci, avec le chemin que la personne a le droit de suivre."""
    page = ""
    if droits.peut("dossier.fusionner"):
        page = "equipe_fusion"
    elif droits.peut("dossier.traiter"):
        page = "dossier_pieces"
    return [
        Lien(reference, reverse(page, args=[reference]) if page else "")
        for reference in getattr(dossier, "reunis_lus", ())
    ]


def _comptes() -> dict[str, Any]:
    """Titre de la ligne, et ce qui s'y compte dans chaque dossier."""
    return {
        "Pièces": Piece.objects.all(),
        "Lettres": Lettre.objects.filter(emise_le__isnull=False),
        "Mandats vivants": Mandat.objects.vivants(horloge.aujourd_hui()),
        "Consentements": Consentement.vivants(),
    }


def _ligne(titre: str, source: object, cible: object) -> Rangee:
    return Rangee((Cellule(titre), *(Cellule(str(une) if une else "—") for une in (source, cible))))


def _numero(dossier: Dossier) -> Cellule:
    """Le numéro, qui ouvre le dossier; celui d'un dossier déjà réuni ne mènerait qu'au dossier gardé."""
    reuni = dossier.fusionne_dans_id is not None
    return Cellule(dossier.reference, url="" if reuni else reverse("dossier_sommaire", args=[dossier.reference]))


def cote_a_cote(source: Dossier, cible: Dossier) -> Tableau:
    """Ce qui est dans chacun : assez pour reconnaître la personne et savoir ce qu'il faudra redemander."""

    def quand(dossier: Dossier) -> str:
        return date_moyenne(dossier.naissance) if dossier.naissance else ""

    def comptes(lignes: Any) -> tuple[int, int]:
        lus = dict(lignes.filter(dossier__in=(source, cible)).order_by().values_list("dossier").annotate(Count("pk")))
        return lus.get(source.pk, 0), lus.get(cible.pk, 0)

    rangees = [
        Rangee((Cellule("Numéro"), *(_numero(un) for un in (source, cible)))),
        _ligne("Nom", source.prestataire.nom_complet, cible.prestataire.nom_complet),
        _ligne("Naissance", quand(source), quand(cible)),
        _ligne("Téléphone", source.prestataire.telephone, cible.prestataire.telephone),
        _ligne("Statut", source.statut_public, cible.statut_public),
        _ligne("Agent", source.agent, cible.agent),
        *(_ligne(titre, *comptes(lignes)) for titre, lignes in _comptes().items()),
    ]
    return Tableau(COLONNES, [Groupe(rangees)], "Les deux dossiers, côte à côte.")


def ce_qui_se_ressemble(source: Dossier, cible: Dossier) -> list[str]:
    """Ce que les deux identités ont en commun, en mots."""
    raisons = [
        "même NAM" if source.nam_empreinte and source.nam_empreinte == cible.nam_empreinte else "",
        "même NAS" if source.nas_empreinte and source.nas_empreinte == cible.nas_empreinte else "",
        noms_semblables(source.cle_tri, cible.cle_tri),
        naissances_semblables(source.naissance, cible.naissance),
    ]
    un, autre = source.prestataire, cible.prestataire
    if chiffres(un.telephone) and chiffres(un.telephone) == chiffres(autre.telephone):
        raisons.append("même téléphone")
    if un.adresse and sans_accent(un.adresse) == sans_accent(autre.adresse):
        raisons.append("même adresse")
    return [une for une in raisons if une]
