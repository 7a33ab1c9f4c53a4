"""Le temps passé sur chaque page du SR-2100, sans personne, sans dossier, sans contenu.

L'heure d'ouverture voyage signée dans la page; à « Continuer », la durée tombe dans une tranche et un compteur
du jour avance d'un. Rien d'autre n'est gardé : ce n'est pas un acte. Source : `docs/formulaires.md`, « Mesure ».
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db.models import Sum

from formulaires.models import MesurePage
from formulaires.saisie import TITRES
from socle import horloge

CHAMP = "debut"
SEL = "formulaires.mesure"
# Code de tranche, borne haute en secondes, mots; au-delà de quatre heures, la page a été laissée ouverte.
TRANCHES: tuple[tuple[str, int, str], ...] = (
    ("t030", 30, "moins de 30 s"),
    ("t060", 60, "30 s à 1 min"),
    ("t120", 120, "1 à 2 min"),
    ("t300", 300, "2 à 5 min"),
    ("t600", 600, "5 à 10 min"),
    ("plus", 4 * 3600, "plus de 10 min"),
)
JOURS = 30


def jeton(recu: str = "") -> str:
    """L'heure d'ouverture, signée; celle que la page portait déjà si elle revient avec une erreur."""
    if recu and _secondes(recu) is not None:
        return recu
    return signing.Signer(salt=SEL).sign(str(int(horloge.maintenant().timestamp())))


def _secondes(recu: str) -> int | None:
    """Secondes depuis l'ouverture; None si le jeton est faux."""
    try:
        ouverte = int(signing.Signer(salt=SEL).unsign(recu[:120]))
    except (signing.BadSignature, ValueError):
        return None
    return int(horloge.maintenant().timestamp()) - ouverte


def tranche(secondes: int) -> str:
    """Code de la tranche d'une durée; vide si elle est négative ou plus longue que toutes."""
    if secondes < 0:
        return ""
    return next((code for code, borne, _ in TRANCHES if secondes < borne), "")


def tranche_du_jeton(recu: str) -> str:
    """Code de la tranche de temps depuis l'ouverture; vide si le jeton est absent, faux ou trop vieux."""
    secondes = _secondes(recu) if recu else None
    return tranche(secondes) if secondes is not None else ""


@dataclass(frozen=True)
class Temps:
    """Ce qu'une page a pris : combien de fois, la tranche du milieu, et la part de chaque tranche."""

    titre: str
    total: int
    milieu: str
    parts: tuple[tuple[str, int], ...]


def _milieu(comptes: Iterable[tuple[str, int]], total: int) -> str:
    passes = 0
    for mots, nombre in comptes:
        passes += nombre
        if passes * 2 >= total:
            return mots
    return ""


def temps_par_page(jours: int = JOURS) -> list[Temps]:
    """Le temps de chaque page sur les derniers jours, dans l'ordre des pages."""
    depuis = horloge.aujourd_hui() - timedelta(days=jours)
    lus = {
        (ligne["page"], ligne["tranche"]): int(ligne["somme"])
        for ligne in MesurePage.objects.filter(jour__gt=depuis)
        .order_by()
        .values("page", "tranche")
        .annotate(somme=Sum("nombre"))
    }
    trouves = []
    for page, titre in TITRES.items():
        parts = tuple((mots, lus.get((page, code), 0)) for code, _, mots in TRANCHES)
        total = sum(nombre for _, nombre in parts)
        trouves.append(Temps(titre, total, _milieu(parts, total), parts))
    return trouves
