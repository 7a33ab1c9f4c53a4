"""L'histoire du dossier en mots simples, du plus récent au plus ancien, par cinquante."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dossiers import histoire
from dossiers.pages import contexte, entrer
from socle.pages import paginer_par_cle

PAR_PAGE = 50


@require_GET
def historique(request: HttpRequest, reference: str) -> HttpResponse:
    """Chaque ligne dit quoi, quand et qui; une tentative refusée dit pourquoi."""
    dossier, droits = entrer(request, reference, "historique.lire")
    page = paginer_par_cle(
        histoire.lignes(dossier), request.GET.get("apres", ""), ordre=("-instant", "-pk"), taille=PAR_PAGE
    )
    donnees = contexte(request, dossier, droits, "dossier_historique")
    lecteur = donnees["personne"]
    donnees |= {
        "page": page,
        "evenements": [
            histoire.evenement(entree, lecteur.pk, public=not lecteur.est_personnel) for entree in page.objets
        ],
    }
    return render(request, "dossiers/historique.html", donnees)
