"""Formulaires de la personne-ressource : message, portrait, révision."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.pages import FormulaireActe
from espaces.forms_suivi import DelaiForm as DelaiDeLaPersonne
from formulaires.forms import texte_long


class OccasionForm(FormulaireActe):
    """Ce que la personne répond avant la décision, écrit avec elle."""

    texte = texte_long(
        "Ce que la personne veut répondre",
        aide="Écrivez-le avec elle. « Rien à ajouter » est une réponse.",
        requis=True,
        rangs=6,
        maximum=4000,
    )
    accord = forms.BooleanField(
        label="La personne est d'accord avec cette réponse",
        error_messages={"required": "Cochez « La personne est d'accord avec cette réponse » pour continuer."},
    )


class PortraitForm(FormulaireActe):
    """Témoignage guidé : les faits d'abord, l'opinion à part."""

    FAITS = (
        ("journee", "Une journée ordinaire", "Du lever au coucher : ce que la personne fait seule, et avec de l'aide."),
        ("mauvais_jours", "Les mauvais jours", "À quelle fréquence? Que se passe-t-il?"),
        (
            "emplois",
            "Les emplois et démarches essayés",
            "Même courts ou bénévoles. Essayer ne compte jamais contre la personne.",
        ),
        ("logement", "Le logement", "Stable ou non, déménagements, conditions."),
        ("soutiens", "Les soutiens", "Qui aide, pour quoi, et ce qui manque."),
    )
    OPINION = ("opinion", "Ce que vous en pensez", "Votre opinion, séparée des faits.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, titre, aide in (*self.FAITS, self.OPINION):
            self.fields[nom] = texte_long(titre, aide=aide, maximum=2000)

    @property
    def faits(self) -> list[Any]:
        """Champs des faits, dans l'ordre."""
        return [self[nom] for nom, _, _ in self.FAITS]

    def clean(self) -> dict[str, Any]:
        """Au moins un fait."""
        lues = super().clean() or {}
        if not any(lues.get(nom) for nom, _, _ in self.FAITS) and not self.errors:
            self.add_error("journee", "Écrivez au moins un fait, ici ou dans une autre partie.")
        return lues

    def texte(self) -> str:
        """Le témoignage, faits et opinion séparés."""
        parties = [f"{titre}\n{self.cleaned_data[nom]}" for nom, titre, _ in self.FAITS if self.cleaned_data[nom]]
        if self.cleaned_data["opinion"]:
            parties.append(f"Opinion de la personne-ressource\n{self.cleaned_data['opinion']}")
        return "\n\n".join(parties)


class RevisionForm(FormulaireActe):
    """Demander une révision avec la personne : tout écrit suffit, les motifs sont facultatifs."""

    motifs = texte_long(
        "Ce que la nouvelle équipe devrait regarder",
        aide="Quelques points, un par ligne. Vous pourrez ajouter des documents plus tard.",
        maximum=4000,
    )
    impossibilite_agir = texte_long(
        "Si la date est passée : pourquoi n'était-il pas possible d'agir avant?", rangs=2, maximum=2000
    )
    accord = forms.BooleanField(
        label="La personne veut cette révision",
        error_messages={"required": "Cochez « La personne veut cette révision » pour continuer."},
    )


class ObservationsForm(FormulaireActe):
    """Ce que la personne veut dire à l'équipe de révision, écrit avec elle."""

    texte = texte_long(
        "Ce que l'équipe de révision doit savoir",
        aide="Écrivez-le avec la personne. Des faits, des dates, ce qui a changé.",
        requis=True,
        rangs=8,
        maximum=4000,
    )
    accord = forms.BooleanField(
        label="La personne est d'accord avec ce texte",
        error_messages={"required": "Cochez « La personne est d'accord avec ce texte » pour continuer."},
    )


class DelaiForm(DelaiDeLaPersonne):
    """Jusqu'à quand la personne veut compléter sa révision, choisi avec elle."""

    accord = forms.BooleanField(
        label="La personne veut ce délai",
        error_messages={"required": "Cochez « La personne veut ce délai » pour continuer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jusqu_au"].label = "Jusqu'à quand la personne veut-elle compléter son dossier ?"


class FinForm(FormulaireActe):
    """Mettre fin à son mandat."""
