"""Formulaires des mandats : demander, prendre avec un code, confier, transmettre; et du témoignage d'un proche."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext

from comptes.models import Compte, Role
from dossiers import codes
from dossiers.forms_code import ILLISIBLE
from dossiers.pages import FormulaireActe
from formulaires.forms import texte_long
from referentiels import lecture as referentiels
from socle.champs_formulaire import ChampDate

DUREES = (3, 6, 12, 24)
RECOURS = "demander_revision"


def _choix(champ: forms.Field, valeurs: Sequence[tuple[str, str]]) -> None:
    champ.choices = list(valeurs)  # type: ignore[attr-defined]


class _PorteesForm(FormulaireActe):
    """Ce qu'un mandat permet, et sa durée."""

    portees = forms.MultipleChoiceField(
        label="Ce que la personne vous permet",
        widget=forms.CheckboxSelectMultiple,
        initial=["voir_etat"],
        error_messages={"required": "Cochez au moins une permission."},
    )
    mois = forms.ChoiceField(
        label="Durée du mandat",
        widget=forms.RadioSelect,
        initial="6",
        error_messages={"required": "Choisissez une durée."},
    )

    def __init__(self, *args: Any, jour: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        maximum = int(referentiels.regle("mandat_max_mois", jour))
        _choix(self.fields["mois"], [(str(n), gettext("%(n)s mois") % {"n": n}) for n in DUREES if n <= maximum])
        _choix(self.fields["portees"], self.portees_offertes(jour))

    def portees_offertes(self, jour: date) -> list[tuple[str, str]]:
        """Les portées qu'on peut proposer; la lecture du rapport n'en est jamais."""
        return [
            (portee.code, portee.dit("libelle"))
            for portee in referentiels.portees(jour)
            if not portee.du_prestataire_seulement
        ]


class _TitreForm(FormulaireActe):
    """Le titre d'un représentant et la preuve qu'il demande; absent pour une personne-ressource."""

    titre = forms.ChoiceField(
        label="À quel titre représentez-vous la personne ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez votre titre."},
    )

    def __init__(self, *args: Any, jour: date, personne: Compte, sans_ecrit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **({"jour": jour} if isinstance(self, _PorteesForm) else {}), **kwargs)
        if personne.role != Role.REPRESENTANT:
            del self.fields["titre"]
            return
        self.titres = [un for un in referentiels.types_representant(jour) if not (sans_ecrit and un.preuve_ecrite)]
        _choix(self.fields["titre"], [(un.code, un.dit("libelle")) for un in self.titres])


class DemandeMandatForm(_TitreForm, _PorteesForm):
    """Demander un mandat : la portée minimale est cochée d'avance."""

    reference = forms.CharField(
        label="Numéro de dossier de la personne",
        help_text="Il est sur ses lettres, par exemple 8F3K-2M7Q.",
        max_length=20,
    )
    naissance = ChampDate(label="Date de naissance de la personne")
    recours = forms.BooleanField(
        label="Garder ce mandat jusqu'à la fin d'une révision ou d'un recours déjà ouvert",
        help_text="Un mandat finit à sa date, même au milieu d'un recours, sauf si vous cochez ceci.",
        required=False,
    )

    def clean_reference(self) -> str:
        """« 8f3k 2m7q » vaut « 8F3K-2M7Q »; toute écriture est acceptée, connue ou non."""
        signes = re.sub(r"[^0-9A-Za-z]", "", self.cleaned_data["reference"]).upper()
        return f"{signes[:4]}-{signes[4:8]}"

    def clean(self) -> dict[str, Any]:
        """Survivre à sa date suppose de pouvoir demander la révision."""
        lues = super().clean() or {}
        if lues.get("recours") and "portees" in lues and RECOURS not in lues["portees"]:
            self.add_error("recours", "Cochez aussi « Demander la révision », ou laissez cette case vide.")
        return lues

    def donnees(self) -> dict[str, Any]:
        """Ce que l'acte attend, la date de fin exceptée."""
        donnees: dict[str, Any] = {"portees": self.cleaned_data["portees"]}
        if self.cleaned_data.get("titre"):
            donnees["titre"] = self.cleaned_data["titre"]
        if self.cleaned_data["recours"]:
            donnees["jusqu_a_fin_recours"] = True
        return donnees


def _champ_code(label: str, aide: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=aide,
        max_length=codes.SAISIE_MAX,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "saisie-code",
            }
        ),
        error_messages={
            "required": "Entrez le code que la personne vous a remis.",
            "max_length": ILLISIBLE,
            "null_characters_not_allowed": ILLISIBLE,
        },
    )  # fmt: skip


class _CodeForm(FormulaireActe):
    code = _champ_code("Code remis par la personne", "Dix signes. Minuscules, espaces et tirets sont acceptés.")

    def clean_code(self) -> str:
        """Rend la saisie telle quelle; elle a la forme d'un code."""
        saisi: str = self.cleaned_data["code"]
        if codes.lire(saisi) is None:
            raise forms.ValidationError(ILLISIBLE)
        return saisi


