"""Une question à la clinique : la contrainte temporaire est-elle toujours valable ?"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from decisions.models import Renouvellement
from dossiers.pages import FormulaireActe

CHANGE = "change"
REPONSES = (
    (Renouvellement.Reponse.TOUJOURS, "Oui, rien n'a changé"),
    (CHANGE, "Les limitations ont changé\u00a0: je remplis un nouveau rapport"),
    (Renouvellement.Reponse.A_REVOIR, "Je dois d'abord revoir la personne"),
    (Renouvellement.Reponse.PLUS_SUIVIE, "Je ne suis plus cette personne"),
    (Renouvellement.Reponse.TERMINEE, "Non, la contrainte est terminée"),
)


class ToujoursValableForm(FormulaireActe):
    """La réponse, et les mois si elle est oui."""

    champs_acte: ClassVar = {"raison": "reponse"}
    use_required_attribute = False

    reponse = forms.ChoiceField(
        label="La contrainte temporaire est-elle toujours valable?",
        choices=REPONSES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "Choisissez une des réponses de la liste.",
        },
    )
    mois = forms.IntegerField(
        label="Pour combien de mois de plus?",
        min_value=1,
        max_value=1200,
        error_messages={
            "required": "Écrivez pour combien de mois.",
            "invalid": "Écrivez un nombre de mois, par exemple 4.",
            "min_value": "Écrivez au moins 1 mois.",
            "max_value": "Ce nombre de mois est trop grand. Vérifiez-le.",
        },
    )

    def clean(self) -> dict[str, Any]:
        """Les mois ne comptent que pour un oui; ailleurs, ce qui y est écrit ne bloque pas."""
        donnees = super().clean() or self.cleaned_data
        if donnees.get("reponse") != Renouvellement.Reponse.TOUJOURS:
            self.errors.pop("mois", None)
        return donnees
