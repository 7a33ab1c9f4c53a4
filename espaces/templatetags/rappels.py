"""Balise `mes_rappels` : les dates à ne pas manquer, en haut de l'espace d'une personne."""

from __future__ import annotations

from typing import Any

from django import template

from espaces import rappels

register = template.Library()


@register.inclusion_tag("espaces/_rappels.html", takes_context=True)
def mes_rappels(context: dict[str, Any]) -> dict[str, Any]:
    """Rappels non lus et pause en cours de la personne connectée; rien à montrer, rien d'écrit."""
    request, deja = context["request"], context.get("rappels_a_dire")
    return {
        "rappels": rappels.dits(request.user) if deja is None else deja,
        "pause": rappels.pause_de(request.user, context.get("dossier")),
        "csrf_token": context.get("csrf_token", ""),
    }
