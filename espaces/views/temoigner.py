"""Le témoignage d'un proche : une page publique, qu'ouvre le code remis par la personne, et rien d'autre.

Aucun nom, aucun numéro, aucun état du dossier n'y paraît. Un code qui n'ouvre pas reçoit toujours la même réponse, au
même rythme. Source : `epreuves.md` S03; étude SOM, obstacle 8.
"""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptes import essais
from correspondance.signaux import telephone
from dossiers.actes.codes_confies import N_OUVRE_RIEN
from dossiers.actes.temoignages import USAGE, code_bon, ecrire
from espaces.mandats_forms import CodeTemoinForm, TemoignageForm
from espaces.views.clinique_code import PLANCHER, adresse_de
from socle.pages import poser_refus


def _attendre(debut: float) -> None:
    time.sleep(max(0.0, PLANCHER - (time.monotonic() - debut)))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def temoigner(request: HttpRequest) -> HttpResponse:
    """Entrer le code, puis écrire; les deux à la même adresse, sans séance ni témoin de connexion."""
    if request.method == "POST" and "temoin" in request.POST:
        return _ecrire(request)
    debut, adresse = time.monotonic(), adresse_de(request)
    forme = CodeTemoinForm(request.POST if request.method == "POST" else None)
    pause = essais.fin_de_pause(essais.sources(f"code-{USAGE}", None, adresse))
    if request.method == "POST" and pause is None and forme.is_valid():
        issue = code_bon(forme.cleaned_data["code"], adresse=adresse)
        _attendre(debut)
        if issue.dossier is not None:
            neuve = TemoignageForm(initial={"code": forme.cleaned_data["code"]})
            return render(request, "espaces/temoigner_ecrire.html", {"form": neuve, "telephone": telephone()})
        forme.add_error("code", N_OUVRE_RIEN)
        pause = issue.pause
    contexte = {"form": forme, "pause": pause, "telephone": telephone()}
    return render(request, "espaces/temoigner.html", contexte, status=429 if pause is not None else 200)


def _ecrire(request: HttpRequest) -> HttpResponse:
    debut, forme, pause = time.monotonic(), TemoignageForm(request.POST), None
    if forme.is_valid():
        issue = ecrire(forme.cleaned_data["code"], adresse=adresse_de(request), cle=forme.jeton, **forme.donnees())
        _attendre(debut)
        if issue.dossier is not None:
            return render(request, "espaces/temoigner_merci.html", {"telephone": telephone()})
        if issue.refus is not None:
            poser_refus(forme, issue.refus, a_la_personne=True)
        else:
            forme.add_error(None, N_OUVRE_RIEN)
        pause = issue.pause
    contexte = {"form": forme, "telephone": telephone()}
    return render(request, "espaces/temoigner_ecrire.html", contexte, status=429 if pause is not None else 200)
