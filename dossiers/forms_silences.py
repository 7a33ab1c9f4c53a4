"""Formulaires du silence, des pauses et des actes de vie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from comptes.models import Bureau, Compte
from correspondance.models import Lettre
from dossiers import choix, silences
from dossiers.forms import FormulaireGeste, FormulaireInvitation, ligne, radios, zone
from dossiers.models import EssaiContact, Invitation, PauseDelai
from socle import horloge
from socle.champs_formulaire import ChampDate


@dataclass(frozen=True)
class Tentatives:
    """Ce qui a été essayé pour joindre la personne, et ce qui manque encore avant de proposer une fermeture."""

    essais: list[EssaiContact]
    lettre: Lettre | None
    manque: str


class AvecTentatives(FormulaireGeste):
    """Un geste qui montre d'abord ce qui a été essayé."""

    def preparer(self) -> None:
        demande = self.dossier.courante
        self.tentatives = (
            Tentatives(
                list(demande.essais.order_by("-pk")[:20]),
                silences.lettre_de_silence(demande),
                silences.essais_de(demande).manque(horloge.aujourd_hui()),
            )
            if demande is not None
            else Tentatives([], None, "")
        )


class FormulairePause(FormulaireGeste):
    motif = forms.ChoiceField(
        label="Pourquoi mettre le délai en pause?", choices=PauseDelai.Motif.choices, widget=forms.RadioSelect
    )
    note = ligne(
        "Précision",
        requis=False,
        aide="Exigée pour « Autre raison » : la personne la lira. Aucun renseignement médical.",
    )


class FormulaireEssai(AvecTentatives):
    canal = forms.ChoiceField(label="Par où?", choices=EssaiContact.Canal.choices, widget=forms.RadioSelect)
    resultat = forms.ChoiceField(
        label="Qu'est-il arrivé?", choices=EssaiContact.Resultat.choices, widget=forms.RadioSelect
    )
    note = zone("Ce qui s'est passé", aide="L'heure, qui a répondu. Aucun renseignement médical.", maximum=600, rangs=3)


class FormulairePrevenir(AvecTentatives):
    resultat = forms.ChoiceField(
        label="Vous avez appelé : qu'est-il arrivé?", choices=EssaiContact.Resultat.choices, widget=forms.RadioSelect
    )
    note = zone("Ce qui s'est passé", aide="L'heure, qui a répondu.", maximum=600, rangs=3)


class FormulaireProposition(AvecTentatives):
    dit_ce_qui_manque = True
    note = zone("Pourquoi proposer la fermeture?", aide="Le chef d'équipe lira ceci, et les essais.", maximum=600)


class FormulaireTranche(AvecTentatives):
    CHOIX = (("oui", "Oui, je signe la fermeture"), ("non", "Non, le dossier continue"))
    approuver = forms.ChoiceField(label="Fermez-vous cette demande?", choices=CHOIX, widget=forms.RadioSelect)
    raison = zone("Pourquoi?", requis=False, aide="Exigée si le dossier continue.", maximum=600, rangs=3)

    def preparer(self) -> None:
        """Ce que le chef d'équipe lit avant de signer : la proposition, les essais, la lettre."""
        super().preparer()
        demande = self.dossier.courante
        self.proposee = demande.fermetures_proposees.filter(tranchee_le=None).first() if demande else None


class FormulaireDeces(FormulaireGeste):
    le = ChampDate(label="Quel jour la personne est-elle décédée?")
    source = ligne("Comment le savez-vous?", aide="Par exemple : « Acte de décès reçu » ou « Dit par sa fille ».")


class FormulaireTransfert(FormulaireGeste):
    bureau = forms.ChoiceField(label="À quel bureau?")
    raison = ligne("Pourquoi?", aide="Par exemple : « Déménagement ».")

    def preparer(self) -> None:
        bureaux = Bureau.objects.exclude(pk=self.dossier.bureau_id).order_by("nom")
        self.bureaux = {str(un.pk): un for un in bureaux}
        self.offrir("bureau", [("", "Choisir un bureau"), *((cle, un.nom) for cle, un in self.bureaux.items())])

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        return {**lues, "bureau": self.bureaux.get(str(lues.get("bureau")))}


class FormulaireDepart(FormulaireInvitation):
    """Qui est parti, et qui le remplace si la personne l'a choisi."""

    parti = radios("Quel professionnel est parti?")
    clinicien = ligne(
        "Qui le remplace?",
        requis=False,
        aide="Son courriel, son numéro de permis ou son nom, si la personne l'a choisi. Vide : à trouver avec elle.",
    )
    field_order = ("parti", "clinicien")

    def preparer(self) -> None:
        vivantes = Invitation.objects.filter(demande__dossier=self.dossier, declinee_le__isnull=True)
        self.invites = {str(une.clinicien_id): une.clinicien for une in vivantes.select_related("clinicien")}
        self.offrir("parti", [(cle, choix.en_mots(un)) for cle, un in self.invites.items()])

    def clean_clinicien(self) -> Compte | str:  # type: ignore[override]
        """Vide permis : on cherchera avec la personne."""
        return super().clean_clinicien() if self.cleaned_data["clinicien"].strip() else ""

    def donnees(self) -> dict[str, Any]:
        lues = {"clinicien": self.invites[self.cleaned_data["parti"]]}
        if self.cleaned_data["clinicien"]:
            lues["remplacant"] = self.cleaned_data["clinicien"]
        return lues


class FormulaireRetraitRapport(FormulaireGeste):
    motif = zone(
        "Pourquoi retirer le dernier rapport médical?",
        aide="Par exemple : « Signé pour une autre personne ». Personne ne pourra plus le lire; sa trace reste.",
        maximum=300,
        rangs=3,
    )
