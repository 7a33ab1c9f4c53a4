"""Remettre un code de suivi : par quel moyen, et ce qui attend déjà."""

from __future__ import annotations

from django import forms

from comptes import codes_suivi
from comptes.models import CodeSuivi
from dossiers.forms import FormulaireGeste
from socle import horloge


class FormulaireCodeSuivi(FormulaireGeste):
    """Le moyen; un code qui attend déjà est remplacé, et c'est dit avant."""

    moyen = forms.ChoiceField(
        label="Comment le lui remettre?",
        choices=CodeSuivi.Moyen.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment le remettre."},
    )

    def preparer(self) -> None:
        """Lit le code qui attend déjà."""
        self.attente = codes_suivi.vivant(self.dossier.prestataire, horloge.aujourd_hui())
