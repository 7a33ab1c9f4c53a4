"""Noter une absence : la sienne, ou celle d'un membre de l'équipe pour un chef."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes import absences as actes
from comptes.models import ROLES_PERSONNEL, Compte, Role
from dossiers.pages import personne_de
from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.composants import Ligne
from socle.dates_en_mots import date_moyenne
from socle.pages import poser_refus
from socle.refus import Refus

PERSONNES_MAX = 200


class FormulaireAbsence(forms.Form):
    """Qui, du premier au dernier jour, et qui remplace."""

    personne = forms.ChoiceField(label="Qui sera absent?")
    du = ChampDate(label="Premier jour d'absence")
    au = ChampDate(label="Dernier jour d'absence")
    remplacant = forms.ChoiceField(label="Qui remplace?", required=False)

    def __init__(self, *args: Any, membres: list[Compte], soi: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membres = {str(un.pk): un for un in membres}
        self.soi = soi
        noms = [(cle, un.nom_complet) for cle, un in self.membres.items()]
        self.membres.setdefault(str(soi.pk), soi)
        remplacants, personnes = self.fields["remplacant"], self.fields["personne"]
        if isinstance(remplacants, forms.ChoiceField) and isinstance(personnes, forms.ChoiceField):
            remplacants.choices = [("", "Personne en particulier"), *(un for un in noms if un[0] != str(soi.pk))]
            personnes.choices = [("", "Choisir une personne"), (str(soi.pk), "Moi"), *noms]
        if soi.role != Role.CHEF_EQUIPE:
            del self.fields["personne"]

    def visee(self) -> Compte:
        """La personne absente : celle choisie par le chef, ou soi-même."""
        return self.membres[self.cleaned_data["personne"]] if "personne" in self.fields else self.soi


def _membres(personne: Compte) -> list[Compte]:
    return list(Compte.objects.filter(actes.collegues(personne)).order_by("nom", "prenom", "pk")[:PERSONNES_MAX])


def _lignes(notees: list[Compte], membres: list[Compte]) -> list[Ligne]:
    """Absences notées; la plus proche d'abord."""
    par_compte = {un.pk: un for un in membres}
    lignes = []
    for un in notees:
        if un.absent_jusqu_au is None:
            continue
        debut = f"Du {date_moyenne(un.absent_du)} au" if un.absent_du else "Jusqu'au"
        remplacant = par_compte.get(un.remplacant_id or 0)
        qui = f"; {remplacant.nom_complet} remplace" if remplacant else ""
        lignes.append(Ligne(un.nom_complet, f"{debut} {date_moyenne(un.absent_jusqu_au)}{qui}"))
    return lignes


def _jouer(request: HttpRequest, personne: Compte, form: FormulaireAbsence) -> bool:
    """Note l'absence, ou efface celle d'une personne de retour; vrai si c'est fait."""
    try:
        actes.declarer_absence(
            personne,
            form.visee(),
            du=form.cleaned_data["du"],
            au=form.cleaned_data["au"],
            remplacant=form.membres.get(form.cleaned_data["remplacant"]),
        )
    except Refus as refus:
        poser_refus(form, refus)
        return False
    messages.success(request, "L'absence est notée. Aucun dossier ne sera confié à cette personne ces jours-là.")
    return True


def _retour(request: HttpRequest, personne: Compte, membres: list[Compte]) -> bool:
    visee = next((un for un in [*membres, personne] if str(un.pk) == request.POST.get("retour")), None)
    if visee is None:
        return False
    try:
        actes.finir_absence(personne, visee)
    except Refus as refus:
        messages.info(request, refus.message)
    else:
        messages.success(request, f"L'absence de {visee.nom_complet} est effacée.")
    return True


@require_http_methods(["GET", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Les absences notées, et de quoi en noter une ou l'effacer."""
    personne = personne_de(request)
    if personne.role not in ROLES_PERSONNEL or personne.role == Role.ADMINISTRATEUR:
        raise Http404
    membres = _membres(personne)
    if request.method == "POST" and "retour" in request.POST and _retour(request, personne, membres):
        return redirect("absences")
    envoi = request.POST if request.method == "POST" and "retour" not in request.POST else None
    form = FormulaireAbsence(envoi, membres=membres, soi=personne)
    if form.is_valid() and _jouer(request, personne, form):
        return redirect("absences")
    chef = personne.role == Role.CHEF_EQUIPE
    jour = horloge.aujourd_hui()
    # Celles des collègues ne regardent que leur chef.
    vus = [*membres, personne] if chef else [personne]
    notees = sorted(
        (un for un in vus if un.absent_jusqu_au and un.absent_jusqu_au >= jour), key=lambda un: un.absent_du or jour
    )
    contexte = {"form": form, "chef": chef, "lignes": _lignes(notees, membres), "notees": notees}
    return render(request, "espaces/absences.html", contexte)
