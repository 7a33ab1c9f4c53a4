"""L'issue du Tribunal, et ce que le jugement change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from dossiers.forms import FormulaireGeste, zone
from dossiers.models import Piece
from dossiers.tribunal import ISSUES
from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.dates_en_mots import date_moyenne

PIECES_MAX = 50
CE_QUI_CHANGE_MAX = 2_000


class FormulaireIssueTaq(FormulaireGeste):
    """L'issue; le reste est facultatif."""

    issue = forms.ChoiceField(label="Quelle est l'issue?", choices=list(ISSUES.items()), widget=forms.RadioSelect)
    juge_le = ChampDate(label="Date du jugement", required=False, help_text="Facultatif.")
    ce_qui_change = zone(
        "Ce que le jugement change",
        requis=False,
        aide="Facultatif. Ce que le Tribunal décide, en mots simples.",
        maximum=CE_QUI_CHANGE_MAX,
    )
    date_effet = ChampDate(
        label="Date d'effet dite par le jugement", required=False, help_text="Facultatif. Laissez vide sinon."
    )
    piece = forms.ChoiceField(
        label="Pièce qui contient le jugement",
        required=False,
        help_text="Facultatif. Versez d'abord le jugement sous « Pièces », puis choisissez-le ici.",
    )

    def preparer(self) -> None:
        """Offre les pièces du dossier, la plus récente d'abord."""
        pieces = Piece.objects.filter(dossier=self.dossier).exclude(verification=Piece.Verification.REFUSEE)
        offertes = [
            (str(une.pk), f"{une.titre}, {date_moyenne(une.versee_le)}")
            for une in pieces.order_by("-versee_le", "-pk")[:PIECES_MAX]
        ]
        choix = self.fields["piece"]
        if isinstance(choix, forms.ChoiceField):
            choix.choices = [("", "Aucune pièce pour l'instant"), *offertes]

    def clean_juge_le(self) -> date | None:
        """Un jugement n'est pas à venir."""
        jour: date | None = self.cleaned_data["juge_le"]
        if jour and jour > horloge.aujourd_hui():
            raise forms.ValidationError("Cette date est dans l'avenir. Écrivez la date du jugement.")
        return jour

    def clean(self) -> dict[str, Any]:
        """Un renvoi ne change encore rien : sa date d'effet serait une erreur."""
        lues = super().clean() or self.cleaned_data
        if lues.get("issue") == "renvoi" and lues.get("date_effet"):
            self.add_error("date_effet", "Un renvoi n'a pas de date d'effet : la révision neuve la dira.")
        return lues
