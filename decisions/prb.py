"""Les mois qui comptent vers le revenu de base : 66 dans les 72 derniers. Pur.

Le compte informe; il ne décide rien et n'ouvre aucun droit. Source : règlement sur l'aide aux personnes et aux
familles, art. 177.43 à 177.45 (`domaine.md` §3.2). Mois de départ de la fenêtre : à vérifier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from referentiels.droit import regle_de_droit


@dataclass(frozen=True)
class Compte66:
    """Le compte un jour donné. `du` et `au` : premier et dernier mois de la fenêtre, à leur premier jour."""

    du: date
    au: date
    fenetre: int
    requis: int
    comptes: int

    @property
    def manque(self) -> int:
        """Mois encore à compter; 0 si le nombre est atteint."""
        return max(0, self.requis - self.comptes)


def premier_du_mois(jour: date) -> date:
    """Le premier jour du mois de `jour`."""
    return jour.replace(day=1)


def decaler(mois: date, de: int) -> date:
    """Le premier jour du mois, `de` mois plus loin (ou plus tôt, si négatif)."""
    rang = mois.year * 12 + mois.month - 1 + de
    return date(rang // 12, rang % 12 + 1, 1)


def suite(du: date, au: date) -> list[date]:
    """Chaque mois de `du` à `au` compris; vide si `au` précède `du`."""
    debut, fin = premier_du_mois(du), premier_du_mois(au)
    nombre = (fin.year - debut.year) * 12 + fin.month - debut.month + 1
    return [decaler(debut, rang) for rang in range(max(0, nombre))]


@regle_de_droit(
    "revenu_de_base",
    "Mois qui comptent vers le revenu de base",
    source="Règlement sur l'aide aux personnes et aux familles, art. 177.43 à 177.45",
    regles=("prb_mois_requis", "prb_fenetre_mois"),
)
def compter(mois: Iterable[date], jour: date, requis: int, fenetre: int) -> Compte66:
    """Compte les mois distincts de la fenêtre : les `fenetre` mois qui finissent avec le mois de `jour`.

    Le mois en cours compte; un mois à venir, ou plus vieux que la fenêtre, ne compte pas.
    """
    au = premier_du_mois(jour)
    du = decaler(au, 1 - fenetre)
    comptes = {premier_du_mois(un) for un in mois if du <= premier_du_mois(un) <= au}
    return Compte66(du, au, fenetre, requis, len(comptes))
