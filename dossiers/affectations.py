"""L'affectation lue sur une page et celle du dossier : deux onglets n'affectent pas l'un par-dessus l'autre."""

from __future__ import annotations

from typing import Any

from dossiers.models import Attribution, Dossier


class AffectationChangee(Exception):
    """Quelqu'un a affecté d'autres personnes depuis que la page a été lue."""


def vivantes(dossier: Dossier, *qualites: str) -> list[Attribution]:
    """Les attributions en cours à ces titres, la plus ancienne d'abord."""
    lues = Attribution.objects.filter(dossier=dossier, qualite__in=qualites, au__isnull=True)
    return list(lues.select_related("qui").order_by("pk"))


def marque(dossier: Dossier, *qualites: str) -> str:
    """Ce que la page garde de l'affectation lue; « 0 » s'il n'y en a aucune."""
    return "-".join(str(une.pk) for une in vivantes(dossier, *qualites)) or "0"


def marque_agent(dossier: Dossier) -> str:
    """La même marque pour l'agent responsable, déjà lue avec le dossier; « 0 » sans agent."""
    return str(dossier.agent_id or 0)


def exiger_lue(lue: Any, actuelle: str) -> None:
    """Lève `AffectationChangee` si la marque lue n'est plus l'actuelle; vide, rien n'est comparé.

    Appelé par l'acte, le dossier verrouillé : de deux envois simultanés, le second le voit toujours.
    """
    if lue and lue != actuelle:
        raise AffectationChangee
