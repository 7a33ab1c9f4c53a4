"""Entrer dans son suivi : numéro de dossier et date de naissance, puis un code à usage unique.

La même réponse, au même rythme, que le dossier existe ou non. Source : `ecrans-et-lettres.md` B8.1, B8.10;
`epreuves.md` S01 à S03.
"""

from __future__ import annotations

import time
from datetime import date

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes import codes
from comptes.forms import AccesSuiviForm, CodeRecuForm
from comptes.langue import CLE as CLE_LANGUE
from comptes.langue import langue_de
from comptes.models import Compte, Role
from correspondance.signaux import telephone
from dossiers.actes.code_suivi import demander_par_la_poste
from dossiers.models import Dossier
from journal.actes import consigner

MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"
CLE = "suivi_acces"
DUREE_ACCES = 15 * 60  # s : le temps de recevoir le code
PLANCHER = 0.3  # s : toute réponse prend au moins ce temps
PAR_LA_POSTE = "par_la_poste"
LETTRE_DEMANDEE = (
    "Si ces renseignements sont au dossier, une lettre avec un code part au prochain envoi, à l'adresse du dossier. "
    "Revenez ici avec le code."
)
DIRE_COMMENT = (
    "Nous n'avons ni courriel ni numéro de texto pour vous. Dans « Comment me joindre », vous pouvez en donner un : "
    "vous entrerez alors sans attendre une lettre."
)
TROP = "Trop d'essais d'ici. Attendez 15 minutes, ou appelez-nous."


def _adresse(request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))


def _attendre(debut: float) -> None:
    time.sleep(max(0.0, PLANCHER - (time.monotonic() - debut)))


def trouver(reference: str, naissance: date) -> Compte | None:
    """Le compte du prestataire que nomment ensemble la référence et la date de naissance, ou None."""
    dossier = (
        Dossier.objects.filter(reference=reference, naissance=naissance)
        .select_related("prestataire", "fusionne_dans__prestataire")
        .first()
    )
    # Le numéro d'un dossier réuni à un autre, sur une vieille lettre, mène au dossier gardé.
    garde = (dossier.fusionne_dans or dossier) if dossier is not None else None
    compte = garde.prestataire if garde is not None else None
    return compte if compte is not None and compte.is_active and compte.role == Role.PRESTATAIRE else None


@login_not_required
@require_http_methods(["GET", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    """Demander un code, tout de suite ou par la poste; la page suivante est la même pour tous."""
    if isinstance(request.user, Compte) and request.user.role == Role.PRESTATAIRE:
        return redirect("suivi")
    debut = time.monotonic()
    forme = AccesSuiviForm(request.POST or None)
    if request.method == "POST" and forme.is_valid():
        if not codes.source_permise(_adresse(request)):
            forme.add_error(None, TROP)
        else:
            compte = trouver(forme.cleaned_data["reference"], forme.cleaned_data["naissance"])
            par_la_poste = PAR_LA_POSTE in request.POST
            if compte is not None:
                demander_par_la_poste(compte) if par_la_poste else codes.envoyer(compte)
            if par_la_poste:
                messages.info(request, LETTRE_DEMANDEE)
                _attendre(debut)
                return redirect("suivi_connexion")
            request.session[CLE] = {"compte": compte.pk if compte else None, "a": int(time.time())}
            _attendre(debut)
            return redirect("suivi_code")
    _attendre(debut if request.method == "POST" else debut - PLANCHER)
    return render(request, "espaces/suivi_connexion.html", {"form": forme, "telephone": telephone()})


@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Vérifier le code et ouvrir la séance, avec un identifiant de séance neuf."""
    acces = request.session.get(CLE)
    if not isinstance(acces, dict) or not 0 <= time.time() - acces.get("a", 0) < DUREE_ACCES:
        return redirect("suivi_connexion")
    debut = time.monotonic()
    forme = CodeRecuForm(request.POST or None)
    if request.method == "POST" and forme.is_valid():
        permis = codes.source_permise(_adresse(request))
        compte = Compte.objects.filter(pk=acces["compte"], is_active=True).first() if acces.get("compte") else None
        if permis and compte is not None and codes.verifier(compte, forme.cleaned_data["code"]):
            langue = langue_de(request)
            request.session.flush()
            login(request, compte, backend=MOTEUR)
            if langue != langue_de(request):
                request.session[CLE_LANGUE] = langue
            consigner("entrer_au_suivi", acteur=compte)
            if not compte.email and not compte.telephone_texto:
                messages.info(request, DIRE_COMMENT)
            return redirect("suivi")
        forme.add_error("code" if permis else None, codes.MESSAGE_REFUS if permis else TROP)
        _attendre(debut)
    return render(request, "espaces/suivi_code.html", {"form": forme, "telephone": telephone()})
