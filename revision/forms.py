"""Formulaires de la révision."""

from __future__ import annotations

from typing import Any

from django import forms

from decisions import effet
from decisions.forms_csems import champ_texte
from dossiers.pages import FormulaireActe
from evaluation.forms import GrilleForm
from evaluation.limites import raison_max
from revision.actes.desaccords import TEXTE_MAX
from revision.actes.entrevues import MINUTES_MAX, MINUTES_MIN
from revision.models import Revision
from socle import horloge
from socle.champs_formulaire import ChampDate

MODES = (
    ("Par téléphone", "Par téléphone"),
    ("En personne", "En personne"),
    ("Par téléphone, avec une personne-ressource", "Par téléphone, avec une personne-ressource"),
    ("En personne, avec une personne-ressource", "En personne, avec une personne-ressource"),
)
ISSUES = (
    (Revision.Issue.CONFIRMEE, "Maintenir la décision"),
    (Revision.Issue.MODIFIEE, "Modifier la décision"),
    (Revision.Issue.INFIRMEE, "Infirmer la décision"),
)


class AnalyseForm(GrilleForm):
    """Les mêmes questions de la loi, vierges : l'analyse d'un réviseur, en brouillon puis dite par la lettre."""

    def marquer_exiges(self) -> None:
        super().marquer_exiges()
        for nom, champ in self.fields.items():
            if nom.startswith("raison_"):
                champ.required = False


class RecevabiliteForm(FormulaireActe):
    """Recevable ou non; une justification si la demande est tardive ou refusée."""

    recevable = forms.ChoiceField(
        label="La demande de révision est-elle recevable ?",
        choices=(("oui", "Recevable"), ("non", "Irrecevable")),
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez « Recevable » ou « Irrecevable »."},
    )
    justification = champ_texte("Justification", requis=False)

    def __init__(self, *args: Any, hors_delai: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hors_delai = hors_delai

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not donnees.get("justification"):
            if donnees.get("recevable") == "non":
                self.add_error("justification", "Écrivez pourquoi la demande est irrecevable : la lettre le dira.")
            elif donnees.get("recevable") == "oui" and self.hors_delai:
                self.add_error("justification", "La demande est tardive. Écrivez pourquoi elle est reçue quand même.")
        return donnees


class EntrevueForm(FormulaireActe):
    """Note d'une entrevue tenue avec la personne."""

    mode = forms.ChoiceField(
        label="Comment l'entrevue s'est tenue",
        choices=MODES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment l'entrevue s'est tenue."},
    )
    note = champ_texte("Ce qui a été dit", maximum=8_000, rangees=8)


class PrevoirForm(FormulaireActe):
    """La date convenue avec la personne pour son entrevue, à l'heure du Québec."""

    jour = ChampDate(label="Quel jour?")
    heure = forms.TimeField(
        label="À quelle heure?",
        help_text="Heure du Québec, par exemple 13 h 30.",
        input_formats=("%H:%M", "%H h %M", "%Hh%M", "%H h", "%Hh"),
        error_messages={
            "required": "Écrivez l'heure convenue.",
            "invalid": "Écrivez l'heure comme 13 h 30 ou 13:30.",
        },
    )
    mode = forms.ChoiceField(
        label="Comment l'entrevue se tiendra",
        choices=MODES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment l'entrevue se tiendra."},
    )
    minutes = forms.IntegerField(
        label="Durée à prévoir, en minutes",
        min_value=MINUTES_MIN,
        max_value=MINUTES_MAX,
        error_messages={"required": "Écrivez la durée à prévoir.", "invalid": "Écrivez un nombre de minutes."},
    )
    precisions = champ_texte("Précisions", requis=False)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("jour") and donnees.get("heure") and self.donnees()["prevue_le"] <= horloge.maintenant():
            self.add_error("jour", "Cette date est passée. Écrivez une date et une heure à venir.")
        return donnees

    def donnees(self) -> dict[str, Any]:
        """Ce que reçoit l'acte : un instant, lu à l'heure du Québec."""
        lues, heure = self.cleaned_data, self.cleaned_data["heure"]
        return {
            "prevue_le": horloge.heure_locale(lues["jour"], heure.hour, heure.minute),
            **{champ: lues.get(champ) for champ in ("mode", "minutes", "precisions")},
        }


class AnnulerEntrevueForm(FormulaireActe):
    """Pourquoi l'entrevue prévue n'aura pas lieu."""

    raison = champ_texte("Pourquoi elle n'aura pas lieu")


class DesaccordForm(FormulaireActe):
    """Sur quoi la personne qui devait signer n'est pas d'accord, et pourquoi."""

    texte = champ_texte("Sur quoi vous n'êtes pas d'accord, et pourquoi", maximum=TEXTE_MAX, rangees=8)


class DecisionRevisionForm(FormulaireActe):
    """Maintenir, modifier ou infirmer; ce qui diffère et pourquoi dès que la décision change."""

    issue = forms.ChoiceField(
        label="Décision en révision",
        choices=ISSUES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une décision.",
            "invalid_choice": "Choisissez une des trois décisions.",
        },
    )
    ce_qui_differe = champ_texte("Ce qui diffère de la première décision, et pourquoi", requis=False)
    cause = forms.ChoiceField(
        label="Cause principale du changement",
        choices=Revision.Cause.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choisissez une des causes."},
    )
    date_effet = ChampDate(label="Date d'effet", required=False, validators=[effet.valider])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libelle = str(self.fields["ce_qui_differe"].label)
        self.fields["ce_qui_differe"] = champ_texte(libelle, requis=False, maximum=raison_max())
        aide = "En mots simples, {} signes au plus : la personne le lira."
        self.fields["ce_qui_differe"].help_text = aide.format(raison_max())

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("issue") in (Revision.Issue.MODIFIEE, Revision.Issue.INFIRMEE):
            for champ, message in (
                ("ce_qui_differe", "Dites ce qui diffère et pourquoi : la personne le lira."),
                ("cause", "Choisissez la cause principale du changement."),
                ("date_effet", "Écrivez la date d'effet."),
            ):
                if not donnees.get(champ) and champ not in self.errors:
                    self.add_error(champ, message)
        return donnees

    def donnees(self) -> dict[str, Any]:
        """Ce que reçoit l'acte; maintenue, la décision reprend ses motifs et ne change rien d'autre."""
        lues = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "cle"}
        if lues["issue"] == Revision.Issue.CONFIRMEE:
            return {"issue": lues["issue"]}
        return lues
