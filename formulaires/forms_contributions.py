"""La contribution d'un autre professionnel : une page, gardée au brouillon pendant la saisie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from formulaires import regles
from formulaires.forms import LimitationsForm, texte_court, texte_long
from formulaires.models import Contribution

LONG = 3000
# Champ : (étiquette, aide, rangs). Aucun ne demande de juger la capacité de travail.
TEXTES: dict[str, tuple[str, str, int]] = {
    "suivi": ("Depuis quand connaissez-vous la personne?", "Par exemple : « 6 rencontres depuis mars 2026 ».", 0),
    "moyens": (
        "Comment avez-vous observé?",
        "Entrevues, visite à domicile, mise en situation, outil d'évaluation. Les noms suffisent.",
        2,
    ),
    "constats": (
        "Ce que vous avez constaté",
        "Des faits, avec un exemple : « Prépare un repas simple en deux heures, avec trois pauses. »",
        5,
    ),
    "parcours": ("Emplois, études et démarches essayés", "Même courts. Ce qui a bien été, ce qui a mis fin.", 3),
    "soutien": ("Logement, réseau et soutien", "Qui aide, pour quoi, et ce qui manque.", 3),
    "aides": ("Ce qui a été essayé, et l'effet", "Aides techniques, adaptations, suivis, groupes.", 3),
    "opinion": ("Votre opinion professionnelle", "Séparée des faits. La décision revient à d'autres.", 3),
}


class ContributionForm(LimitationsForm):
    """Toute la contribution sur une page; la nature tient au titre, ou se choisit si le permis manque encore."""

    def __init__(self, *args: Any, natures: Sequence[str], nature: str, **kwargs: Any) -> None:
        super().__init__(*args, requis=False, **kwargs)
        self.nature = nature
        permis = regles.CHAMPS_PAR_NATURE[nature]
        if "limitations" not in permis:
            for nom in [nom for nom in self.fields if nom.startswith(("niveau_", "exemple_"))]:
                del self.fields[nom]
        for nom, (etiquette, aide, rangs) in TEXTES.items():
            if nom in permis:
                self.fields[nom] = (
                    texte_long(etiquette, aide=aide, rangs=rangs, maximum=LONG)
                    if rangs
                    else texte_court(etiquette, aide=aide)
                )
        constats = self.fields["constats"]
        constats.required = True
        constats.error_messages["required"] = "Écrivez ce que vous avez constaté, en quelques phrases."
        self.natures = [(code, nom) for code, nom in Contribution.Nature.choices if code in natures]

    @property
    def avant(self) -> list[Any]:
        """Champs de texte montrés avant les limitations."""
        return [self[nom] for nom in ("suivi", "moyens") if nom in self.fields]

    @property
    def apres(self) -> list[Any]:
        """Champs de texte montrés après les limitations."""
        return [self[nom] for nom in ("constats", "parcours", "soutien", "aides", "opinion") if nom in self.fields]

    @property
    def rangees(self) -> list[tuple[Any, Any, str, str]]:
        """Les domaines, si cette nature les décrit."""
        return super().rangees if "limitations" in regles.CHAMPS_PAR_NATURE[self.nature] else []

    def clean(self) -> dict[str, Any]:
        """Un niveau grave se montre par un exemple; une nature sans limitations n'a rien d'autre à juger."""
        if not self.rangees:
            return forms.Form.clean(self) or self.cleaned_data
        return super().clean()

    def contenu(self) -> dict[str, Any]:
        """Ce qui sera signé."""
        ecrits: dict[str, Any] = {nom: self.cleaned_data[nom] for nom in TEXTES if self.cleaned_data.get(nom)}
        if self.rangees and (limitations := super().contenu()["limitations"]):
            ecrits["limitations"] = limitations
        return ecrits
