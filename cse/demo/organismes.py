"""Le registre des organismes de la démonstration : une liste publique, avec sa source; personne n'y est rattaché.

Les comptes de la démonstration appartiennent à des organismes fictifs (`gens.py`) : aucune personne n'est prêtée à un
organisme réel.
"""

from __future__ import annotations

import csv
from pathlib import Path

from comptes.models import Organisme

LISTE = Path(__file__).with_name("organismes_rssmo.csv")
SOURCE = "Liste des organismes membres du RSSMO, mémoire public sur le projet de loi 71 (automne 2024); à vérifier"


def inscrire_organismes() -> int:
    """Inscrit ceux qui manquent; rend leur nombre. Rejouable sans effet."""
    connus = set(Organisme.objects.values_list("nom", flat=True))
    with LISTE.open(encoding="utf-8", newline="") as ouvert:
        lignes = [une for une in csv.DictReader(ouvert, delimiter=";") if une["nom"] not in connus]
    Organisme.objects.bulk_create(
        Organisme(**{champ: valeur or "" for champ, valeur in une.items()}, source=SOURCE) for une in lignes
    )
    return len(lignes)
