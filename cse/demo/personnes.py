"""Les prestataires fictifs, dans l'ordre où la page « Choisir une personne » les montre."""

from __future__ import annotations

from datetime import date
from random import Random

from cse.demo.recit import Personne
from dossiers.models import ALPHABET_REFERENCE
from referentiels.identifiants import cle_nam

PRENOMS = (
    "Rosaire", "Clémence", "Thaïs", "Léandre",
    "Mélusine", "Anselme", "Perpétue", "Basile", "Églantine", "Fulgence",
    "Garance", "Hyacinthe", "Isidore", "Jacinthe", "Lazare", "Marguerite", "Nérée", "Ombeline", "Placide", "Quitterie",
    "Rodrigue", "Solange", "Télesphore", "Ulric", "Victorine", "Wenceslas", "Ysabeau",
    "Zéphirin", "Aldéric", "Blandine",
    "Conrad", "Delphine",
    "Elzéar", "Fabienne", "Gédéon", "Honorine", "Ignace", "Josué", "Lisandre", "Modeste",
    "Noémie", "Olivine", "Prudent", "Renaude", "Siméon", "Tatiana", "Urbain", "Viviane", "Wilhelmine", "Yvon",
    "Zélie", "Amédée", "Bérénice", "Célestin", "Dorothée",
    "Émérentienne", "Ferdinand", "Gisèle", "Hormisdas", "Iphigénie",
    "Jérémie", "Kiran", "Laurette", "Mathurin", "Nolwenn", "Onésime", "Pélagie", "Rémi", "Séverine", "Théodule",
    "Ursuline", "Vital", "Winnie", "Xavier", "Yolaine", "Zacharie",
)  # fmt: skip
NOMS = (
    "Exemple", "Modèle-Gagné", "Fictif", "Spécimen-Côté", "Inventé", "Maquette-Roy", "Échantillon", "Gabarit",
    "Essai-Bouchard", "Factice", "Canevas-Lévesque", "Prototype", "Ébauche", "Croquis-Ouellet", "Figurant", "Hypothèse",
    "Illustration", "Brouillon-Morin", "Simulacre", "Personnage-Fortin", "Supposé", "Témoin-Fictif", "Imaginaire",
)  # fmt: skip
VILLES = ("Ville-Fictive", "Sainte-Invention", "Métropole-Fictive", "Port-Exemple")
REGIONS = tuple(f"{numero:02}" for numero in range(1, 18))
MOTIFS_ANGLAIS = ("Correspond en anglais depuis avant le 13 mai 2021", "Personne inuite ou d'une Première Nation")


def personne(rang: int) -> Personne:
    """Le prestataire de ce rang : nom, région, naissance, langue et canal toujours les mêmes."""
    alea = Random(f"personne-{rang}")  # noqa: S311 - personnages fictifs, voulus répétables
    anglais = rang % 11 == 6
    return Personne(
        prenom=PRENOMS[rang % len(PRENOMS)],
        nom=NOMS[(rang * 5 + rang // len(NOMS)) % len(NOMS)],
        region=REGIONS[(rang * 3) % len(REGIONS)],
        naissance=date(alea.randint(1962, 2004), alea.randint(1, 12), alea.randint(1, 28)),
        langue="en" if anglais else "fr",
        motif_langue=MOTIFS_ANGLAIS[rang % 2] if anglais else "",
        portail=rang % 4 != 3,
        ville=VILLES[rang % len(VILLES)],
    )


def reference(code: str) -> str:
    """Numéro de dossier d'un récit, toujours le même."""
    alea = Random(f"dossier-{code}")  # noqa: S311 - une référence n'est jamais un secret
    tires = "".join(alea.choice(ALPHABET_REFERENCE) for _ in range(8))
    return f"{tires[:4]}-{tires[4:]}"


def nam(naissance: date, lettres: str = "FICT") -> str:
    """NAM qui ne peut pas exister : son dernier chiffre n'est pas la clé attendue."""
    base = f"{lettres}{naissance:%y%m%d}9"
    return f"{base}{(cle_nam(base, naissance.year // 100) + 5) % 10}"


def nas(rang: int) -> str:
    """NAS qui ne peut pas exister : aucun ne commence par zéro."""
    return f"0{rang:08}"
