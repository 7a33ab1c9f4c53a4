"""« Bien remplir en 3 minutes », pour tous; les appels et les temps, pour qui tient la ligne et l'équipe."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from comptes.models import Compte
from correspondance.signaux import telephone
from dossiers.pages import FormulaireActe, personne_de
from formulaires import appels, mesure
from formulaires.actes.appels import ROLES, noter_appel
from formulaires.models import AppelClinicien
from referentiels import lecture as referentiels
from socle import horloge
from socle.pages import poser_refus
from socle.refus import Refus

DERNIERS = 20


@login_not_required
@require_safe
def bien_remplir(request: HttpRequest) -> HttpResponse:
    """Trois minutes de lecture, deux exemples fictifs; les questions fréquentes viennent des appels."""
    frequentes = [une for une in appels.recurrences() if une.recurrent]
    contexte = {"frequentes": frequentes, "telephone": telephone()}
    return render(request, "formulaires/bien_remplir.html", contexte)


class AppelForm(FormulaireActe):
    """Un appel : aucun nom, aucun dossier."""

    qui = forms.ChoiceField(
        label="Qui appelait?",
        choices=AppelClinicien.Qui.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez qui appelait."},
    )
    sujet = forms.ChoiceField(
        label="Sur quoi?", widget=forms.RadioSelect, error_messages={"required": "Choisissez le sujet de l'appel."}
    )
    mal_compris = forms.CharField(
        label="Ce qui était mal compris",
        help_text="En une phrase, sans nom ni diagnostic.",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-compte": 300}),
    )
    reponse = forms.CharField(
        label="La réponse donnée",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "data-compte": 600}),
        error_messages={"required": "Écrivez la réponse donnée, en une ou deux phrases."},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        sujets = referentiels.sujets_appel(horloge.aujourd_hui())
        champ = self.fields["sujet"]
        assert isinstance(champ, forms.ChoiceField)  # noqa: S101 - pour le vérificateur de types
        champ.choices = [(un.code, un.dit("libelle")) for un in sujets]


def _permise(request: HttpRequest) -> Compte:
    personne = personne_de(request)
    if personne.role not in ROLES:
        raise Http404
    return personne


@require_http_methods(["GET", "POST"])
def tenir(request: HttpRequest) -> HttpResponse:
    """Les appels des cliniciens, les sujets qui reviennent, le temps de chaque page; et noter un appel."""
    personne = _permise(request)
    form = AppelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        lues = {nom: form.cleaned_data[nom] for nom in ("qui", "sujet", "mal_compris", "reponse")}
        try:
            noter_appel(personne, cle=form.jeton, **lues)
        except Refus as refus:
            poser_refus(form, refus)
        else:
            messages.success(request, "L'appel est noté. S'il revient souvent, la page d'aide y répondra.")
            return redirect("appels_cliniciens")
    sujets = {un.code: un.dit("libelle") for un in referentiels.sujets_appel(horloge.aujourd_hui())}
    derniers = [(un, sujets.get(un.sujet, "Sujet retiré")) for un in AppelClinicien.objects.all()[:DERNIERS]]
    contexte = {
        "form": form,
        "recurrences": appels.recurrences(),
        "periode": appels.periode(),
        "seuil": appels.seuil(),
        "derniers": derniers,
        "temps": mesure.temps_par_page(),
        "jours": mesure.JOURS,
    }
    return render(request, "formulaires/appels.html", contexte)
