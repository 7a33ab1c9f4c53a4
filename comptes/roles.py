"""Constantes de rôles lisibles avant le chargement des modèles."""

from __future__ import annotations

ADMINISTRATEUR = "administrateur"
# Apps dont les modèles paraissent dans le site d'administration.
SUPERVISABLES = frozenset({"referentiels"})
