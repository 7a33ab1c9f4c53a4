"""Formulaires du code de patient : le faire, l'entrer, en réimprimer la feuille."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers import codes
from dossiers.actes.codes import en_attente
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.forms import FormulaireGeste
from dossiers.pages import FormulaireActe
from socle import horloge

ILLISIBLE = "Un code a dix signes, chiffres et lettres, comme 7K2M9-XQ4TB. Comptez-les et corrigez."


class FormulaireCode(FormulaireGeste):
    """Faire un code : rien à écrire; ce qui l'empêche ou le remplace est dit avant."""

    par_lettre = forms.BooleanField(label="L'envoyer aussi par lettre à la personne", required=False)

    def preparer(self) -> None:
        """Lit l'accord de la personne et le code qui attend déjà."""
        if self.personne.pk == self.dossier.prestataire_id:
            self.fields["par_lettre"].label = "Me l'envoyer aussi par lettre"
        demande = self.dossier.courante_lue
        self.accord = consentement_vivant(self.dossier, JOINDRE)
        self.attente = en_attente(demande, horloge.aujourd_hui()) if demande is not None else None


class CodePatientForm(FormulaireActe):
    """Le code tel qu'écrit sur la feuille; un code illisible se dit ici, sans compter d'essai."""

    code = forms.CharField(
        label="Code patient",
        help_text="Les dix signes de la feuille. Minuscules, espaces et tirets sont acceptés.",
        max_length=codes.SAISIE_MAX,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
                "class": "saisie-code", "data-code-clinique": True,
            }
        ),
        error_messages={
            "required": "Entrez le code de la feuille.",
            "max_length": ILLISIBLE,
            "null_characters_not_allowed": ILLISIBLE,
        },
    )  # fmt: skip

    def clean_code(self) -> str:
        """Rend la saisie telle quelle; elle a la forme d'un code."""
        saisi: str = self.cleaned_data["code"]
        if codes.lire(saisi) is None:
            raise forms.ValidationError(ILLISIBLE)
        return saisi


class FeuilleForm(forms.Form):
    """Le code à réimprimer, porté par la page qui vient de le montrer."""

    code = forms.CharField(max_length=codes.SAISIE_MAX, widget=forms.HiddenInput)

    @classmethod
    def lu(cls, donnees: Any) -> str:
        """Le code envoyé, ou vide."""
        forme = cls(donnees)
        return forme.cleaned_data["code"] if forme.is_valid() else ""
