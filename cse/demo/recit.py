"""Un récit : la suite datée des actes d'un dossier fictif, comptée en jours depuis le dépôt.

Le calendrier n'est fixé qu'au moment de jouer : le dernier acte tombe `repos` jours avant aujourd'hui,
pour que les files soient toujours vivantes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self

from cse.rejeu.fichier import Evenement
from referentiels import lecture as referentiels
from referentiels.regles import jour_ouvrable_suivant
from socle import horloge

SAMEDI = 5  # `date.weekday()`
ENTRE_DEUX_ACTES = timedelta(minutes=4)


@dataclass(frozen=True)
class Jour:
    """Une date à `n` jours du dépôt, fixée au moment de jouer."""

    n: int


@dataclass(frozen=True)
class Moments:
    """Des moments de rencontre : ces heures, le premier jour ouvert à `n` jours du dépôt ou après."""

    n: int
    heures: tuple[int, ...]


@dataclass(frozen=True)
class Instant:
    """Une heure de bureau à `n` jours du dépôt : un rendez-vous."""

    n: int
    heure: str


@dataclass(frozen=True)
class Personne:
    """Le prestataire d'un récit."""

    prenom: str
    nom: str
    region: str
    naissance: date
    langue: str = "fr"
    motif_langue: str = ""
    portail: bool = True
    ville: str = "Ville-Fictive"


@dataclass(frozen=True)
class _Pas:
    jour: int
    heure: str
    par: str
    acte: str
    donnees: dict[str, Any]


def ouvrable(jour: date) -> date:
    """Le jour lui-même, ou le vendredi d'avant : une équipe fictive ne travaille pas la fin de semaine."""
    return jour - timedelta(days=max(0, jour.weekday() - SAMEDI + 1))


@dataclass
class Recit:
    """Les actes d'un dossier, dans l'ordre; `distribution` nomme qui tient chaque place."""

    code: str
    personne: Personne
    repos: int
    distribution: dict[str, str] = field(default_factory=dict)
    pas: list[_Pas] = field(default_factory=list)
    n: int = 0

    def apres(self, jours: int) -> Self:
        """Avance de `jours` jours."""
        self.n += jours
        return self

    def fait(self, par: str, acte: str, heure: str = "", **donnees: Any) -> Self:
        """Ajoute un acte au jour courant du récit."""
        self.pas.append(_Pas(self.n, heure or "09:30", par, acte, donnees))
        return self

    def dans(self, jours: int) -> Jour:
        """La date à `jours` jours du jour courant du récit."""
        return Jour(self.n + jours)

    def a(self, jours: int, heure: str) -> Instant:
        """L'heure dite, à `jours` jours du jour courant du récit."""
        return Instant(self.n + jours, heure)

    def depot(self, aujourd_hui: date) -> date:
        """Date du dépôt, pour que le dernier acte tombe `repos` jours avant aujourd'hui."""
        return aujourd_hui - timedelta(days=self.n + self.repos)

    def evenements(self, aujourd_hui: date) -> list[Evenement]:
        """Les actes datés, toujours dans l'ordre et jamais à venir."""
        depot = self.depot(aujourd_hui)
        dates: list[Evenement] = []
        avant: datetime | None = None
        for pas in self.pas:
            heure, minute = (int(nombre) for nombre in pas.heure.split(":"))
            instant = horloge.heure_locale(ouvrable(depot + timedelta(days=pas.jour)), heure, minute)
            if avant is not None:
                instant = max(instant, avant + ENTRE_DEUX_ACTES)
            donnees = {cle: _dater(valeur, depot) for cle, valeur in pas.donnees.items()}
            dates.append(Evenement(instant, pas.par, pas.acte, donnees, "", 0))
            avant = instant
        return dates


def _dater(valeur: Any, depot: date) -> Any:
    if isinstance(valeur, Moments):
        jour = depot + timedelta(days=valeur.n)
        jour = jour_ouvrable_suivant(jour, referentiels.fermetures(jour))
        return [horloge.heure_locale(jour, heure) for heure in valeur.heures]
    if isinstance(valeur, Instant):
        heure, minute = (int(nombre) for nombre in valeur.heure.split(":"))
        return horloge.heure_locale(ouvrable(depot + timedelta(days=valeur.n)), heure, minute)
    return ouvrable(depot + timedelta(days=valeur.n)) if isinstance(valeur, Jour) else valeur
