"""Une petite liste de codes, inventée pour les essais : aucun libellé n'y vient d'une liste officielle."""

from __future__ import annotations

from referentiels import actes
from referentiels.regles_codes import LigneCode
from socle import horloge

LIBELLES = {
    "Q10": "Trouble de la marche",
    "Q10.1": "Trouble de la marche, épisode actuel moyen",
    "Q10.2": "Épisode actuel de trouble de la marche",
    "Q11.0": "Lombalgie d'essai",
    "Q12.5": "Fibromyalgie d'essai",
    "Q13": "État de stress d'essai",
    "Q14.1": "Dépressif récurrent, d'essai",
    "Q15.0": "Œdème de l'essai",
    "Q16": "Zona d'essai",
}


def charger(source: str = "inventée", **de_plus: str) -> None:
    """Met la liste en vigueur aujourd'hui, avec les codes de plus."""
    lignes = [LigneCode(code, libelle) for code, libelle in {**LIBELLES, **de_plus}.items()]
    lignes.append(LigneCode("Q99", libelle_en="Trial walking disorder"))
    actes.importer_codes(lignes, liste="Liste d'essai", source=source, du=horloge.aujourd_hui())
