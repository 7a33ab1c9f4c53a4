"""Le fil d'un dossier : qui écrit à qui. Il fait partie du dossier; la personne peut en demander copie."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.models import Role
from dossiers.forms import FormulaireEchange
from dossiers.models import Dossier, Echange
from dossiers.pages import contexte, entrer, soumettre
from socle import composants
from socle.pages import paginer_par_cle

PAR_PAGE = 30


def visibles(dossier: Dossier, personne: Any) -> Any:
    """Messages que la personne peut lire : tous pour le personnel, les siens pour les autres."""
    from django.db.models import Q

    fil = Echange.objects.filter(dossier=dossier).select_related("auteur", "a")
    if personne.est_personnel:
        return fil
    return fil.filter(Q(auteur=personne) | Q(a=personne))


def message(echange: Echange, lecteur: Any) -> composants.Echange:
    """Un message du fil, avec son destinataire et son rôle."""
    moi = echange.auteur_id == lecteur.pk
    a = "vous" if echange.a_id == lecteur.pk else echange.a.nom_complet
    role = Role(echange.auteur.role).label
    return composants.Echange(
        "Vous" if moi else echange.auteur.nom_complet,
        echange.le,
        echange.texte,
        role=f"à {a}" if moi else f"{role} · à {a}",
        de_moi=moi,
    )


@require_http_methods(["GET", "POST"])
def echanges(request: HttpRequest, reference: str) -> HttpResponse:
    """Lit le fil et y écrit."""
    dossier, droits = entrer(request, reference, "echange.lire")
    donnees = contexte(request, dossier, droits, "dossier_echanges")
    personne = donnees["personne"]
    form = None
    if droits.peut("echange.ecrire") and dossier.etat:
        form = FormulaireEchange(request.POST or None, dossier=dossier, personne=personne)
        if request.method == "POST" and form.is_valid():
            fait, _ = soumettre(request, form, "echanger", dossier, **form.donnees())
            if fait:
                messages.success(request, "Le message est au dossier.")
                return redirect("dossier_echanges", dossier.reference)
    page = paginer_par_cle(visibles(dossier, personne), request.GET.get("apres", ""), ordre=("-pk",), taille=PAR_PAGE)
    donnees |= {
        "form": form,
        "page": page,
        "fil": [message(un, personne) for un in reversed(page.objets)],
    }
    return render(request, "dossiers/echanges.html", donnees)
