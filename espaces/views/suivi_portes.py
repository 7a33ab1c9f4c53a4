"""Ceux qui n'ont pas de clinicien : le répertoire daté des portes, et changer de clinicien.

Source : étude SOM, obstacles 4 à 9; `docs/formulaires.md`, « Sans clinicien ».
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from comptes.models import PAR_MANDAT, Compte, Role
from dossiers.models import Invitation
from dossiers.pages import FormulaireActe, personne_de, soumettre
from espaces.views.suivi import commun, mien
from referentiels import lecture as referentiels
from referentiels.models import PorteSoins
from socle import horloge

CHANGE = (
    "C'est fait. Nous ne lui demandons plus le rapport. "
    "Ce que cette personne a déjà signé reste au dossier, et elle peut le relire."
)


@dataclass(frozen=True)
class GroupeDePortes:
    """Les portes d'une région, ou celles ouvertes partout."""

    titre: str
    portes: list[PorteSoins]


def _contexte(demandee: str, sienne: str = "") -> dict[str, Any]:
    """Le répertoire du jour : la région voulue, puis partout; sans région, toutes, région par région."""
    jour = horloge.aujourd_hui()
    regions = [(une.code, une.dit("libelle")) for une in referentiels.regions(jour)]
    noms = dict(regions)
    voulue = demandee if demandee in noms or demandee == "toutes" else sienne
    lues = referentiels.portes(jour, voulue if voulue in noms else "")
    titres = {**noms, "": "Partout au Québec"}
    # Une région qui n'est plus à la liste garde ses portes à l'écran.
    retirees = sorted({porte.region for porte in lues} - set(titres))
    groupes = [
        GroupeDePortes(titres.get(code, "Autre région"), portes)
        for code in [*titres, *retirees]
        if (portes := [porte for porte in lues if porte.region == code])
    ]
    return {
        "groupes": groupes,
        "regions": regions,
        "voulue": voulue if voulue in noms else "",
        "nom_voulue": noms.get(voulue, ""),
        "locales": any(porte.region == voulue for porte in lues) if voulue in noms else True,
        "inventees": any(porte.demonstration for porte in lues),
    }


@require_safe
def portes_de_la_personne(request: HttpRequest) -> HttpResponse:
    """Les portes près de la personne; sa région d'abord, une autre si elle le veut."""
    dossier, _droits = mien(request)
    contexte = _contexte(request.GET.get("region", ""), dossier.region)
    contexte["avec_demande"] = dossier.courante_lue is not None
    return render(request, "espaces/suivi_portes.html", commun(dossier, **contexte))


@require_safe
def portes_du_personnel(request: HttpRequest) -> HttpResponse:
    """Le même répertoire pour l'agent et la personne-ressource."""
    personne = personne_de(request)
    if personne.role not in (Role.AGENT, *PAR_MANDAT):
        raise Http404
    sienne = personne.bureau.region if personne.bureau is not None else ""
    contexte = _contexte(request.GET.get("region", ""), sienne)
    accueil = "organisme" if personne.role in PAR_MANDAT else "travail"
    return render(request, "espaces/portes.html", {**contexte, "url_retour": reverse(accueil)})


@require_POST
def changer(request: HttpRequest) -> HttpResponse:
    """La personne ne veut plus demander le rapport à quelqu'un; elle en choisit un autre quand elle veut."""
    dossier, droits = mien(request)
    if not droits.peut("clinicien.inviter"):
        raise Http404
    numero = request.POST.get("clinicien", "")
    vivante = Invitation.objects.filter(
        demande__dossier=dossier, clinicien_id=int(numero) if numero.isdecimal() and len(numero) < 12 else 0
    ).first()
    vise: Compte | None = vivante.clinicien if vivante is not None else None
    forme = FormulaireActe(request.POST)
    if forme.is_valid() and soumettre(request, forme, "retirer_invitation", dossier, clinicien=vise)[0]:
        messages.success(request, CHANGE)
    else:
        messages.warning(request, "Cette personne n'est plus sur votre liste. Rien n'a changé.")
    return redirect("suivi_clinicien")
