"""Les dix-sept régions administratives. Source : découpage administratif du Québec."""

from typing import Any

_NOMS = (
    "Bas-Saint-Laurent",
    "Saguenay–Lac-Saint-Jean",
    "Capitale-Nationale",
    "Mauricie",
    "Estrie",
    "Montréal",
    "Outaouais",
    "Abitibi-Témiscamingue",
    "Côte-Nord",
    "Nord-du-Québec",
    "Gaspésie–Îles-de-la-Madeleine",
    "Chaudière-Appalaches",
    "Laval",
    "Lanaudière",
    "Laurentides",
    "Montérégie",
    "Centre-du-Québec",
)

REGIONS: list[dict[str, Any]] = [
    {
        "code": f"{numero:02}",
        "libelle": nom,
        "source": "Découpage administratif du Québec",
        "certitude": "connue",
    }
    for numero, nom in enumerate(_NOMS, start=1)
]
