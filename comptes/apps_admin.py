"""Le site d'administration de la maison, déclaré avant le chargement des modèles."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """L'app d'administration de Django, avec le site de la maison."""

    default_site = "comptes.site_admin.Administration"
