"""Pages communes : galerie des composants, accessibilité, raccourcis, séance, sortie rapide."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from socle import galerie, seance
from socle.contexte import RACCOURCIS

DUREE_TEMOIN = 365 * 24 * 3600  # s
SORTIE_PAR_DEFAUT = "https://www.meteo.gc.ca/"


@login_not_required
@require_http_methods(["GET", "POST"])
def composants(request: HttpRequest) -> HttpResponse:
    """Montrer chaque composant dans chaque humeur; réservé à la démonstration et au personnel."""
    if not (settings.DEMONSTRATION or getattr(request.user, "is_staff", False)):
        raise Http404
    humeur = request.GET.get("humeur", "dense")
    base = galerie.BASES.get(humeur)
    if base is None:
        raise Http404
    etat = request.GET.get("etat", "normal")
    if etat not in galerie.ETATS:
        raise Http404
    return render(request, "galerie.html", galerie.contexte(humeur, etat, request.POST or None))


@login_not_required
@require_GET
def accessibilite(request: HttpRequest) -> HttpResponse:
    """Dire ce qui est visé, ce qui ne l'est pas encore, et à qui signaler un obstacle."""
    return render(request, "accessibilite.html")


@login_not_required
@require_http_methods(["GET", "POST"])
def raccourcis(request: HttpRequest) -> HttpResponse:
    """Lister les raccourcis d'une lettre et les activer; désactivés d'avance (WCAG 2.1.4)."""
    if request.method != "POST":
        return render(request, "raccourcis.html")
    reponse = redirect("raccourcis")
    valeur = "oui" if request.POST.get("actifs") == "oui" else "non"
    reponse.set_cookie(RACCOURCIS, valeur, DUREE_TEMOIN, httponly=True, samesite="Lax", secure=request.is_secure())
    return reponse


@never_cache
@require_POST
def prolonger_seance(request: HttpRequest) -> HttpResponse:
    """Prolonger la séance; rend les secondes au script, ou ramène à la page sans script."""
    secondes = seance.prolonger(request)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(str(secondes), content_type="text/plain; charset=utf-8")
    retour = request.headers.get("Referer", "")
    permis = url_has_allowed_host_and_scheme(retour, {request.get_host()}, request.is_secure())
    return redirect(retour if permis else "/")


@never_cache
@login_not_required
@require_GET
def sortie_rapide(request: HttpRequest) -> HttpResponse:
    """Fermer la séance et mener à un site anodin, pour qui ne peut pas être vu ici.

    Un GET : la page doit se quitter d'un seul geste, même sans JavaScript; fermer une séance
    ne fait rien perdre d'enregistré.
    """
    if request.user.is_authenticated:
        logout(request)
    request.session.flush()
    reponse = redirect(getattr(settings, "URL_SORTIE_RAPIDE", SORTIE_PAR_DEFAUT))
    reponse["Clear-Site-Data"] = '"cache"'
    return reponse
