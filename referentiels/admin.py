"""Réglages techniques : on lit les listes, on propose une ligne, une autre personne publie.

Rien ne s'efface ni ne se modifie en place. Source : `ecrans-et-lettres.md` B9, point 4.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest

from socle.refus import Refus

from . import actes, lecture
from .models import DelaiHabituel, Publication

COMMUNS = ("en_vigueur_du", "en_vigueur_au", "certitude", "source")


class LectureSeule(admin.ModelAdmin[Any]):
    """Une liste qui se consulte et ne se touche pas."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jamais : on passe par une proposition."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais : une ligne publiée ne se modifie pas."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jamais."""
        return False


class LigneDateeAdmin(LectureSeule):
    """Liste d'une famille de lignes datées."""

    search_fields = ("code", "source")
    list_filter = ("certitude",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Le code, ce qu'il dit, sa période, sa source."""
        noms = {champ.name for champ in self.model._meta.get_fields()}
        propres = [nom for nom in ("libelle", "fr", "valeur", "unite") if nom in noms]
        return ("code", *propres, *COMMUNS, "remplacee_le")


class PropositionForm(forms.ModelForm[Publication]):
    """Propose une ligne; toute la vérification est celle de l'acte."""

    famille = forms.ChoiceField(label="Liste")
    certitude = forms.ChoiceField(label="Certitude")

    class Meta:
        model = Publication
        fields = (
            "famille",
            "code",
            "contenu",
            "source",
            "certitude",
            "en_vigueur_du",
            "en_vigueur_au",
            "justification",
            "avis_aux_personnes",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        familles = [(cle, str(modele._meta.verbose_name)) for cle, modele in lecture.FAMILLES.items()]
        self.fields["famille"].choices = familles  # type: ignore[attr-defined]
        self.fields["certitude"].choices = Publication._meta.get_field("certitude").choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Juge la proposition sans rien écrire."""
        donnees = super().clean() or {}
        if not self.errors:
            try:
                actes.verifier_proposition(**_arguments(donnees))
            except Refus as refus:
                self.add_error(refus.champ if refus.champ in self.fields else None, refus.message)
        return donnees


class DecisionForm(forms.ModelForm[Publication]):
    """Publie ou rejette une proposition."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=(("publier", "Publier"), ("rejeter", "Rejeter")),
        widget=forms.RadioSelect,
    )
    essai = forms.JSONField(
        label="Résultat de l'essai à blanc",
        required=False,
        help_text="Coller ce que rend « manage.py rejouer --json ».",
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    approbateur_connecte: Any = None

    class Meta:
        model = Publication
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Juge la décision sans rien écrire."""
        donnees = super().clean() or {}
        if self.errors:
            return donnees
        try:
            if donnees["decision"] == "publier":
                actes.verifier_publication(
                    self.instance, self.approbateur_connecte, donnees["essai"] or [], donnees["note"]
                )
            else:
                actes.verifier_rejet(self.instance, self.approbateur_connecte, donnees["note"])
        except Refus as refus:
            self.add_error(refus.champ if refus.champ in self.fields else None, refus.message)
        return donnees


def _arguments(donnees: dict[str, Any]) -> dict[str, Any]:
    """Champs du formulaire de proposition, sous les noms de l'acte."""
    return {
        "famille": donnees["famille"],
        "code": donnees["code"],
        "contenu": donnees["contenu"],
        "source": donnees["source"],
        "certitude": donnees["certitude"],
        "du": donnees["en_vigueur_du"],
        "au": donnees["en_vigueur_au"],
        "justification": donnees["justification"],
        "avis_aux_personnes": donnees["avis_aux_personnes"],
    }


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin[Publication]):
    """Propositions : une personne propose, une autre tranche."""

    list_display = ("famille", "code", "en_vigueur_du", "en_vigueur_au", "etat", "auteur", "approbateur")
    list_filter = ("etat", "famille")
    search_fields = ("code",)
    list_select_related = ("auteur", "approbateur")

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        """Jamais."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        """Une proposition tranchée ne change plus."""
        return super().has_change_permission(request, obj) and (obj is None or obj.etat == Publication.Etat.PROPOSEE)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Le formulaire de proposition, ou celui de décision lié à la personne connectée."""
        if obj is None:
            return PropositionForm
        return type("DecisionLiee", (DecisionForm,), {"approbateur_connecte": request.user})

    def get_fields(self, request: HttpRequest, obj: Publication | None = None) -> Any:
        """Ce qui est proposé, puis ce qu'on en décide."""
        proposes = list(PropositionForm.Meta.fields)
        if obj is None:
            return proposes
        if self.has_change_permission(request, obj):
            return [*proposes, "auteur", "decision", "essai", "note"]
        return [*proposes, "auteur", "etat", "approbateur", "tranchee_le", "essai", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Publication | None = None) -> list[str]:
        """Le contenu proposé ne se retouche pas."""
        return [] if obj is None else [*PropositionForm.Meta.fields, "auteur", "etat", "approbateur", "tranchee_le"]

    def save_model(self, request: HttpRequest, obj: Publication, form: ModelForm[Publication], change: bool) -> None:
        """Passe par l'acte; un refus né entre-temps se dit en clair."""
        donnees = form.cleaned_data
        try:
            if not change:
                obj.pk = actes.proposer(**_arguments(donnees), auteur=request.user).pk
            elif donnees["decision"] == "publier":
                actes.publier_regle(obj, request.user, donnees["essai"] or [], donnees["note"])
            else:
                actes.rejeter_regle(obj, request.user, donnees["note"])
        except Refus as refus:
            self.message_user(request, refus.message, messages.ERROR)


@admin.register(DelaiHabituel)
class DelaiHabituelAdmin(LectureSeule):
    """Délais constatés."""

    list_display = ("etape", "mediane_jours", "p80_jours", "effectif", "calcule_le")
    list_filter = ("etape",)


for _modele in lecture.MODELES:
    admin.site.register(_modele, LigneDateeAdmin)
