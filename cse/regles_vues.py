"""`/reglages/regles/` : lire une règle et son histoire, essayer une proposition à blanc, trancher, déléguer.

Source : `ecrans-et-lettres.md` B9, point 4; `conception.md` §4.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from comptes.models import Compte, Role
from comptes.reauth import reauthentification_a_l_envoi
from cse import essai_a_blanc, regles_pages
from dossiers.pages import personne_de
from referentiels import actes, delegations, lecture
from referentiels.models import Delegation, Publication
from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.composants import Lien
from socle.pages import poser_refus
from socle.refus import Refus

LECTEURS = (Role.ADMINISTRATEUR, Role.CHEF_EQUIPE)
PERSONNES_MAX = 200


def navigation(request: HttpRequest) -> list[Lien]:
    """Le lien des règles, pour qui les lit."""
    if getattr(request.user, "role", "") not in LECTEURS:
        return []
    return [Lien("Règles", reverse("regles"))]


def _lecteur(request: HttpRequest) -> Compte:
    """La personne connectée, si elle lit les règles; 404 sinon."""
    personne = personne_de(request)
    if personne.role not in LECTEURS:
        raise Http404
    return personne


# --- Lire -------------------------------------------------------------------------------


@require_GET
def regles(request: HttpRequest) -> HttpResponse:
    """Une liste à la fois, telle qu'elle vaut aujourd'hui; les propositions qui attendent d'abord."""
    personne = _lecteur(request)
    famille = request.GET.get("famille", "regle")
    if famille not in lecture.FAMILLES:
        raise Http404
    jour = horloge.aujourd_hui()
    attendent = Publication.objects.filter(etat=Publication.Etat.PROPOSEE).select_related("auteur")
    contexte = {
        "familles": regles_pages.familles(famille),
        "tableau": regles_pages.tableau(famille, jour),
        "attendent": list(attendent.order_by("en_vigueur_du", "pk")[:50]),
        "aides": regles_pages.aides_a_verifier(jour),
        "administre": personne.role == Role.ADMINISTRATEUR,
        "tranche": delegations.peut_trancher(personne, jour),
    }
    return render(request, "regles/regles.html", contexte)


@require_GET
def regle(request: HttpRequest, famille: str, code: str) -> HttpResponse:
    """Un code : ses valeurs passées, présentes et à venir, leur source, qui les a publiées, qui les lit."""
    _lecteur(request)
    if famille not in lecture.FAMILLES:
        raise Http404
    jour = horloge.aujourd_hui()
    versions = regles_pages.versions(famille, code, jour)
    publications = regles_pages.publications(famille, code)
    if not versions and not publications:
        raise Http404
    contexte = {
        "code": code,
        "famille": lecture.FAMILLES[famille]._meta.verbose_name,
        "versions": versions,
        "publications": publications,
        "usage": regles_pages.usage(famille, code),
    }
    return render(request, "regles/regle.html", contexte)


# --- Essayer et trancher ------------------------------------------------------------------


