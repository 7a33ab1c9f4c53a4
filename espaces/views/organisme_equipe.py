"""Le gestionnaire d'un organisme : ses collègues, les mandats de chacun; en inscrire un, en retirer un.

Un mandat s'y montre par le numéro du dossier et sa fin : gérer n'ouvre aucun dossier. Source : B7.8; `epreuves.md` A04.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from comptes import actes
from comptes.models import Compte, Role
from comptes.reauth import reauthentification_a_l_envoi
from dossiers.models import Mandat
from espaces.mandats_forms import CollegueForm
from espaces.views.organisme import par_mandat
from socle import horloge
from socle.pages import poser_refus
from socle.refus import Refus

MANDATS_MONTRES = 200


def _gestionnaire(request: HttpRequest) -> Compte:
    personne = par_mandat(request)
    if not personne.gestionnaire_organisme or personne.organisme_id is None:
        raise Http404
    return personne


@require_http_methods(["GET", "POST"])
def equipe(request: HttpRequest) -> HttpResponse:
    """Les collègues et leurs mandats; en inscrire un nouveau."""
    return _equipe(request, _gestionnaire(request))


@reauthentification_a_l_envoi
def _equipe(request: HttpRequest, personne: Compte) -> HttpResponse:
    forme = CollegueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and forme.is_valid():
        lues = {nom: forme.cleaned_data[nom] for nom in ("prenom", "nom", "email")}
        try:
            actes.inscrire_collegue(personne, **lues)
            messages.success(request, "Votre collègue est inscrit. Un mot de passe se choisit à la première entrée.")
            return redirect("organisme_equipe")
        except Refus as refus:
            poser_refus(forme, refus)
    return render(
        request,
        "espaces/organisme_equipe.html",
        {"form": forme, "organisme": personne.organisme, "membres": _membres(personne)},
    )


def _membres(personne: Compte) -> list[dict[str, Any]]:
    """Chaque collègue et ses mandats vivants, par numéro de dossier."""
    jour = horloge.aujourd_hui()
    membres = list(
        Compte.objects.filter(role=Role.INTERVENANT, organisme=personne.organisme_id, is_active=True).order_by(
            "nom", "prenom", "pk"
        )
    )
    mandats = Mandat.objects.vivants(jour).filter(intervenant__in=membres).select_related("dossier")
    tenus: dict[int, list[Mandat]] = {}
    # De l'organisme de la personne : `intervenant__in` en fait la borne.
    for mandat in mandats.order_by("jusqu_au", "pk")[:MANDATS_MONTRES]:
        tenus.setdefault(mandat.intervenant_id, []).append(mandat)
    return [{"compte": un, "soi": un.pk == personne.pk, "mandats": tenus.get(un.pk, [])} for un in membres]


@require_http_methods(["GET", "POST"])
def retirer(request: HttpRequest, numero: int) -> HttpResponse:
    """Retirer un collègue de l'organisme, après avoir dit ce que cela ferme."""
    personne = _gestionnaire(request)
    memes = Compte.objects.filter(role=Role.INTERVENANT, organisme=personne.organisme_id).exclude(pk=personne.pk)
    return _retirer(request, (personne, get_object_or_404(memes, pk=numero)))


@reauthentification_a_l_envoi
def _retirer(request: HttpRequest, qui: tuple[Compte, Compte]) -> HttpResponse:
    personne, vise = qui
    if request.method == "POST":
        try:
            actes.retirer_de_l_organisme(personne, vise)
            messages.success(request, "C'est fait : ses accès et ses mandats ont pris fin.")
        except Refus as refus:
            messages.error(request, refus.message)
        return redirect("organisme_equipe")
    vivants = Mandat.objects.vivants(horloge.aujourd_hui()).filter(intervenant=vise)
    tenus = list(vivants.select_related("dossier").order_by("jusqu_au", "pk")[:MANDATS_MONTRES])
    return render(request, "espaces/organisme_retirer.html", {"vise": vise, "mandats": tenus})
