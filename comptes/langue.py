"""La langue des pages d'une personne : français, ou anglais si elle l'a demandé.

Le français est la langue de la maison : les pages du personnel n'en ont pas d'autre. Une page de la personne se dit
dans la langue choisie pour la séance, sinon dans celle que son compte fait consigner. Le choix d'une séance ne change
pas la langue des lettres : celle-là se consigne avec sa raison. Source : `ecrans-et-lettres.md` B8 et C0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from comptes.models import Compte, Role

FR, EN = "fr", "en"
CLE = "langue"


def langue_de(request: HttpRequest) -> str:
    """« fr » ou « en » : le choix de la séance, sinon la langue du compte d'une personne qui demande."""
    choisie = request.session.get(CLE)
    if choisie in (FR, EN):
        return str(choisie)
    personne = request.user
    if isinstance(personne, Compte) and personne.role == Role.PRESTATAIRE and personne.langue == EN:
        return EN
    return FR


def dans_sa_langue(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Décorateur d'une page de la personne : tout ce qu'elle rend se dit dans sa langue.

    Un membre du personnel qui ouvre la même page la lit en français.
    """

    @wraps(vue)
    def dite(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        personne = request.user
        autre = isinstance(personne, Compte) and personne.role != Role.PRESTATAIRE
        # Le cadre offre de changer de langue sur ces pages seulement.
        # Les types de Django ne connaissent pas un attribut que nous posons sur la requête.
        request.bilingue = not autre  # type: ignore[attr-defined]
        if autre or langue_de(request) == FR:
            return vue(request, *args, **kwargs)
        with translation.override(EN):
            return vue(request, *args, **kwargs)

    return dite
