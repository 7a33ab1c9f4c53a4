"""Le registre des organismes, région par région, avec la source de chaque inscription."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from comptes.models import Organisme
from referentiels import lecture as referentiels
from socle import horloge

MONTRES = 300


@dataclass(frozen=True)
class GroupeOrganismes:
    """Les organismes d'une région."""

    titre: str
    organismes: list[Organisme]


def repertoire(demandee: str, sienne: str = "") -> dict[str, Any]:
    """Les organismes de la région voulue; sans région, tous, région par région."""
    noms = {une.code: une.dit("libelle") for une in referentiels.regions(horloge.aujourd_hui())}
    voulue = demandee if demandee in noms or demandee == "toutes" else sienne
    lus = Organisme.objects.order_by("nom")
    if voulue in noms:
        lus = lus.filter(region=voulue)
    organismes = list(lus[:MONTRES])
    titres = {**noms, "": "Région non précisée"}
    codes = [*titres, *sorted({un.region for un in organismes} - set(titres))]
    groupes = [
        GroupeOrganismes(titres.get(code, "Autre région"), siens)
        for code in codes
        if (siens := [un for un in organismes if un.region == code])
    ]
    return {
        "groupes": groupes,
        "regions": list(noms.items()),
        "voulue": voulue if voulue in noms else "",
        "nom_voulue": noms.get(voulue, ""),
        "sources": sorted({un.source for un in organismes if un.source}),
    }
