"""Balise `mes_rappels` : les dates à ne pas manquer, en haut de l'espace d'une personne."""

from __future__ import annotations

from typing import Any

from django import template

from espaces import rappels

register = template.Library()


@register.inclusion_tag("espaces/_rappels.html", takes_context=True)
def mes_rappels(context: dict[str, Any]) -> dict[str, Any]:
    """Rappels non lus et pause en cours de la personne connectée; rien à montrer, rien d'écrit."""
    request = context["request"]
    return {
        "rappels": rappels.dits(request.user),
        "pause": rappels.pause_de(request.user, context.get("dossier")),
        "csrf_token": context.get("csrf_token", ""),
    }
