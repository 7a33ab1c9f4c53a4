"""`{{ ligne|dit:"libelle" }}` : le texte d'une entrée de liste, dans la langue de la page."""

from __future__ import annotations

from django import template

from referentiels.lignes import LigneDatee

register = template.Library()


@register.filter
def dit(ligne: LigneDatee, champ: str) -> str:
    """Texte de `champ` dans la langue active; le français si l'autre manque."""
    return ligne.dit(champ)
