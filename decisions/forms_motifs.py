"""Ce que les formulaires de signature ont en commun : une phrase par motif, l'orientation, le réexamen dit.

L'acte n'exige rien de cela : c'est l'écran qui le demande, avant la lettre. Source : `conception.md` §11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from decisions.complements import phrase_max
from referentiels import lecture as referentiels
from referentiels.models import Motif
from socle import horloge

PREFIXE = "phrase_"
SANS_MOTIF = "Cochez au moins un motif."
SANS_PHRASE = "Dites ce motif à la personne, en une phrase simple."
SANS_REEXAMEN = "Cochez « Aucun réexamen prévu », ou écrivez une date."
DEUX_REEXAMENS = "Choisissez : une date, ou aucun réexamen."
DATE_OU_CASE = "Une date, ou la case qui suit."


class FormulaireMotive(forms.Form):
    """Formulaire qui porte des motifs : une phrase par motif coché, montrée dès que le motif l'est."""

    def offrir_phrases(self, motifs: Iterable[Motif], proposees: Mapping[str, str] | None = None) -> None:
        """Ajoute un champ par motif offert; seuls ceux des motifs cochés sont montrés et exigés.

        La longueur permise est celle du jour, comme à l'acte; les motifs, ceux du régime de la demande.
        """
        maximum = phrase_max(horloge.aujourd_hui())
        for motif in motifs:
            self.fields[PREFIXE + motif.code] = forms.CharField(
                label=f"« {motif.libelle} », en une phrase simple",
                required=False,
                max_length=maximum,
                initial=(proposees or {}).get(motif.code, ""),
                help_text="La lettre la met à la suite du motif. Parlez à la personne : « vous ».",
                error_messages={"required": SANS_PHRASE},
                widget=forms.Textarea(attrs={"rows": 2, "data-compte": maximum}),
            )

    def motifs_coches(self) -> list[str]:
        """Codes des motifs cochés à l'écran, ou proposés cochés."""
        if "motifs" not in self.fields:
            return []
        valeur = self["motifs"].value()
        return [str(code) for code in valeur] if isinstance(valeur, list | tuple) else []

    def champs_phrases(self) -> list[BoundField]:
        """Les champs de phrase à montrer, dans l'ordre du catalogue; montrés, ils ne sont pas facultatifs."""
        coches = {PREFIXE + code for code in self.motifs_coches()}
        for nom in coches & self.fields.keys():
            self.fields[nom].required = True
        return [self[nom] for nom in self.fields if nom in coches]

    def champs_montres(self) -> list[BoundField]:
        """Les champs visibles : chaque phrase suit les motifs, celles des motifs non cochés se taisent."""
        phrases = self.champs_phrases()
        montres: list[BoundField] = []
        for champ in self.visible_fields():
            if champ.name.startswith(PREFIXE):
                continue
            montres.append(champ)
            if champ.name == "motifs":
                montres.extend(phrases)
        return montres

    def clean_reexamen_le(self) -> date | None:
        """Un réexamen se prévoit à une date à venir."""
        reexamen: date | None = self.cleaned_data["reexamen_le"]
        if reexamen is not None and reexamen <= horloge.aujourd_hui():
            raise forms.ValidationError("Choisissez une date à venir pour le réexamen.")
        return reexamen

    def clean(self) -> dict[str, Any]:
        """Chaque motif coché a sa phrase; le réexamen est une date, ou dit absent."""
        donnees = super().clean() or self.cleaned_data
        for code in donnees.get("motifs") or ():
            nom = PREFIXE + code
            if nom in self.fields and nom not in self.errors and not str(donnees.get(nom, "")).strip():
                self.add_error(nom, SANS_PHRASE)
        self._juger_reexamen(donnees)
        return donnees

    def _juger_reexamen(self, donnees: Mapping[str, Any]) -> None:
        if "sans_reexamen" not in self.fields or "reexamen_le" in self.errors:
            return
        prevu, aucun = donnees.get("reexamen_le") is not None, bool(donnees.get("sans_reexamen"))
        if prevu == aucun:
            self.add_error("sans_reexamen", DEUX_REEXAMENS if prevu else SANS_REEXAMEN)

    def sans_les_phrases(self, donnees: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments de l'acte : les phrases des motifs cochés deviennent `phrases_motifs`; le reste ne change pas."""
        rendues = {
            nom: valeur for nom, valeur in donnees.items() if not nom.startswith(PREFIXE) and nom != "sans_reexamen"
        }
        phrases = {
            code: str(self.cleaned_data.get(PREFIXE + code, "")).strip()
            for code in self.cleaned_data.get("motifs") or ()
            if str(self.cleaned_data.get(PREFIXE + code, "")).strip()
        }
        return {**rendues, "phrases_motifs": phrases} if phrases else rendues


def champ_sans_reexamen() -> forms.BooleanField:
    """La case qui dit, explicitement, qu'aucun réexamen n'est prévu."""
    return forms.BooleanField(label="Aucun réexamen prévu", required=False)


def champ_orientation() -> forms.MultipleChoiceField:
    """Les autres aides à nommer dans la lettre; toujours facultatif."""
    return forms.MultipleChoiceField(
        label="D'autres aides à nommer dans la lettre",
        required=False,
        choices=choix_orientation,
        widget=forms.CheckboxSelectMultiple,
        help_text="Elles ne remplacent pas la décision et ne changent aucun droit.",
        error_messages={"invalid_choice": "Cette aide n'est plus au registre. Choisissez dans la liste."},
    )


def choix_orientation() -> list[tuple[str, str]]:
    """Le registre du jour; une ligne que personne n'a confirmée le dit."""
    return [
        (
            un.code,
            f"{un.libelle} : {un.description} {un.pour_qui} {un.telephone}"
            + ("" if un.verifiee_le else " (numéro à vérifier)"),
        )
        for un in referentiels.programmes_aide(horloge.aujourd_hui())
    ]
