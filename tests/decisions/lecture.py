"""Lire une page comme la personne la voit."""

from __future__ import annotations

from html import unescape
from typing import Any


def lu(reponse: Any) -> str:
    """Le texte d'une réponse, apostrophes et guillemets rendus."""
    return unescape(reponse.content.decode())
