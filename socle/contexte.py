"""Ce que la charpente des pages attend dans tout contexte (processeur de contexte)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from socle import horloge
from socle.navigation import identite, navigation
from socle.seance import SEUIL_AVERTISSEMENT, reste

RACCOURCIS = "raccourcis_actifs"


def interface(request: HttpRequest) -> dict[str, object]:
    """Rendre navigation, identité, fin de séance et choix des raccourcis, tous lus à la demande."""
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "identite": identite(request),
        "seance": _seance(request),
        "raccourcis_actifs": request.COOKIES.get(RACCOURCIS) == "oui",
    }


def _seance(request: HttpRequest) -> dict[str, object] | None:
    utilisateur = getattr(request, "user", None)
    if utilisateur is None or not utilisateur.is_authenticated:
        return None
    secondes = reste(request)
    return {
        "secondes": secondes,
        "avertir": SEUIL_AVERTISSEMENT,
        "fin": horloge.maintenant() + timedelta(seconds=secondes),
    }
