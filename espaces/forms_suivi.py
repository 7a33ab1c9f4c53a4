"""Formulaires de la personne. Chaque erreur dit quoi faire; rien de médical n'est obligatoire."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext

from comptes.models import Compte, Organisme
from dossiers.forms import ligne, zone
from dossiers.forms_pieces import ChampFichiers, FormulaireDepot
from dossiers.pages import FormulaireActe
from referentiels import lecture as referentiels
from revision import regles
from socle import horloge
from socle.champs_formulaire import ChampDate, ChampTelephone

NATURES = (
    ("note de la clinique", "Un rapport ou une note de ma clinique"),
    ("document d'hôpital", "Un papier d'hôpital"),
    ("document d'emploi ou d'études", "Un papier d'un employeur ou d'une école"),
    ("lettre", "Une lettre de moi ou d'une autre personne"),
    ("autre document", "Autre chose"),
)


class CoordonneesForm(FormulaireActe):
    """Comment joindre la personne, sans mettre en danger qui partage son adresse ou son téléphone."""

    canal_prefere = forms.ChoiceField(
        label="Comment recevoir vos lettres ?", choices=Compte.Canal.choices, widget=forms.RadioSelect
    )
    adresse = zone(
        "Votre adresse postale",
        requis=False,
        maximum=400,
        rangs=3,
        aide="Une adresse sûre pour vous. Ce peut être celle d'un organisme ou d'un proche.",
    )
    point_de_chute = forms.ModelChoiceField(
        Organisme.objects.none(),
        label="Ou le point de chute d'un organisme",
        required=False,
        empty_label="Aucun",
        help_text="Sans adresse fixe ? Cet organisme garde vos lettres. Parlez-lui-en d'abord.",
        error_messages={"invalid_choice": "Choisissez un organisme de la liste."},
    )
    telephone = ChampTelephone(label="Votre téléphone")
    telephone_texto = ChampTelephone(
        label="Le numéro où recevoir des textos",
        help_text="Un texto dit seulement qu'un message vous attend. Il ne nomme ni vous ni ce service.",
    )
    email = forms.EmailField(
        label="Votre courriel",
        required=False,
        max_length=254,
        error_messages={"invalid": "Écrivez un courriel complet, par exemple nom@exemple.ca."},
    )

    contact_sur = zone(
        "Ce qu'il faut savoir pour vous joindre sans risque",
        requis=False,
        maximum=300,
        rangs=3,
        aide="Par exemple : ne laissez pas de message; appelez le matin; ne dites pas d'où vient l'appel.",
    )

    def __init__(self, *args: Any, personne: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personne = personne
        chutes = Organisme.objects.exclude(adresse_postale="")
        champ = cast(forms.ModelChoiceField[Organisme], self.fields["point_de_chute"])
        champ.queryset = chutes
        champ.empty_label = gettext("Aucun")
        if not chutes.exists():
            del self.fields["point_de_chute"]

    def clean_email(self) -> str:
        """Un courriel ouvre un seul compte."""
        courriel = cast(str, self.cleaned_data["email"])
        if courriel and Compte.objects.filter(email__iexact=courriel).exclude(pk=self.personne.pk).exists():
            raise forms.ValidationError("Ce courriel ne peut pas servir ici. Donnez-en un autre, ou laissez vide.")
        return courriel

    def clean(self) -> dict[str, Any]:
        """Des lettres par la poste demandent une adresse; un point de chute en est une."""
        donnees = super().clean() or {}
        chute = donnees.get("point_de_chute")
        if chute is not None:
            donnees["adresse"] = f"Aux soins de {chute.nom}\n{chute.adresse_postale}"
        if donnees.get("canal_prefere") == Compte.Canal.POSTE and not (donnees.get("adresse") or "").strip():
            self.add_error("adresse", "Écrivez une adresse, ou choisissez de recevoir vos lettres en ligne.")
        return donnees


class DocumentForm(FormulaireDepot):
    """Un document : une photo suffit, plusieurs sont permises."""

    champ_fichiers = "fichier"

    nature = forms.ChoiceField(label="Qu'est-ce que c'est ?", choices=NATURES, widget=forms.RadioSelect)
    titre = ligne("Un titre pour le reconnaître", maximum=140, aide="Par exemple : note de la Dre Fictive, mars 2026.")
    fichier = ChampFichiers(
        label="La photo ou le fichier",
        help_text="Une photo ou un PDF. Vous pouvez en choisir plusieurs à la fois, 25 Mo au plus en tout.",
    )


class TexteForm(FormulaireActe):
    """Un texte de la personne, en ses mots."""

    texte = zone("Votre réponse", maximum=4000, rangs=6)

    def __init__(
        self, *args: Any, etiquette: str = "", requis: bool = True, maximum: int = 4000, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["texte"]
        champ.required = requis
        if etiquette:
            champ.label = etiquette
        if maximum != 4000:
            self.fields["texte"] = zone(str(champ.label), requis=requis, maximum=maximum, rangs=3)


class ConsentementForm(FormulaireActe):
    """Donner ou retirer un accord; l'effet est dit avant."""

    objet = forms.CharField(widget=forms.HiddenInput, max_length=40)
    geste = forms.ChoiceField(choices=[("donner", "Donner"), ("retirer", "Retirer")], widget=forms.HiddenInput)


