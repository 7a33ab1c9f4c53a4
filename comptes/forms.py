"""Formulaires de connexion et de comptes."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from comptes import codes_suivi
from comptes.models import CREABLES, Bureau, Clinique, Organisme, Unite
from referentiels import lecture as referentiels
from socle import codes_dictes, horloge
from socle.champs_formulaire import ChampDate, ChampTelephone


class CodeRecuForm(forms.Form):
    """Le code à usage unique de la personne, reçu ou imprimé; les espaces et tirets ne comptent pas."""

    code = forms.CharField(
        label="Votre code",
        help_text="Les 8 chiffres reçus par texto ou courriel, ou les 12 signes d'une lettre.",
        max_length=codes_dictes.SAISIE_MAX,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Écrivez le code que vous avez reçu."},
    )

    def clean_code(self) -> str:
        """Garder les signes : douze d'une lettre, ou huit chiffres."""
        saisi = self.cleaned_data["code"]
        if (imprime := codes_suivi.lire(saisi)) is not None:
            return imprime
        chiffres = "".join(signe for signe in saisi if signe.isascii() and signe.isdigit())
        if len(chiffres) != 8:
            raise forms.ValidationError("Un code a 8 chiffres, ou 12 signes s'il vient d'une lettre. Écrivez-les tous.")
        return chiffres


class AccesSuiviForm(forms.Form):
    """Numéro de dossier et date de naissance; ni l'un ni l'autre n'ouvre rien seul."""

    reference = forms.CharField(
        label="Votre numéro de dossier",
        help_text="Il est en haut de nos lettres. Par exemple : 8F3K-2M7Q.",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Écrivez votre numéro de dossier."},
    )
    naissance = ChampDate(label="Votre date de naissance", naissance=True)

    def clean_reference(self) -> str:
        """Huit signes, avec ou sans tiret, en majuscules ou non."""
        signes = "".join(
            signe for signe in self.cleaned_data["reference"].upper() if signe.isascii() and signe.isalnum()
        )
        if len(signes) != 8:
            raise forms.ValidationError("Le numéro de dossier a 8 signes, par exemple 8F3K-2M7Q.")
        return f"{signes[:4]}-{signes[4:]}"


class RechercheCompteForm(forms.Form):
    """Chercher un compte géré : un nom ou un courriel, un rôle."""

    q = forms.CharField(label="Nom ou courriel", max_length=60, required=False)
    role = forms.ChoiceField(
        label="Rôle", required=False, choices=[("", "Tous"), *((role.value, role.label) for role in CREABLES)]
    )


class CompteForm(forms.Form):
    """Un compte neuf; ce que le rôle exige est jugé par l'acte."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=120)
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        error_messages={"invalid": "Écrivez un courriel complet, par exemple nom@exemple.ca."},
    )
    role = forms.ChoiceField(label="Rôle", choices=[("", "Choisir"), *((role.value, role.label) for role in CREABLES)])
    unite = forms.ChoiceField(
        label="Unité, pour un chef d'équipe", required=False, choices=[("", "Aucune"), *Unite.choices]
    )
    bureau = forms.ModelChoiceField(Bureau.objects.all(), label="Bureau", required=False, empty_label="Aucun")
    organisme = forms.ModelChoiceField(Organisme.objects.all(), label="Organisme", required=False, empty_label="Aucun")
    clinique = forms.ModelChoiceField(Clinique.objects.all(), label="Clinique", required=False, empty_label="Aucune")


class PermisForm(forms.Form):
    """Titre et permis d'un professionnel de la santé."""

    titre = forms.ChoiceField(label="Titre")
    numero = forms.CharField(label="Numéro de permis", max_length=20)
    province = forms.CharField(label="Province, en deux lettres", max_length=2, initial="QC")
    expire_le = ChampDate(label="Dernier jour de validité", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titres = referentiels.titres(horloge.aujourd_hui())
        cast(forms.ChoiceField, self.fields["titre"]).choices = [(un.code, un.libelle) for un in titres]


class LieuForm(forms.Form):
    """Un bureau, un organisme ou une clinique."""

    genre = forms.ChoiceField(
        label="Quel lieu ?",
        choices=[("bureau", "Un bureau"), ("organisme", "Un organisme"), ("clinique", "Une clinique")],
        widget=forms.RadioSelect,
    )
    nom = forms.CharField(label="Nom", max_length=120)
    ville = forms.CharField(label="Ville", max_length=80, required=False)
    telephone = ChampTelephone(label="Téléphone")
    region = forms.ChoiceField(label="Région, pour un bureau", required=False)
    adresse_postale = forms.CharField(
        label="Point de chute, pour un organisme",
        help_text="L'adresse où il garde le courrier d'une personne sans adresse. Vide : il ne le fait pas.",
        max_length=240,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = referentiels.regions(horloge.aujourd_hui())
        cast(forms.ChoiceField, self.fields["region"]).choices = [
            ("", "Choisir"),
            *((une.code, une.libelle) for une in regions),
        ]

    def clean(self) -> dict[str, Any]:
        """Un bureau a une région."""
        donnees = super().clean() or {}
        if donnees.get("genre") == "bureau" and not donnees.get("region"):
            self.add_error("region", "Choisissez la région du bureau.")
        return donnees
