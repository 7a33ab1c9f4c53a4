"""Registre des échéances : chaque app déclare celles qu'elle sait calculer, `actualiser` tient la copie.

Une échéance est toujours recalculée depuis ses faits; la ligne gardée ne sert qu'aux listes et aux index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from dossiers.models import Demande, Dossier, Echeance, Mandat

COLONNE_CALCUL = 240


@dataclass(frozen=True)
class Calculee:
    """Une échéance calculée : sa demande (None pour le dossier), son code, sa date, son calcul en mots."""

    demande: Demande | None
    code: str
    date: date
    calcul: str


Calculateur = Callable[[Dossier], Iterable[Calculee]]
_CALCULATEURS: list[Calculateur] = []


def inscrire(calculateur: Calculateur) -> Calculateur:
    """Ajoute un calculateur; appelé dans `ready()` de chaque app."""
    if calculateur not in _CALCULATEURS:
        _CALCULATEURS.append(calculateur)
    return calculateur


def fin_mandat(dossier: Dossier) -> Iterable[Calculee]:
    """Fin du dernier mandat confirmé et non révoqué; jamais reportée à un jour ouvrable."""
    mandat = (
        Mandat.objects.filter(dossier=dossier, confirme_le__isnull=False, revoque_le__isnull=True)
        .order_by("-jusqu_au", "-pk")
        .first()
    )
    if mandat is not None:
        yield Calculee(None, Echeance.Code.FIN_MANDAT, mandat.jusqu_au, "date choisie par la personne")


def actualiser(dossier: Dossier) -> None:
    """Recalcule toutes les échéances du dossier et aligne les lignes gardées."""
    voulues = {
        (calculee.demande.pk if calculee.demande else None, str(calculee.code)): calculee
        for calculateur in _CALCULATEURS
        for calculee in calculateur(dossier)
    }
    gardees = {(ligne.demande_id, ligne.code): ligne for ligne in Echeance.objects.filter(dossier=dossier)}
    for cle in gardees.keys() - voulues.keys():
        gardees[cle].delete()
    for cle, calculee in voulues.items():
        ligne = gardees.get(cle)
        calcul = calculee.calcul[:COLONNE_CALCUL]
        if ligne is None:
            Echeance.objects.create(
                dossier=dossier, demande=calculee.demande, code=calculee.code, date=calculee.date, calcul=calcul
            )
        elif (ligne.date, ligne.calcul) != (calculee.date, calcul):
            ligne.date, ligne.calcul = calculee.date, calcul
            ligne.save(update_fields=["date", "calcul"])
