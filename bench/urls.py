"""Les adresses du site, et deux pairs à qui se comparer : la vue la plus nue, l'administration de Django."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from comptes.models import Compte
from cse.urls import urlpatterns as adresses
from dossiers.models import Dossier


# Sans django_stubs_ext au démarrage, `ModelAdmin[Dossier]` ne s'exécute pas.
class AdminDossier(admin.ModelAdmin):  # type: ignore[type-arg]
    """Les colonnes de la file, vingt-cinq à la fois."""

    list_display = ("reference", "prestataire", "etat", "prochaine_etape", "avant_le", "agent")
    list_select_related = ("prestataire", "agent")
    list_per_page = 25
    ordering = ("avant_le", "depose_le", "pk")


site = admin.AdminSite(name="banc")
site.register(Dossier, AdminDossier)

NU = Template(
    "<table>{% for d in dossiers %}<tr><td>{{ d.prestataire.nom_complet }}</td><td>{{ d.reference }}</td>"
    "<td>{{ d.prochaine_etape }}</td><td>{{ d.avant_le }}</td><td>{{ d.agent.nom_complet }}</td></tr>{% endfor %}"
    "</table>"
)


def nue(request: HttpRequest) -> HttpResponse:
    """Les vingt-cinq premiers dossiers du bureau, sans accès, sans onglet, sans compte ni habillage."""
    if not isinstance(request.user, Compte):
        raise Http404
    dossiers = Dossier.objects.filter(bureau=request.user.bureau, fusionne_dans=None, avant_le__isnull=False)
    dossiers = dossiers.select_related("prestataire", "agent").order_by("avant_le", "depose_le", "pk")[:25]
    return HttpResponse(NU.render(Context({"dossiers": dossiers})))


urlpatterns = [path("banc/nue/", nue), path("banc/", site.urls), *adresses]
