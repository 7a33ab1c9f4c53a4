"""Le site d'administration, restreint : listes datées seulement, aucun dossier, aucun secret, aucune usurpation.

On y entre par la connexion commune et son second facteur. Source : `ecrans-et-lettres.md` B9.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.auth.backends import BaseBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from comptes.roles import ADMINISTRATEUR, SUPERVISABLES


class Administration(AdminSite):
    """N'accepte que les modèles des listes; tout autre enregistrement est ignoré."""

    site_header = "Administration"
    site_title = "Administration"
    index_title = "Règles et listes"
    index_template = "comptes/administration.html"
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Inscrire un modèle s'il est d'une app permise."""
        modeles = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        permis = [modele for modele in modeles if modele._meta.app_label in SUPERVISABLES]
        if permis:
            super().register(permis, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Un administrateur actif, personne d'autre."""
        return bool(request.user.is_active and getattr(request.user, "role", "") == ADMINISTRATEUR)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Mener à la connexion commune; à qui est déjà connecté sous un autre rôle, la page n'existe pas."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise Http404
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('admin:index')})}")


class DroitsAdministrateur(BaseBackend):
    """Droits de modèle d'un administrateur : les listes datées, et rien d'autre."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Vrai pour `referentiels.*` si la personne est administrateur et active."""
        app = perm.partition(".")[0]
        return bool(user_obj.is_active and getattr(user_obj, "role", "") == ADMINISTRATEUR and app in SUPERVISABLES)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Vrai pour les mêmes apps."""
        return self.has_perm(user_obj, f"{app_label}.")
