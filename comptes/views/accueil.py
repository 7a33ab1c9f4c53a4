"""L'accueil public, et le départ de chaque rôle vers sa première page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from comptes.accueil import premiere_page
from comptes.models import Compte


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Dire ce qu'est le service et ouvrir ses deux portes; une personne connectée va à sa première page."""
    if isinstance(request.user, Compte):
        return redirect(premiere_page(request.user.role))
    return render(request, "comptes/accueil.html")
