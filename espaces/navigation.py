"""Liens principaux de chaque rôle : chaque espace publie les siens, ce module les inscrit."""

from __future__ import annotations

from espaces.views import agent, clinique, equipe, organisme
from socle.navigation import inscrire_navigation


def inscrire() -> None:
    """Inscrit la navigation des espaces; appelé une fois, au démarrage."""
    inscrire_navigation(agent.navigation)
    inscrire_navigation(equipe.navigation)
    inscrire_navigation(clinique.navigation)
    inscrire_navigation(organisme.navigation)
