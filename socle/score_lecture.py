"""Le score de lecture d'un texte libre, en mesures à montrer : il informe, il ne bloque jamais."""

from __future__ import annotations

from socle import lisibilite
from socle.composants import Mesure


def mesures(texte: str) -> list[Mesure]:
    """Kandel–Moles, mots par phrase, plus longue phrase et LIX; vide si le texte n'a aucun mot."""
    try:
        lue = lisibilite.mesurer(texte)
    except ValueError:
        return []
    return [
        _mesure("Facilité de lecture", lue.kandel_moles, lisibilite.KANDEL_MOLES_MIN, plus=True),
        _mesure("Mots par phrase", lue.moyenne, lisibilite.MOYENNE_MAX),
        _mesure("La plus longue", lue.plus_longue, lisibilite.PHRASE_MAX),
        _mesure("Longueur des mots et des phrases", lue.lix, lisibilite.LIX_MAX),
    ]


def _mesure(nom: str, valeur: float, seuil: float, *, plus: bool = False) -> Mesure:
    atteint = round(valeur) >= seuil if plus else round(valeur) <= seuil
    return Mesure(nom, f"{valeur:.0f}", f"visé : {seuil:.0f} ou {'plus' if plus else 'moins'}", atteint)
