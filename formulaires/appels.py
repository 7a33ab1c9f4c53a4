"""Ce que disent les appels des cliniciens : les sujets récurrents nourrissent la page d'aide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from formulaires.models import AppelClinicien
from referentiels import lecture as referentiels
from socle import horloge

AUTRE = "autre"


@dataclass(frozen=True)
class Recurrence:
    """Un sujet, combien d'appels dans la période, le texte d'aide qui y répond, et s'il entre dans l'aide."""

    code: str
    libelle: str
    nombre: int
    aide: str
    recurrent: bool


def periode() -> int:
    """Nombre de jours où l'on compte les appels (règle datée)."""
    return int(referentiels.regle("appels_recurrents_jours", horloge.aujourd_hui()))


def seuil() -> int:
    """Appels du même sujet, dans la période, qui le font entrer dans la page d'aide (règle datée)."""
    return int(referentiels.regle("appels_recurrents_min", horloge.aujourd_hui()))


def recurrences() -> list[Recurrence]:
    """Les sujets en vigueur, du plus fréquent au moins fréquent dans la période."""
    jour, assez = horloge.aujourd_hui(), seuil()
    comptes = dict(
        AppelClinicien.objects.filter(jour__gt=jour - timedelta(days=periode()))
        .order_by()
        .values_list("sujet")
        .annotate(nombre=Count("pk"))
    )
    lues = [
        Recurrence(un.code, un.dit("libelle"), nombre, un.aide, nombre >= assez and un.code != AUTRE)
        for un in referentiels.sujets_appel(jour)
        for nombre in (comptes.get(un.code, 0),)
    ]
    return sorted(lues, key=lambda une: -une.nombre)
