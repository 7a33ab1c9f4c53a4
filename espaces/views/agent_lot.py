"""Gestes en lot de l'agent, et ses filtres gardés."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from comptes.models import Compte
from dossiers.actes import filtres as actes
from dossiers.models import Dossier
from espaces import files, lots
from espaces.attribution import FormulaireAttribution, attribuer, confies_en_mots
from espaces.filtres import Filtre, FormulaireNom
from espaces.views.agent import agent_de
from socle.pages import poser_refus
from socle.refus import Refus

LOT_MAX = 25  # dossiers d'une page de file
TITRES = {lots.ATTRIBUER: "Confier des dossiers", "relancer": "Relancer ce qui est attendu"}


def _coches(request: HttpRequest, agent: Compte) -> list[Dossier]:
    """Les dossiers nommés par l'envoi, parmi ceux que l'agent voit; un autre se tait."""
    voulus = [*request.POST.getlist("dossiers"), *request.POST.getlist("page")][: 2 * LOT_MAX]
    lus = files.du_bureau(agent).filter(reference__in=voulus, fusionne_dans__isnull=True)
    return list(lus.order_by("cle_tri", "pk")[:LOT_MAX])


@require_POST
def lot(request: HttpRequest) -> HttpResponse:
    """Confier ou relancer les dossiers cochés; tout autre geste n'existe pas ici (404)."""
    agent = agent_de(request)
    geste = request.POST.get("geste", "")
    if geste not in TITRES or (geste == "relancer" and not lots.relance_possible()):
        raise Http404
    page = _coches(request, agent)
    envoi = request.POST if "fait" in request.POST else None
    form: Any
    if geste == lots.ATTRIBUER:
        form = FormulaireAttribution(envoi, page=page, bureau_id=agent.bureau_id)
    else:
        form = lots.FormulaireRelances(envoi, page=page)
    if envoi is None:
        form.initial["dossiers"] = request.POST.getlist("dossiers")
    elif form.is_valid():
        faits = attribuer(agent, form) if geste == lots.ATTRIBUER else lots.relancer(agent, form)
        dit = confies_en_mots(faits) if geste == lots.ATTRIBUER else f"{faits} relance{'s' if faits > 1 else ''}."
        if faits or form.is_valid():
            messages.success(request, dit)
        if form.is_valid():
            return redirect(_retour(request))
    contexte = {
        "form": form, "geste": geste, "titre": TITRES[geste], "page": page, "retour": _retour(request),
        "filtre": Filtre.lire(request.POST).criteres,
    }  # fmt: skip
    return render(request, "espaces/agent_lot.html", contexte)


def _retour(request: HttpRequest) -> str:
    """L'adresse de la file, avec les filtres d'où l'on vient : refaite de codes connus, jamais recopiée."""
    criteres = Filtre.lire(request.POST).criteres
    return f"{reverse('travail')}?{urlencode(criteres)}" if criteres else reverse("travail")


@require_http_methods(["POST"])
def filtres(request: HttpRequest) -> HttpResponse:
    """Garder le filtre affiché sous un nom, ou retirer un de ses filtres."""
    agent = agent_de(request)
    retire = request.POST.get("retirer", "")
    form = FormulaireNom(request.POST)
    criteres = Filtre.lire(request.POST).criteres
    try:
        if retire:
            actes.retirer_filtre(agent, int(retire) if retire.isascii() and retire.isdigit() else 0)
            messages.success(request, "Le filtre est retiré.")
            return redirect("travail")
        if criteres and form.is_valid():
            garde = actes.garder_filtre(agent, nom=form.cleaned_data["nom"], criteres=criteres)
            messages.success(request, f"Le filtre « {garde.nom} » est gardé.")
            return redirect(f"{reverse('travail')}?filtre={garde.pk}")
    except Refus as refus:
        poser_refus(form, refus)
    contexte = {"form": form, "filtre": criteres, "retour": _retour(request)}
    return render(request, "espaces/agent_filtre.html", contexte)
