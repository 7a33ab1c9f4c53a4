"""Faire un code pour la clinique, dans les limites d'un mandat qui porte `repondre`."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dossiers.forms_code import FormulaireCode
from dossiers.pages import personne_de, soumettre
from espaces.views.organisme import entrer_par_mandat


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, reference: str) -> HttpResponse:
    """Fait un code et le montre dans la réponse même; la personne choisit à qui il va."""
    dossier, _droits, _mandat = entrer_par_mandat(request, reference, "clinicien.inviter")
    if dossier.courante_lue is None:
        raise Http404
    forme = FormulaireCode(request.POST or None, dossier=dossier, personne=personne_de(request))
    contexte = {"dossier": dossier, "form": forme, "fait": False, "rendu": None}
    if request.method == "POST" and forme.is_valid():
        fait, rendu = soumettre(request, forme, "emettre_code", dossier, **forme.donnees())
        contexte |= {"fait": fait, "rendu": rendu}
    return render(request, "espaces/organisme_code.html", contexte)
