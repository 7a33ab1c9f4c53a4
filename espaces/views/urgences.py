"""Les personnes à rappeler aujourd'hui, et la garde d'un bureau. Source : `docs/rencontres.md`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.models import Compte, Role, Unite
from dossiers import urgences as lecture
from dossiers.actes.alertes import clore_signalement, noter_garde
from dossiers.forms import zone
from dossiers.models import Alerte, Dossier, Garde
from dossiers.pages import personne_de
from espaces.views.equipe import chef_de
from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.composants import Ligne
from socle.dates_en_mots import date_longue
from socle.pages import poser_refus
from socle.refus import Refus

QUI_RAPPELLE = (Role.AGENT, Role.CHEF_EQUIPE, Role.ADMINISTRATEUR)
LISTE_MAX = 50
A_VENIR = timedelta(days=28)  # gardes montrées
lire_ou_envoyer = require_http_methods(["GET", "POST"])


class FormulaireSuite(forms.Form):
    """Ce qui a été fait d'un signalement sans dossier."""

    signalement = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    note = zone("Ce qui a été fait", maximum=600, rangs=3, aide="Qui vous avez joint, quand, et la suite.")


class FormulaireGarde(forms.Form):
    """Qui répond, ce jour-là, des détresses signalées au bureau."""

    jour = ChampDate(label="Quel jour?")
    compte = forms.ChoiceField(label="Qui répond?", required=False)

    def __init__(self, *args: Any, collegues: list[Compte], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collegues = {str(un.pk): un for un in collegues}
        champ = self.fields["compte"]
        if isinstance(champ, forms.ChoiceField):
            champ.choices = [("", "Le chef d'équipe"), *((cle, un.nom_complet) for cle, un in self.collegues.items())]


def _alerte(une: Alerte, jour: date) -> dict[str, Any]:
    return {
        "alerte": une,
        "consigne": lecture.consigne(une.code, jour),
        "dossier": une.dossier,
        "avant": lecture.avant_en_mots(une.avant_le, jour),
    }


@lire_ou_envoyer
def urgences(request: HttpRequest) -> HttpResponse:
    """Les alertes et les signalements dont cette personne répond, et de quoi dire ce qui a été fait."""
    personne = personne_de(request)
    if personne.role not in QUI_RAPPELLE:
        raise Http404
    jour = horloge.aujourd_hui()
    envoye = FormulaireSuite(request.POST) if request.method == "POST" else None
    if envoye is not None and envoye.is_valid():
        try:
            clore_signalement(personne, envoye.cleaned_data["signalement"], note=envoye.cleaned_data["note"])
        except Refus as refus:
            poser_refus(envoye, refus)
        else:
            messages.success(request, "C'est noté. Le signalement est clos.")
            return redirect("urgences")
    signalements = list(lecture.signalements_pour(personne)[:LISTE_MAX])
    visibles = _visibles(personne, [un.reference for un in signalements if un.reference])
    vise = str(envoye.data.get("signalement", "")) if envoye is not None else ""
    contexte = {
        "jour": jour,
        "form": envoye,
        "alertes": [_alerte(une, jour) for une in lecture.alertes_pour(personne)[:LISTE_MAX]],
        "signalements": [
            {
                "signalement": un,
                "dossier": un.reference if un.reference in visibles else "",
                "form": envoye
                if envoye is not None and vise == str(un.pk)
                else FormulaireSuite(initial={"signalement": un.pk}, auto_id=f"suite_{un.pk}_%s"),
            }
            for un in signalements
        ],
        "administrateur": personne.role == Role.ADMINISTRATEUR,
    }
    return render(request, "espaces/urgences.html", contexte)


def _visibles(personne: Compte, references: list[str]) -> set[str]:
    """Parmi les numéros écrits, ceux que cette personne peut ouvrir."""
    if not references:
        return set()
    return set(
        Dossier.objects.visibles_par(personne).filter(reference__in=references).values_list("reference", flat=True)
    )


@lire_ou_envoyer
def garde(request: HttpRequest) -> HttpResponse:
    """Le chef d'un bureau dit qui répond chaque jour; personne de nommé, c'est lui."""
    chef = chef_de(request)
    if chef.unite != Unite.BUREAU or chef.bureau_id is None:
        raise Http404
    collegues = list(
        Compte.objects.filter(role=Role.AGENT, bureau=chef.bureau_id, is_active=True).order_by("nom", "prenom", "pk")
    )
    form = FormulaireGarde(request.POST or None, collegues=collegues)
    if request.method == "POST" and form.is_valid():
        vise = form.collegues.get(form.cleaned_data["compte"])
        try:
            noter_garde(chef, jour=form.cleaned_data["jour"], compte=vise)
        except Refus as refus:
            poser_refus(form, refus)
        else:
            qui = vise.nom_complet if vise is not None else "Le chef d'équipe"
            messages.success(request, f"{qui} répond le {date_longue(form.cleaned_data['jour'])}.")
            return redirect("equipe_garde")
    jour = horloge.aujourd_hui()
    notees = Garde.objects.filter(bureau=chef.bureau_id, jour__range=(jour, jour + A_VENIR)).select_related("compte")
    lignes = [Ligne(date_longue(une.jour), une.compte.nom_complet) for une in notees.order_by("jour")]
    return render(request, "espaces/equipe_garde.html", {"form": form, "lignes": lignes})
