"""Ce que disent les appels des cliniciens : les sujets récurrents nourrissent la page d'aide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from formulaires.models import AppelClinicien
from referentiels import lecture as referentiels
from referentiels.lecture import RegleAbsente
from socle import horloge

RECURRENT = 3  # appels du même sujet dans la période : en deçà, la page d'aide n'en dit rien
AUTRE = "autre"


@dataclass(frozen=True)
class Recurrence:
    """Un sujet, combien d'appels dans la période, et le texte d'aide qui y répond."""

    code: str
    libelle: str
    nombre: int
    aide: str

    @property
    def recurrent(self) -> bool:
        """Vrai si le sujet revient assez pour entrer dans la page d'aide."""
        return self.nombre >= RECURRENT and self.code != AUTRE


def periode() -> int:
    """Nombre de jours où l'on compte les appels (règle datée)."""
    try:
        return int(referentiels.regle("appels_recurrents_jours", horloge.aujourd_hui()))
    except RegleAbsente:
        return 90


def recurrences() -> list[Recurrence]:
    """Les sujets en vigueur, du plus fréquent au moins fréquent dans la période."""
    jour = horloge.aujourd_hui()
    comptes = dict(
        AppelClinicien.objects.filter(jour__gt=jour - timedelta(days=periode()))
        .order_by()
        .values_list("sujet")
        .annotate(nombre=Count("pk"))
    )
    lues = [
        Recurrence(un.code, un.dit("libelle"), comptes.get(un.code, 0), un.aide)
        for un in referentiels.sujets_appel(jour)
    ]
    return sorted(lues, key=lambda une: -une.nombre)
