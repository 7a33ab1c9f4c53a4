"""La feuille « Code pour la clinique » : un PDF fait à partir du code que la page vient de montrer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from comptes.models import PAR_MANDAT
from correspondance.signaux import telephone
from dossiers.actes.codes import code_a_imprimer
from dossiers.codes import CodeEmis
from dossiers.forms_code import FeuilleForm
from dossiers.models import Dossier
from dossiers.pages import entrer
from socle import pdf

PLUS_LA = "Ce code n'attend plus : il a servi, ou un autre l'a remplacé. Faites-en un nouveau pour l'imprimer."
PANNE = "La feuille n'a pas pu être faite. Imprimez la page du code, ou réessayez dans un moment."


def page_feuille(emis: CodeEmis) -> str:
    """La feuille en HTML, prête pour le moteur PDF; aucun nom, aucun numéro de dossier."""
    return render_to_string("dossiers/feuille_code.html", {"emis": emis, "telephone": telephone()})


def reponse_feuille(request: HttpRequest, dossier: Dossier) -> HttpResponse | None:
    """Le PDF, ou None (et un message) si le code n'attend plus pour ce dossier."""
    emis = code_a_imprimer(dossier, FeuilleForm.lu(request.POST))
    if emis is None:
        messages.warning(request, PLUS_LA)
        return None
    try:
        octets = pdf.rendre(page_feuille(emis))
    except pdf.RenduImpossible:
        messages.error(request, PANNE)
        return None
    entetes = {"Content-Disposition": 'inline; filename="code-clinique.pdf"', "Cache-Control": "no-store, private"}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)


@require_POST
def feuille(request: HttpRequest, reference: str) -> HttpResponse:
    """La feuille, pour qui peut inviter un clinicien à ce dossier. Le code ne voyage que par POST."""
    dossier, droits = entrer(request, reference, "clinicien.inviter")
    reponse = reponse_feuille(request, dossier)
    if reponse is not None:
        return reponse
    if droits.personne.role in PAR_MANDAT:
        return redirect("organisme_code", reference)
    return redirect("dossier_geste", reference, "code-clinique")
