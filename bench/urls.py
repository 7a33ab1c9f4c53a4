"""Les adresses du site, et une administration ordinaire du dossier qui n'existe que pour s'y comparer."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from cse.urls import urlpatterns as adresses
from dossiers.models import Dossier


class AdminDossier(admin.ModelAdmin):  # type: ignore[type-arg]
    """Les colonnes de la file, vingt-cinq à la fois."""

    list_display = ("reference", "prestataire", "etat", "prochaine_etape", "avant_le", "agent")
    list_select_related = ("prestataire", "agent")
    list_per_page = 25
    ordering = ("avant_le", "depose_le", "pk")


site = admin.AdminSite(name="banc")
site.register(Dossier, AdminDossier)

urlpatterns = [path("banc/", site.urls), *adresses]