class PrendreMandatForm(_TitreForm, _CodeForm):
    """Le code de la personne, et le titre d'un représentant dont aucun écrit n'est exigé."""

    field_order = ("code", "titre")


class ConfierForm(_PorteesForm):
    """La personne choisit ce qu'elle permet; la lecture du rapport est de celles-là, jamais cochée d'avance."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["portees"].label = "Ce que cette personne pourra faire"
        self.fields["mois"].label = "Pendant combien de temps ?"

    def portees_offertes(self, jour: date) -> list[tuple[str, str]]:
        """Toutes les portées, en mots qui s'adressent à la personne."""
        return [(portee.code, portee.dit("description")) for portee in referentiels.portees(jour)]


class TransmettreForm(FormulaireActe):
    """À quel collègue passer le mandat; qui le cède, si l'on gère l'organisme."""

    a = forms.ChoiceField(
        label="Qui prend la suite ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un collègue."},
    )
    de = forms.ChoiceField(
        label="Qui accompagne la personne maintenant ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une personne."},
    )
    field_order = ("de", "a")

    def __init__(self, *args: Any, cedants: list[Compte], collegues: list[Compte], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comptes = {str(un.pk): un for un in (*cedants, *collegues)}
        _choix(self.fields["a"], [(str(un.pk), un.nom_complet) for un in collegues])
        _choix(self.fields["de"], [(str(un.pk), un.nom_complet) for un in cedants])
        if len(cedants) == 1:
            del self.fields["de"]
        self.cedants = cedants

    def donnees(self) -> dict[str, Compte]:
        """Les deux comptes choisis."""
        de = self.comptes[self.cleaned_data["de"]] if "de" in self.fields else self.cedants[0]
        return {"a": self.comptes[self.cleaned_data["a"]], "de": de}


class LettreForm(FormulaireActe):
    """Une lettre type, relue et changée avant de partir."""

    texte = texte_long("Votre lettre", aide="Changez ce que vous voulez.", requis=True, rangs=18, maximum=4000)
    a = forms.ChoiceField(label="À qui l'envoyer", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, cliniciens: list[Compte], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cliniciens = {str(un.pk): un for un in cliniciens}
        _choix(self.fields["a"], [(str(un.pk), un.nom_complet) for un in cliniciens])
        if not cliniciens:
            del self.fields["a"]


class CodeTemoinForm(_CodeForm):
    """Le code qui ouvre la page du témoignage."""


class TemoignageForm(_CodeForm):
    """Ce qu'un proche a vu : des faits d'abord, son avis à part."""

    FAITS = (
        ("journee", "Une journée ordinaire", "Ce que la personne fait seule, et avec de l'aide."),
        ("mauvais_jours", "Les mauvais jours", "À quelle fréquence? Que se passe-t-il?"),
        ("emplois", "Le travail et les études", "Ce que vous avez vu : essais, arrêts, retours."),
        ("soutiens", "L'aide qu'elle reçoit", "De qui, pour quoi, et ce qui manque."),
    )
    AVIS = ("avis", "Ce que vous en pensez", "Votre avis, séparé de ce que vous avez vu.")

    temoin = forms.CharField(
        label="Votre nom", max_length=80, error_messages={"required": "Écrivez votre nom."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    lien = forms.CharField(
        label="Votre lien avec la personne",
        max_length=60,
        help_text="Par exemple : sœur, voisin, ancienne collègue.",
        error_messages={"required": "Dites votre lien avec la personne."},
    )
    vrai = forms.BooleanField(
        label="J'écris ce que j'ai vu moi-même. Je sais que la personne pourra le lire.",
        error_messages={"required": "Cochez cette case pour envoyer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = forms.HiddenInput()
        for nom, titre, aide in (*self.FAITS, self.AVIS):
            self.fields[nom] = texte_long(titre, aide=aide, maximum=2000)

    @property
    def faits(self) -> list[Any]:
        """Champs des faits, dans l'ordre."""
        return [self[nom] for nom, _, _ in self.FAITS]

    def clean(self) -> dict[str, Any]:
        """Au moins un fait."""
        lues = super().clean() or {}
        if not any(lues.get(nom) for nom, _, _ in self.FAITS):
            self.add_error("journee", "Écrivez au moins une chose que vous avez vue, ici ou plus bas.")
        return lues

    def donnees(self) -> dict[str, str]:
        """Le nom, le lien, et le texte où l'avis est à part."""
        lues = self.cleaned_data
        parties = [f"{titre}\n{lues[nom]}" for nom, titre, _ in self.FAITS if lues[nom]]
        if lues["avis"]:
            parties.append(f"Avis du proche\n{lues['avis']}")
        return {"temoin": lues["temoin"], "lien": lues["lien"], "texte": "\n\n".join(parties)}


class CollegueForm(FormulaireActe):
    """Inscrire un collègue dans son organisme."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=120)
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        error_messages={"invalid": "Écrivez un courriel complet, par exemple nom@exemple.ca."},
    )
