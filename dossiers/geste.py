"""Ce qu'est un geste : l'acte joué, le droit lu, le formulaire, les mots, et quand il s'offre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dossiers import forms
from dossiers.faits import FaitsDossier

Condition = Callable[[FaitsDossier], bool]


@dataclass(frozen=True)
class Geste:
    """Un geste : `ou` dit dans quelles pages il s'offre; `etats` vide, dans tout état."""

    code: str
    acte: str
    droit: str
    formulaire: type[forms.FormulaireGeste]
    titre: str
    bouton: str
    succes: str
    intro: str = ""
    etats: tuple[str, ...] = ()
    condition: Condition | None = None
    ou: tuple[str, ...] = ("sommaire",)
    interruption: str = ""
    roles: frozenset[str] = frozenset()
    sans_demande: bool = False
    # Page propre au geste; elle montre aussi ce que l'acte a rendu, au lieu de revenir au sommaire.
    gabarit: str = ""
    # Où aller ensuite, quand la personne ne peut plus ouvrir le dossier; vide : au sommaire.
    ensuite: str = ""
