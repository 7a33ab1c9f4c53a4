"""Ce que toute page sait de la maison."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def maison(request: HttpRequest) -> dict[str, object]:
    """Rendre les drapeaux du bandeau : démonstration, et absence d'antivirus."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "sans_antivirus": not settings.CLAMD_URL,
    }
