"""Formulaires de la signature au centre d'évaluation, et champs de texte qu'ils partagent avec l'évaluation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html

from decisions import effet, lecture, mois_temporaires, phrases, regles
from decisions.forms_motifs import DATE_OU_CASE, SANS_MOTIF, FormulaireMotive, champ_orientation, champ_sans_reexamen
from decisions.models import Issue
from dossiers.models import Demande
from dossiers.pages import FormulaireActe
from formulaires.lecture import elements_releves
from referentiels import lecture as referentiels
from socle.champs_formulaire import ChampDate

NOTE_MAX = 2_000
TROP_LONG = {"max_length": "Ce texte a %(show_value)d signes. Gardez-en %(limit_value)d au plus."}
ISSUES = ((Issue.RECONNUE, "Reconnaître les contraintes"), (Issue.NON_RECONNUE, "Ne pas reconnaître les contraintes"))
SENS = {Issue.RECONNUE: "favorable", Issue.NON_RECONNUE: "defavorable"}
TEMPORAIRE_AVEC_REFUS = "Contrainte temporaire accordée avec ce refus, en mois"
INCONNU = "Ce choix n'est plus offert. Choisissez dans la liste."


def champ_texte(
    libelle: str, *, maximum: int = NOTE_MAX, requis: bool = True, rangees: int = 4, precision: str = ""
) -> forms.CharField:
    """Texte libre borné, avec son compteur; la limite se dit en signes.

    `precision` : ce dont le champ parle, dit à qui n'a que l'étiquette quand plusieurs champs ont la même.
    """
    return forms.CharField(
        label=format_html('{}<span class="invisible"> : {}</span>', libelle, precision) if precision else libelle,
        required=requis,
        max_length=maximum,
        widget=forms.Textarea(attrs={"rows": rangees, "data-compte": maximum}),
        error_messages=TROP_LONG,
    )


def choix_elements(jour: date, releves: Collection[str] = ()) -> list[tuple[str, str]]:
    """Éléments du dictionnaire en vigueur : le libellé, puis ce que la personne lira.

    Ceux que les règles de cohérence relèvent au rapport viennent d'abord et le disent; aucun n'est coché d'avance.
    """
    choix = [(element.code, f"{element.libelle} : {element.quoi}") for element in referentiels.elements(jour)]
    return proposer(choix, releves)


def proposer(choix: list[tuple[str, str]], releves: Collection[str]) -> list[tuple[str, str]]:
    """Les mêmes choix, ceux que le rapport laisse prévoir d'abord, marqués « relevé au rapport »."""
    marques = [(code, f"{texte} (relevé au rapport)") for code, texte in choix if code in releves]
    return marques + [paire for paire in choix if paire[0] not in releves]


class IssueForm(FormulaireActe):
    """Le premier choix : reconnaître ou non. Les motifs offerts ensuite en dépendent."""

    issue = forms.ChoiceField(
        label="Quelle est votre décision ?",
        choices=ISSUES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une décision.", "invalid_choice": "Choisissez une des deux décisions."},
    )


class DecisionForm(FormulaireMotive, FormulaireActe):
    """Ce que porte la première signature; les champs suivent l'issue choisie."""

    issue = forms.ChoiceField(choices=ISSUES, widget=forms.HiddenInput)
    motifs = forms.MultipleChoiceField(
        label="Motifs",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": SANS_MOTIF, "invalid_choice": INCONNU},
    )
    ce_qui_changerait = forms.MultipleChoiceField(
        label="Ce qui pourrait changer la décision",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un élément : la personne doit savoir quoi apporter.",
            "invalid_choice": INCONNU,
        },
    )
    date_effet = ChampDate(label="Date d'effet", validators=[effet.valider])
    justification_date = champ_texte("Pourquoi cette date", maximum=300, rangees=2)
    contrainte_temporaire_mois = forms.IntegerField(required=False)
    reexamen_le = ChampDate(label="Réexamen le", required=False)
    sans_reexamen = champ_sans_reexamen()
    orientation = champ_orientation()

    def __init__(self, *args: Any, issue: str, demande: Demande, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jour = demande.jour_depot
        self.fields["contrainte_temporaire_mois"] = mois_temporaires.champ(TEMPORAIRE_AVEC_REFUS, jour)
        en_vigueur = referentiels.motifs(jour, SENS[Issue(issue)])
        offerts_motifs = [motif for motif in en_vigueur if motif.code not in regles.MOTIFS_D_UNE_VOIE]
        motifs = [(motif.code, motif.libelle) for motif in offerts_motifs]
        self.fields["motifs"].choices = motifs  # type: ignore[attr-defined]
        self.offrir_phrases(offerts_motifs)
        self.fields["issue"].initial = issue
        if issue == Issue.RECONNUE:
            self.fields["date_effet"].initial = date_proposee(demande)
            self.fields["reexamen_le"].help_text = DATE_OU_CASE
            retires = ("ce_qui_changerait", "contrainte_temporaire_mois", "orientation")
        else:
            self.fields["ce_qui_changerait"].choices = _elements_utiles(demande)  # type: ignore[attr-defined]
            retires = ("date_effet", "justification_date", "sans_reexamen")
        for nom in retires:
            del self.fields[nom]

    def donnees(self) -> dict[str, Any]:
        """Ce que reçoit l'acte de signature."""
        lues = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "cle"}
        return self.sans_les_phrases(lues)


def _elements_utiles(demande: Demande) -> list[tuple[str, str]]:
    """Les éléments du dictionnaire, sauf ceux que les réponses signées rendent sans objet."""
    projet = lecture.projet_du_tour(demande)
    muets = phrases.sans_objet(projet.contenu if projet is not None else {})
    offerts = choix_elements(demande.jour_depot, elements_releves(demande))
    return [(code, texte) for code, texte in offerts if code not in muets]


def date_proposee(demande: Demande) -> date | None:
    """Date proposée par la règle datée; une personne la confirme et la justifie."""
    repere = referentiels.regle("date_effet_proposee", demande.jour_depot)
    return demande.jour_depot if repere == "demande" else None


class RouvrirForm(FormulaireActe):
    """Rouvrir l'évaluation, avec sa raison."""

    motif = champ_texte("Pourquoi rouvrir l'évaluation ?", maximum=600, rangees=3)
