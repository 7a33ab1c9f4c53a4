"""Le chef d'équipe du bureau lit les plaintes sur le service et y répond; l'agent n'y a pas accès."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from comptes.models import Role, Unite
from dossiers.models import Dossier, Plainte
from dossiers.pages import entrer, personne_de, soumettre
from espaces.forms_choix import ReponsePlainteForm
from socle.pages import paginer_par_cle


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Les plaintes du bureau : celles qui attendent, la plus pressante d'abord, puis les répondues."""
    chef = personne_de(request)
    if chef.role != Role.CHEF_EQUIPE:
        raise Http404
    visibles = Dossier.objects.visibles_par(chef, "plainte.repondre")
    toutes = Plainte.objects.filter(dossier__in=visibles).select_related("dossier__prestataire", "repondue_par")
    attendent = list(toutes.filter(repondue_le__isnull=True).order_by("avant_le", "pk")[:50])
    page = paginer_par_cle(
        toutes.filter(repondue_le__isnull=False), request.GET.get("apres", ""), ordre=("-repondue_le", "-pk"), taille=20
    )
    contexte = {"attendent": attendent, "page": page, "du_bureau": chef.unite == Unite.BUREAU}
    return render(request, "espaces/equipe_plaintes.html", contexte)


@require_http_methods(["GET", "POST"])
def repondre(request: HttpRequest, reference: str, numero: int) -> HttpResponse:
    """Lire une plainte et y répondre."""
    dossier, droits = entrer(request, reference)
    if not droits.peut("plainte.repondre"):
        raise Http404
    lue = get_object_or_404(Plainte.objects.select_related("repondue_par"), pk=numero, dossier=dossier)
    forme = ReponsePlainteForm(request.POST or None, initial={"plainte": lue.pk})
    if forme.is_valid():
        donnees = {nom: forme.cleaned_data[nom] for nom in ("plainte", "reponse")}
        if soumettre(request, forme, "repondre_plainte", dossier, **donnees)[0]:
            messages.success(request, "Votre réponse est dans le suivi de la personne.")
            return redirect("equipe_plaintes")
    return render(request, "espaces/equipe_plainte.html", {"dossier": dossier, "plainte": lue, "form": forme})
