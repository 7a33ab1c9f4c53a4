"""« Donner un code à mon médecin » : la personne fait un code, le voit une fois, l'imprime.

Source : `docs/formulaires.md`, « Code de patient »; `ecrans-et-lettres.md` B8.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.forms_code import FormulaireCode
from dossiers.models import Dossier
from dossiers.pages import personne_de, soumettre
from dossiers.views.codes import reponse_feuille
from espaces.views.suivi import commun, mien


def _permis(request: HttpRequest) -> Dossier:
    """Le dossier de la personne, si elle a une demande et peut choisir son clinicien; 404 sinon."""
    dossier, droits = mien(request)
    if dossier.courante_lue is None or not droits.peut("clinicien.inviter"):
        raise Http404
    return dossier


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Fait un code et le montre dans la réponse même : il n'est gardé nulle part, pas même en séance."""
    dossier = _permis(request)
    forme = FormulaireCode(request.POST or None, dossier=dossier, personne=personne_de(request))
    if request.method == "POST" and forme.is_valid():
        fait, emis = soumettre(request, forme, "emettre_code", dossier, **forme.donnees())
        if fait:
            return render(request, "espaces/suivi_code_remis.html", commun(dossier, form=forme, rendu=emis))
    return render(request, "espaces/suivi_code_clinique.html", commun(dossier, form=forme))


@require_POST
def feuille(request: HttpRequest) -> HttpResponse:
    """La feuille à imprimer du code que la page vient de montrer."""
    return reponse_feuille(request, _permis(request)) or redirect("suivi_code_clinique")
