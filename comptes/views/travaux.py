"""Les travaux planifiés, vus de l'administration : dernier passage, résultat, retard. Aucun dossier n'y est nommé."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from celery import current_app
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptes.views.gestion import administrateur
from socle import horloge, passages
from socle.composants import Etiquette
from socle.models import Passage


def _heure(un: passages.Travail) -> str:
    if un.a is not None:
        return f"chaque jour à {un.a.hour} h {un.a.minute:02d}"
    secondes = int(un.chaque.total_seconds()) if un.chaque else 0
    return f"toutes les {secondes} secondes" if secondes < 60 else f"toutes les {secondes // 60} min"


def _etat(un: passages.Travail, dernier: Passage | None, maintenant: datetime) -> Etiquette:
    if dernier is None:
        return Etiquette("Jamais passé", "attente")
    if dernier.erreurs:
        return Etiquette(f"{dernier.erreurs} en échec", "alerte")
    if passages.en_retard(un, dernier, maintenant):
        return Etiquette("En retard", "alerte")
    return Etiquette("À l'heure", "positif")


def _resume(dernier: Passage) -> str:
    """Les échecs par genre d'erreur; les objets, eux, se lisent par `manage.py verifier`."""
    genres = Counter(un["erreur"] for un in dernier.echecs)
    return ", ".join(f"{genre} : {nombre}" for genre, nombre in sorted(genres.items()))


@require_safe
def travaux(request: HttpRequest) -> HttpResponse:
    """Chaque travail : quand il passe, quand il a passé, ce qu'il a fait, ce qui a échoué, ce qui a été rattrapé."""
    administrateur(request)
    current_app.loader.import_default_modules()
    maintenant = horloge.maintenant()
    derniers = {un.travail: un for un in Passage.objects.order_by("travail", "-debut").distinct("travail")}
    lignes = [
        {
            "titre": un.titre,
            "heure": _heure(un),
            "etat": _etat(un, derniers.get(un.nom), maintenant),
            "dernier": derniers.get(un.nom),
            "echecs": _resume(derniers[un.nom]) if un.nom in derniers else "",
        }
        for un in sorted(passages.TRAVAUX.values(), key=lambda un: un.titre)
    ]
    return render(request, "comptes/travaux.html", {"lignes": lignes})
