"""La personne commence elle-même : un code pour qui l'aidera, un pour un proche qui témoigne, un organisme.

Source : `ecrans-et-lettres.md` B7.3, B8.5. Un code se montre une fois, dans la réponse même.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from comptes.models import PAR_MANDAT, Role
from comptes.reauth import reauthentification_a_l_envoi
from dossiers.actes.codes_confies import en_attente
from dossiers.models import CodeConfie, Dossier
from dossiers.pages import FormulaireActe, personne_de, soumettre
from espaces.mandats_forms import ConfierForm
from espaces.organismes import repertoire
from espaces.views.suivi import commun, mien
from referentiels.regles import plus_mois
from socle import horloge

lire_ou_envoyer = require_http_methods(["GET", "POST"])


def _permis(request: HttpRequest) -> Dossier:
    """Le dossier de la personne, si elle a une demande et peut confirmer un mandat; 404 sinon."""
    dossier, droits = mien(request, "mandat.lire")
    if dossier.courante_lue is None or not droits.peut("mandat.confirmer"):
        raise Http404
    return dossier


@lire_ou_envoyer
def confier(request: HttpRequest) -> HttpResponse:
    """Choisir ce qu'on permet et pour combien de temps, puis recevoir un code à remettre."""
    return _confier(request, _permis(request))


@reauthentification_a_l_envoi
def _confier(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    jour = horloge.aujourd_hui()
    if "annuler" in request.POST:
        return _annuler(request, dossier, CodeConfie.Usage.MANDAT, "suivi_confier")
    forme = ConfierForm(request.POST if request.method == "POST" else None, jour=jour)
    if request.method == "POST" and forme.is_valid():
        fin = plus_mois(jour, int(forme.cleaned_data["mois"]))
        fait, emis = soumettre(
            request, forme, "confier_code", dossier, usage="mandat", portees=forme.cleaned_data["portees"], jusqu_au=fin
        )
        if fait:
            return _remis(request, dossier, emis, "mandat")
    attente = en_attente(dossier, CodeConfie.Usage.MANDAT, jour)
    return render(request, "espaces/suivi_confier.html", commun(dossier, form=forme, attente=attente))


@lire_ou_envoyer
def temoin(request: HttpRequest) -> HttpResponse:
    """Faire un code pour un proche qui écrira ce qu'il voit; il ne lit rien du dossier."""
    return _temoin(request, _permis(request))


@reauthentification_a_l_envoi
def _temoin(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    if "annuler" in request.POST:
        return _annuler(request, dossier, CodeConfie.Usage.TEMOIGNAGE, "suivi_temoin")
    forme = FormulaireActe(request.POST if request.method == "POST" else None)
    if request.method == "POST" and forme.is_valid():
        fait, emis = soumettre(request, forme, "confier_code", dossier, usage="temoignage")
        if fait:
            return _remis(request, dossier, emis, "temoignage")
    attente = en_attente(dossier, CodeConfie.Usage.TEMOIGNAGE, horloge.aujourd_hui())
    return render(request, "espaces/suivi_temoin.html", commun(dossier, form=forme, attente=attente))


def _remis(request: HttpRequest, dossier: Dossier, emis: Any, usage: str) -> HttpResponse:
    adresse = request.build_absolute_uri(reverse("temoigner" if usage == "temoignage" else "mandat_prendre"))
    contexte = commun(dossier, form=None, rendu=emis, usage=usage, adresse=adresse.split("://", 1)[-1])
    return render(request, "espaces/suivi_code_confie.html", contexte)


def _annuler(request: HttpRequest, dossier: Dossier, usage: str, retour: str) -> HttpResponse:
    forme = FormulaireActe(request.POST)
    if forme.is_valid() and soumettre(request, forme, "annuler_code_confie", dossier, usage=usage)[0]:
        messages.success(request, "Le code est annulé. Il n'ouvre plus rien.")
    else:
        messages.info(request, "Ce code n'attendait plus.")
    return redirect(retour)


@require_safe
def organismes_de_la_personne(request: HttpRequest) -> HttpResponse:
    """Les organismes près de la personne; sa région d'abord, une autre si elle le veut."""
    dossier, _droits = mien(request)
    contexte = repertoire(request.GET.get("region", ""), dossier.region)
    return render(request, "espaces/suivi_organismes.html", commun(dossier, **contexte))


@require_safe
def organismes_du_personnel(request: HttpRequest) -> HttpResponse:
    """Le même registre pour l'agent, l'administration et qui tient un mandat."""
    personne = personne_de(request)
    if personne.role not in (Role.AGENT, Role.ADMINISTRATEUR, *PAR_MANDAT):
        raise Http404
    sienne = personne.bureau.region if personne.bureau is not None else ""
    return render(request, "espaces/organismes.html", repertoire(request.GET.get("region", ""), sienne))
