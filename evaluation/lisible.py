"""Le score de lecture d'un texte libre, tel que l'évaluation le montre."""

from __future__ import annotations

from socle.score_lecture import mesures

__all__ = ["mesures"]
