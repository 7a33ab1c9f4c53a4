"""Exemples fictifs de la galerie : chaque composant, dans ses états normal, vide, erreur et noms longs."""

from __future__ import annotations

BASES = {
    "calme": "base_prestataire.html",
    "vif": "base_clinicien.html",
    "dense": "base_personnel.html",
}
ETATS = ("normal", "vide", "erreur", "long")


def contexte(humeur: str, etat: str, donnees: object = None) -> dict[str, object]:
    """Rendre tout ce que `galerie.html` affiche."""
    return {"base": BASES[humeur], "humeur": humeur, "etat": etat}
