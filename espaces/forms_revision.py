"""Le dernier pas d'une demande de révision faite par la personne."""

from __future__ import annotations

from django import forms

from espaces.forms_suivi import ConfirmationForm


class DepotRevisionForm(ConfirmationForm):
    """Le jeton de l'envoi, et ce qui presse : une aide réduite de plus de la moitié (art. 114). Facultatif."""

    reduite = forms.BooleanField(
        label="La décision a coupé mon aide de plus de la moitié.",
        required=False,
        help_text="Si notre réponse tarde, votre aide pourrait être rétablie en attendant.",
    )
