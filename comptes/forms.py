"""Formulaires de connexion et de comptes."""

from __future__ import annotations

from django import forms

from socle.champs_formulaire import ChampDate


class CodeRecuForm(forms.Form):
    """Le code à usage unique reçu par la personne; les espaces et tirets ne comptent pas."""

    code = forms.CharField(
        label="Votre code à 8 chiffres",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Écrivez le code que vous avez reçu."},
    )

    def clean_code(self) -> str:
        """Garder les chiffres; il en faut huit."""
        chiffres = "".join(signe for signe in self.cleaned_data["code"] if signe.isascii() and signe.isdigit())
        if len(chiffres) != 8:
            raise forms.ValidationError("Le code a 8 chiffres. Écrivez-les tous.")
        return chiffres


class AccesSuiviForm(forms.Form):
    """Numéro de dossier et date de naissance; ni l'un ni l'autre n'ouvre rien seul."""

    reference = forms.CharField(
        label="Votre numéro de dossier",
        help_text="Il est en haut de nos lettres. Par exemple : 8F3K-2M7Q.",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Écrivez votre numéro de dossier."},
    )
    naissance = ChampDate(label="Votre date de naissance", naissance=True)

    def clean_reference(self) -> str:
        """Huit signes, avec ou sans tiret, en majuscules ou non."""
        signes = "".join(
            signe for signe in self.cleaned_data["reference"].upper() if signe.isascii() and signe.isalnum()
        )
        if len(signes) != 8:
            raise forms.ValidationError("Le numéro de dossier a 8 signes, par exemple 8F3K-2M7Q.")
        return f"{signes[:4]}-{signes[4:]}"
