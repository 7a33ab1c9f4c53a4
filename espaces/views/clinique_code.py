"""Entrer un code patient : la seconde façon, pour un professionnel de la santé, d'ouvrir un rapport à remplir.

Le code ne montre rien avant que le permis soit vérifié. Un code qui n'ouvre pas reçoit toujours la même réponse,
au même rythme. Source : `docs/formulaires.md`, « Code de patient »; `epreuves.md` S01 à S03.
"""

from __future__ import annotations

import time
from datetime import date, datetime

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes import essais
from comptes.lecture import permis_verifie
from comptes.models import Compte, Permis
from correspondance.signaux import telephone
from dossiers.actes.codes import N_OUVRE_RIEN, USAGE, presenter
from dossiers.forms_code import CodePatientForm
from dossiers.pages import personne_de
from espaces.views.clinique import clinicienne_de
from socle import horloge

PLANCHER = 0.3  # s : une réponse à un code prend au moins ce temps
OUVERT = "Le dossier est ouvert. Il est maintenant dans vos rapports."


def adresse_de(request: HttpRequest) -> str:
    """L'adresse d'où vient la requête, pour compter les essais."""
    return str(get_adapter(request).get_client_ip(request))


def pourquoi_sans_permis(personne: Compte) -> str:
    """Ce qui empêche d'employer un code, dit au clinicien sur son propre permis; vide si rien."""
    jour = horloge.aujourd_hui()
    if permis_verifie(personne, jour) is not None:
        return ""
    dernier = Permis.objects.filter(compte=personne).order_by("-pk").first()
    if dernier is None:
        return "absent"
    return "echu" if dernier.expire_le is not None and dernier.expire_le < jour else "a-verifier"


def echu_le(personne: Compte) -> date | None:
    """Dernier jour du permis le plus récent au compte, s'il en a un."""
    return Permis.objects.filter(compte=personne).order_by("-pk").values_list("expire_le", flat=True).first()


@require_http_methods(["GET", "POST"])
def entrer_un_code(request: HttpRequest) -> HttpResponse:
    """Lit un code et ouvre le rapport de la personne, ou redit comment faire."""
    personne = clinicienne_de(request)
    permis, debut = pourquoi_sans_permis(personne), time.monotonic()
    forme = CodePatientForm(request.POST or None)
    pause = essais.fin_de_pause(essais.sources(USAGE, personne, adresse_de(request))) if not permis else None
    if request.method == "POST" and not permis and pause is None and forme.is_valid():
        issue = presenter(personne, forme.cleaned_data["code"], adresse=adresse_de(request), cle=forme.jeton)
        if issue.dossier is not None:
            messages.success(request, OUVERT)
            return redirect("sr2100", issue.dossier.reference)
        forme.add_error("code", N_OUVRE_RIEN)
        pause = issue.pause
        time.sleep(max(0.0, PLANCHER - (time.monotonic() - debut)))
    return _page(request, forme, permis, pause)


def _page(request: HttpRequest, forme: CodePatientForm, permis: str, pause: datetime | None) -> HttpResponse:
    contexte = {
        "form": forme if not permis else CodePatientForm(),
        "permis": permis,
        "echu_le": echu_le(personne_de(request)) if permis else None,
        "pause": pause,
        "telephone": telephone(),
    }
    return render(request, "espaces/clinique_code.html", contexte, status=429 if pause is not None else 200)
