"""Ce que le banc rend : une liste JSON et un tableau lisible."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FICHIER = Path(__file__).with_name("resultats.json")


def machine() -> str:
    """Processeur, nombre de cœurs et charge au moment de la mesure : un temps absolu ne vaut que là."""
    infos = Path("/proc/cpuinfo")
    lignes = infos.read_text().splitlines() if infos.exists() else []
    modele = next((ligne.partition(":")[2].strip() for ligne in lignes if ligne.startswith("model name")), "")
    return f"{modele or platform.machine()}, {os.cpu_count()} cœurs, charge {os.getloadavg()[0]:.1f}"


@dataclass
class Resultat:
    """Une mesure : sa valeur, sa cible, le plancher ou le pair pris dans la même course."""

    nom: str
    valeur: float | str
    unite: str
    cible: str
    tenue: bool
    plancher: float | None = None
    ratio: float | None = None
    volume: int | None = None
    machine: str = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


def ecrire(resultats: list[Resultat]) -> None:
    """Remplace les mesures du même nom et du même volume; garde les autres."""
    anciens = json.loads(FICHIER.read_text(encoding="utf-8")) if FICHIER.exists() else []
    pris = {(un.nom, un.volume) for un in resultats}
    gardes = [un for un in anciens if (un["nom"], un["volume"]) not in pris]
    lignes = [*gardes, *(asdict(un) for un in resultats)]
    FICHIER.write_text(json.dumps(lignes, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _nombre(valeur: float | str | None) -> str:
    return "—" if valeur is None else valeur if isinstance(valeur, str) else f"{valeur:.2f}".replace(".", ",")


def tableau(resultats: list[Resultat]) -> str:
    """Tableau aligné : nom, valeur, cible, plancher, ratio, tenue."""
    lignes = [("mesure", "valeur", "unité", "cible", "plancher", "ratio", "tenue")]
    for un in resultats:
        tenue = "oui" if un.tenue else "NON"
        lignes.append((un.nom, _nombre(un.valeur), un.unite, un.cible, _nombre(un.plancher), _nombre(un.ratio), tenue))
    largeurs = [max(len(ligne[rang]) for ligne in lignes) for rang in range(len(lignes[0]))]
    return "\n".join(
        "  ".join(cellule.ljust(largeur) for cellule, largeur in zip(ligne, largeurs, strict=True)).rstrip()
        for ligne in lignes
    )
