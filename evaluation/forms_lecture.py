"""Le formulaire de la liseuse : filtrer les documents, y chercher, choisir ce qu'une page citée appuie.

Ses champs voyagent avec la grille : rien de ce qui est écrit à droite ne se perd, et les mots cherchés, qui disent
une maladie, n'entrent jamais dans une adresse.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from evaluation.citations import EXTRAIT_MAX
from evaluation.documents import DocumentLu
from evaluation.regles_documents import GENRES, MOTS_MAX, MOTS_MIN, Filtre, auteurs

GARDES = ("genre", "auteur", "depuis", "jusqu_au", "mots")
CITATION = ("question", "extrait")
PREFIXE = "lecture"
DATE_ILLISIBLE = "Écrivez la date ainsi : 2026-02-15 (année, mois, jour)."


def _date(label: str) -> forms.DateField:
    saisie = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {"invalid": DATE_ILLISIBLE}
    return forms.DateField(
        label=label, required=False, widget=saisie, input_formats=["%Y-%m-%d"], error_messages=messages
    )


class LectureForm(forms.Form):
    """Ce que la personne demande à la liste et au texte des documents."""

    genre = forms.ChoiceField(label="Genre", required=False)
    auteur = forms.ChoiceField(label="Auteur", required=False)
    depuis = _date("Reçus depuis le")
    jusqu_au = _date("Reçus jusqu'au")
    mots = forms.CharField(label="Mots à chercher dans les documents", required=False, max_length=MOTS_MAX)
    question = forms.ChoiceField(label="La réponse que ce passage appuie", required=False)
    extrait = forms.CharField(
        label="Extrait à citer",
        required=False,
        max_length=EXTRAIT_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Facultatif. Copiez-le du texte de la page; sinon, le début de la page la fera reconnaître.",
    )

    def __init__(
        self, *args: Any, liste: Sequence[DocumentLu], questions: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        kwargs["prefix"] = PREFIXE
        super().__init__(*args, **kwargs)
        choix: dict[str, list[tuple[str, str]]] = {
            "genre": [("", "Tous"), *((code, GENRES[code][0]) for code in GENRES)],
            "auteur": [("", "Tous"), *((nom, nom) for nom in auteurs(liste))],
            "question": [("", "Tout l'avis"), *(questions or {}).items()],
        }
        for nom, offerts in choix.items():
            self.fields[nom].choices = offerts  # type: ignore[attr-defined]
            self.fields[nom].error_messages = {"invalid_choice": "Choisissez dans la liste."}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        depuis, jusqu_au = donnees.get("depuis"), donnees.get("jusqu_au")
        if depuis and jusqu_au and jusqu_au < depuis:
            self.add_error("jusqu_au", "Cette date est avant l'autre : échangez-les.")
        return donnees

    def pour_montrer(self) -> None:
        """À l'affichage, aucun champ ne se dit facultatif : ce sont des outils de lecture, pas des réponses."""
        for champ in self.fields.values():
            champ.required = True

    def exiger_des_mots(self) -> None:
        """Chercher demande au moins `MOTS_MIN` signes."""
        if "mots" not in self.errors and len(self.cleaned_data.get("mots", "")) < MOTS_MIN:
            self.add_error("mots", "Écrivez au moins deux lettres à chercher.")

    def choix(self, *, extrait: bool = False) -> dict[str, str]:
        """Ce qui se garde au brouillon; un champ fautif ne se garde pas. `extrait` : la citation commencée aussi."""
        lus = {nom: self.cleaned_data.get(nom) for nom in (*GARDES, *(CITATION if extrait else ()))}
        return {nom: un.isoformat() if isinstance(un, date) else str(un) for nom, un in lus.items() if un}

    def filtre(self) -> Filtre:
        """Le filtre demandé; un champ fautif ne restreint rien."""
        lu = self.cleaned_data
        return Filtre(lu.get("genre", ""), lu.get("auteur", ""), lu.get("depuis"), lu.get("jusqu_au"))
