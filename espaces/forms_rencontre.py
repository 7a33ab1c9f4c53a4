"""Formulaires de la personne pour se parler : demander, choisir un moment, dire ses besoins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dossiers.forms import ligne, zone
from dossiers.models import Besoin, Creneau, Rencontre
from dossiers.pages import FormulaireActe
from dossiers.rencontres import quand

MODES = (
    (Rencontre.Mode.TELEPHONE, "Au téléphone"),
    (Rencontre.Mode.VIDEO, "Par vidéo"),
    (Rencontre.Mode.BUREAU, "À un bureau"),
    (Rencontre.Mode.AGENT_MOBILE, "Un agent vient me voir"),
    (Rencontre.Mode.POSTE_ORGANISME, "À l'ordinateur d'un organisme qui m'aide"),
)
AVEC = ((Rencontre.Avec.AGENT, "Mon agent"), (Rencontre.Avec.CSEMS, "Le centre d'évaluation"))
BESOINS = (
    (Besoin.Genre.INTERPRETE, "Un interprète"),
    (Besoin.Genre.LSQ, "La langue des signes"),
    (Besoin.Genre.GROS_CARACTERES, "De gros caractères"),
    (Besoin.Genre.RAPPEL_TEXTO, "Des textos plutôt que des appels"),
    (Besoin.Genre.LECTURE_ORALE, "Qu'on me lise les lettres de vive voix"),
    (Besoin.Genre.AUTRE, "Autre chose"),
)


class DemandeForm(FormulaireActe):
    """Demander un appel ou une rencontre; tout est facultatif, un appel suffit."""

    geste = forms.CharField(widget=forms.HiddenInput, initial="demander", required=False, max_length=10)
    texte = zone(
        "Quand et comment vous joindre\u00a0?",
        requis=False,
        maximum=300,
        rangs=3,
        aide="Par exemple : le matin; ne laissez pas de message. Rien de médical.",
    )
    mode = forms.ChoiceField(
        label="Comment\u00a0?",
        choices=MODES,
        widget=forms.RadioSelect,
        required=False,
        initial=Rencontre.Mode.TELEPHONE,
    )
    avec = forms.ChoiceField(
        label="Avec qui\u00a0?", choices=AVEC, widget=forms.RadioSelect, required=False, initial=Rencontre.Avec.AGENT
    )
    accompagnant = ligne(
        "Quelqu'un vous accompagne\u00a0?",
        requis=False,
        maximum=120,
        aide="Un proche, une personne-ressource… Un prénom suffit.",
    )
    interprete = ligne("Un interprète ? Écrivez la langue.", requis=False, maximum=60)

    def __init__(self, *args: Any, csems: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "demande_%s", **kwargs})
        # Tant que le centre n'a pas le dossier, le choix n'existe pas.
        if not csems:
            del self.fields["avec"]

    def donnees(self) -> dict[str, Any]:
        """Ce qui est demandé; un simple appel ne dit rien d'autre que `texte`."""
        lues = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in ("cle", "geste") and valeur}
        if set(lues) <= {"texte", "mode"} and lues.get("mode") == Rencontre.Mode.TELEPHONE:
            lues.pop("mode")
        return lues


class MomentForm(FormulaireActe):
    """Choisir un des moments proposés."""

    geste = forms.CharField(widget=forms.HiddenInput, initial="confirmer", max_length=10)
    rencontre = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    creneau = forms.TypedChoiceField(
        label="Quel moment vous convient\u00a0?",
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={
            "required": "Choisissez un moment, ou demandez-en un autre plus bas.",
            "invalid_choice": "Ce moment n'est plus offert. Choisissez-en un autre.",
        },
    )

    def __init__(self, *args: Any, creneaux: Iterable[Creneau], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "moment_%s", **kwargs})
        champ = self.fields["creneau"]
        if isinstance(champ, forms.TypedChoiceField):
            champ.choices = [(un.pk, quand(un.debut)) for un in creneaux]


class AnnulerForm(FormulaireActe):
    """Annuler un rendez-vous, ou dire non à l'offre; aucune raison n'est demandée."""

    geste = forms.CharField(widget=forms.HiddenInput, initial="annuler", max_length=10)
    rencontre = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class BesoinForm(FormulaireActe):
    """Dire un besoin de communication."""

    genre = forms.ChoiceField(
        label="Qu'est-ce qui vous aiderait\u00a0?",
        choices=BESOINS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui vous aiderait."},
    )
    precision = ligne(
        "Lequel, ou laquelle\u00a0?", requis=False, maximum=120, aide="Pour un interprète, la langue. Rien de médical."
    )