class MandatForm(FormulaireActe):
    """Dire oui à une personne-ressource, avec ou sans le rapport médical, ou mettre fin à son accès."""

    mandat = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    geste = forms.ChoiceField(
        choices=[("confirmer", "Confirmer"), ("ajouter", "Ajouter le rapport"), ("finir", "Mettre fin")],
        widget=forms.HiddenInput,
    )
    rapport = forms.BooleanField(required=False)


class ClinicienForm(FormulaireActe):
    """Choisir, parmi les résultats, qui remplira le rapport médical."""

    clinicien = forms.ModelChoiceField(
        Compte.objects.none(),
        label="Votre professionnel de la santé",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )


class DelaiForm(FormulaireActe):
    """Jusqu'à quand la personne veut compléter son dossier en révision."""

    jusqu_au = ChampDate(label="Jusqu'à quand voulez-vous compléter votre dossier ?")

    def clean_jusqu_au(self) -> date:
        """Une date à venir; une faute de frappe dans l'année ne suspend pas la révision pour longtemps."""
        voulue = cast(date, self.cleaned_data["jusqu_au"])
        jour = horloge.aujourd_hui()
        if voulue <= jour:
            raise forms.ValidationError("Écrivez une date à venir, après aujourd'hui.")
        mois = int(referentiels.regle("delai_complement_max_mois", jour))
        if not regles.delai_permis(voulue, jour, mois):
            trop_loin = gettext("Écrivez une date d'ici %(mois)s mois. Pour plus de temps, appelez-nous.")
            raise forms.ValidationError(trop_loin % {"mois": mois})
        return voulue


class RevisionForm(forms.Form):
    """Trois questions, une page chacune; aucune n'est obligatoire."""

    desaccord = zone(
        "Avec quoi n'êtes-vous pas d'accord ?",
        requis=False,
        aide="En vos mots. Vous pouvez laisser vide et nous en parler plus tard.",
        rangs=6,
    )
    raisons = zone(
        "Pourquoi ?",
        requis=False,
        aide="Ce qui a été oublié, ce qui a changé, ce que vous voulez ajouter.",
        rangs=6,
    )
    retard = zone(
        "Qu'est-ce qui vous a empêché de le demander plus tôt ?",
        requis=False,
        aide="Le délai est passé. Votre demande est reçue quand même. Une personne lira votre raison.",
        rangs=5,
    )


class ConfirmationForm(FormulaireActe):
    """Un geste sans autre renseignement que le jeton de l'envoi."""