class EssaiForm(forms.Form):
    """Les cas à jouer avec et sans la ligne proposée."""

    cas = forms.MultipleChoiceField(
        label="Cas à jouer",
        widget=forms.CheckboxSelectMultiple,
        help_text=f"De un à {essai_a_blanc.CAS_MAX} cas. Chacun se joue deux fois; rien n'en reste.",
        error_messages={"required": "Choisissez au moins un cas.", "invalid_choice": "Ce cas n'est pas offert."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offerts = [(un.code, f"{un.code} — {un.titre}") for un in essai_a_blanc.cas_offerts()]
        self.fields["cas"].choices = offerts  # type: ignore[attr-defined]

    def clean_cas(self) -> list[str]:
        choisis: list[str] = self.cleaned_data["cas"]
        if len(choisis) > essai_a_blanc.CAS_MAX:
            raise forms.ValidationError(f"Choisissez {essai_a_blanc.CAS_MAX} cas au plus.")
        return choisis


class TrancherForm(forms.Form):
    """Publier ou rejeter, avec une note; `essai` porte le résultat signé."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=(("publier", "Publier"), ("rejeter", "Rejeter")),
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez de publier ou de rejeter."},
    )
    essai = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Exigée pour rejeter, ou si un cas ne concorde plus.",
    )


@require_http_methods(["GET", "POST"])
def proposition(request: HttpRequest, numero: int) -> HttpResponse:
    """Une proposition : ce qu'elle changerait, l'essai à blanc, la décision."""
    personne = _lecteur(request)
    if not delegations.peut_trancher(personne, horloge.aujourd_hui()):
        raise Http404
    publication = get_object_or_404(Publication.objects.select_related("auteur", "approbateur"), pk=numero)
    # Essayer ne change rien et n'engage personne : seule la décision redemande l'identité.
    if request.POST.get("geste") == "essayer":
        return _proposition(request, (personne, publication))
    return _proposition_gardee(request, (personne, publication))


@reauthentification_a_l_envoi
def _proposition_gardee(request: HttpRequest, admis: tuple[Compte, Publication]) -> HttpResponse:
    return _proposition(request, admis)


def _proposition(request: HttpRequest, admis: tuple[Compte, Publication]) -> HttpResponse:
    personne, publication = admis
    geste = request.POST.get("geste", "") if request.method == "POST" else ""
    essai = EssaiForm(request.POST if geste == "essayer" else None)
    trancher = TrancherForm(request.POST if geste == "trancher" else None)
    contexte: dict[str, Any] = {"publication": publication, "essai": essai, "form": trancher}
    if geste == "essayer" and essai.is_valid():
        contexte |= _essayer(publication, essai)
    if geste == "trancher" and trancher.is_valid() and _trancher(publication, personne, trancher):
        messages.success(request, "C'est fait. La décision est inscrite à l'histoire de la règle.")
        return redirect("regle", publication.famille, publication.code)
    contexte["propose"] = regles_pages.contenu_propose(publication)
    contexte["ouverte"] = publication.etat == Publication.Etat.PROPOSEE
    contexte["mienne"] = publication.auteur_id == personne.pk
    return render(request, "regles/proposition.html", contexte)


def _essayer(publication: Publication, form: EssaiForm) -> dict[str, Any]:
    """Le résultat, à lire, et signé dans le formulaire de décision."""
    choisis = set(form.cleaned_data["cas"])
    cas = [un for un in essai_a_blanc.cas_offerts() if un.code in choisis]
    try:
        essais = essai_a_blanc.essayer(publication, cas)
    except Refus as refus:
        poser_refus(form, refus)
        return {}
    scelle = essai_a_blanc.sceller(publication, essais)
    return {"essais": essais, "form": TrancherForm(initial={"essai": scelle})}


def _trancher(publication: Publication, personne: Compte, form: TrancherForm) -> bool:
    lues = form.cleaned_data
    try:
        if lues["decision"] == "rejeter":
            actes.rejeter_regle(publication, personne, lues["note"])
        else:
            actes.publier_regle(publication, personne, essai_a_blanc.ouvrir(publication, lues["essai"]), lues["note"])
    except Refus as refus:
        form.add_error("note" if refus.champ == "note" else None, refus.message)
        return False
    return True


# --- Déléguer -----------------------------------------------------------------------------


class DelegationForm(forms.Form):
    """Qui est absent, qui publie à sa place, quand et pourquoi."""

    titulaire = forms.ModelChoiceField(Compte.objects.none(), label="Qui sera absent?", empty_label="Choisir")
    delegue = forms.ModelChoiceField(Compte.objects.none(), label="Qui publie à sa place?", empty_label="Choisir")
    du = ChampDate(label="Premier jour")
    au = ChampDate(label="Dernier jour")
    motif = forms.CharField(label="Pourquoi?", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actifs = Compte.objects.filter(is_active=True).order_by("nom", "prenom", "pk")
        self.fields["titulaire"].queryset = actifs.filter(role__in=delegations.DE_PLEIN_DROIT)  # type: ignore[attr-defined]
        self.fields["delegue"].queryset = actifs.filter(role__in=delegations.DELEGABLES)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def deleguer(request: HttpRequest) -> HttpResponse:
    """Les délégations en cours et à venir; en nommer une, en révoquer une."""
    personne = _lecteur(request)
    if personne.role != Role.ADMINISTRATEUR:
        raise Http404
    return _deleguer(request, personne)


@reauthentification_a_l_envoi
def _deleguer(request: HttpRequest, personne: Compte) -> HttpResponse:
    revoque = request.POST.get("revoquer", "") if request.method == "POST" else ""
    if revoque:
        return _revoquer(request, personne, revoque)
    form = DelegationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            delegations.nommer(**form.cleaned_data, nommee_par=personne)
        except Refus as refus:
            poser_refus(form, refus)
        else:
            messages.success(request, "La délégation est notée.")
            return redirect("regles_delegations")
    jour = horloge.aujourd_hui()
    vivantes = Delegation.objects.filter(au__gte=jour, revoquee_le__isnull=True)
    lues = list(vivantes.select_related("titulaire", "delegue", "nommee_par").order_by("du", "pk")[:PERSONNES_MAX])
    return render(request, "regles/delegations.html", {"form": form, "lues": lues})


def _revoquer(request: HttpRequest, personne: Compte, numero: str) -> HttpResponse:
    visee = get_object_or_404(Delegation, pk=numero if numero.isdecimal() and len(numero) < 19 else 0)
    try:
        delegations.revoquer(visee, personne)
    except Refus as refus:
        messages.info(request, refus.message)
    else:
        messages.success(request, "La délégation est révoquée.")
    return redirect("regles_delegations")
