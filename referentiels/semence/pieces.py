"""Ce qui borne les fichiers reçus : fraîcheur de l'antivirus, garde des originaux, quantité d'un jour."""

from typing import Any

from .regles import _regle

PIECES: list[dict[str, Any]] = [
    _regle(
        "antivirus_signatures_heures",
        24,
        "heures",
        "Âge des signatures de l'antivirus au-delà duquel aucun fichier n'est jugé",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "quarantaine_jours",
        30,
        "jours civils",
        "Garde d'un fichier tel que reçu, une fois jugé; sa copie vérifiée reste",
        "Choix de conception",
        "choix",
    ),
    _regle(
        "depot_quota_mo_jour", 200, "Mo", "Fichiers qu'une personne envoie en un jour", "Choix de conception", "choix"
    ),
    _regle(
        "depot_quota_mo_jour_personnel",
        2000,
        "Mo",
        "Fichiers qu'un membre du personnel verse en un jour, numérisation comprise",
        "Choix de conception",
        "choix",
    ),
]
