"""Une question à la clinique : la contrainte temporaire est-elle toujours valable ?"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from decisions import mois_temporaires
from decisions.models import Renouvellement
from dossiers.pages import FormulaireActe
from socle import horloge

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
    mois = forms.IntegerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jour = horloge.aujourd_hui()
        self.fields["mois"] = mois_temporaires.champ("Pour combien de mois de plus?", jour, requis=True)

    def clean(self) -> dict[str, Any]:
        """Les mois ne comptent que pour un oui; ailleurs, ce qui y est écrit ne bloque pas."""
        donnees = super().clean() or self.cleaned_data
        if donnees.get("reponse") != Renouvellement.Reponse.TOUJOURS:
            self.errors.pop("mois", None)
        return donnees
