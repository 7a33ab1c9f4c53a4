"""Tenir les travaux planifiés : un à la fois, leur passage écrit, le jour manqué rattrapé.

Un travail constate tout ce qui est dépassé, jamais seulement la veille : le rejouer ne double rien, et un seul
passage rattrape plusieurs jours. Source : `epreuves.md` T06.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any

from django.db import connection
from django.db.models import F

from socle import horloge
from socle.models import Passage

journal_technique = logging.getLogger(__name__)
ECHECS_NOMMES = 50
GRACE = timedelta(minutes=5)
REPRISE = timedelta(hours=1)


@dataclass
class Bilan:
    """Ce qu'un passage a manqué; la suite du travail ne s'arrête pas pour autant."""

    echecs: list[dict[str, str]] = field(default_factory=list)


_bilan: ContextVar[Bilan | None] = ContextVar("bilan", default=None)


@dataclass(frozen=True)
class Travail:
    """Un travail : son nom, ce qu'il fait, son heure civile (`a`) ou sa période (`chaque`)."""

    nom: str
    titre: str
    fonction: Callable[[], Any]
    a: time | None
    chaque: timedelta | None
    rattrape: bool = True

    def prevu(self, maintenant: datetime) -> datetime:
        """Dernier moment où ce travail devait avoir commencé."""
        if self.a is None:
            return maintenant - (self.chaque or GRACE)
        jour = horloge.jour_civil(maintenant)
        prevu = horloge.heure_locale(jour, self.a.hour, self.a.minute)
        hier = jour - timedelta(days=1)
        return prevu if prevu <= maintenant else horloge.heure_locale(hier, self.a.hour, self.a.minute)


TRAVAUX: dict[str, Travail] = {}


def travail(
    nom: str, titre: str, *, a: time | None = None, chaque: timedelta | None = None, rattrape: bool = True
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Inscrit une tâche planifiée; chaque appel laisse son passage. Un travail quotidien tourne seul.

    `rattrape` à faux : ce travail a son propre rattrapage. Ce que rend la fonction, si c'est un entier, est le
    nombre de gestes faits.
    """

    def inscrire(fonction: Callable[[], Any]) -> Callable[[], Any]:
        @wraps(fonction)
        def jouer() -> Any:
            if a is None:
                return _jouer(nom, fonction)
            with _seul(nom) as libre:
                return _jouer(nom, fonction) if libre else None

        TRAVAUX[nom] = Travail(nom, titre, jouer, a, chaque, rattrape)
        return jouer

    return inscrire


@contextmanager
def _seul(nom: str) -> Iterator[bool]:
    """Vrai si personne d'autre ne joue ce travail en ce moment."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"travail:{nom}"])
        libre = bool(curseur.fetchone()[0])
    try:
        yield libre
    finally:
        if libre and connection.is_usable():
            with connection.cursor() as curseur:
                curseur.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"travail:{nom}"])


def _jouer(nom: str, fonction: Callable[[], Any]) -> Any:
    debut, jour = horloge.maintenant(), horloge.aujourd_hui()
    bilan = Bilan()
    jeton = _bilan.set(bilan)
    resultat: Any = None
    try:
        resultat = fonction()
    except Exception as erreur:
        bilan.echecs.append({"objet": "", "erreur": type(erreur).__name__})
        raise
    finally:
        _bilan.reset(jeton)
        if connection.is_usable():
            faits = resultat if isinstance(resultat, int) and not isinstance(resultat, bool) else 0
            _ecrire(nom, jour, debut, faits, bilan)
    return resultat


def _ecrire(nom: str, jour: Any, debut: datetime, faits: int, bilan: Bilan) -> None:
    dits = {
        "debut": debut,
        "fin": horloge.maintenant(),
        "erreurs": len(bilan.echecs),
        "echecs": bilan.echecs[:ECHECS_NOMMES],
    }
    ceux_du_jour = Passage.objects.filter(travail=nom, jour=jour)
    if ceux_du_jour.update(executions=F("executions") + 1, faits=F("faits") + faits, **dits):
        return
    avant = Passage.objects.filter(travail=nom, jour__lt=jour).order_by("-jour").values_list("jour", flat=True).first()
    manques = (jour - avant).days - 1 if avant else 0
    Passage.objects.create(travail=nom, jour=jour, faits=faits, jours_manques=manques, **dits)


def echec(erreur: Exception, objet: str = "") -> None:
    """Note l'échec d'un objet et laisse le travail continuer; hors d'un travail, ou base perdue, l'erreur remonte."""
    bilan = _bilan.get()
    if bilan is None or not connection.is_usable():
        raise erreur
    journal_technique.error("travail en échec sur un objet : %s", type(erreur).__name__)
    bilan.echecs.append({"objet": objet, "erreur": type(erreur).__name__})


def en_cours() -> bool:
    """Vrai pendant un travail planifié."""
    return _bilan.get() is not None


def en_retard(travail: Travail, dernier: Passage | None, maintenant: datetime) -> bool:
    """Vrai si le travail aurait dû passer depuis, grâce comprise."""
    prevu = travail.prevu(maintenant)
    if travail.a is None:
        return dernier is None or dernier.debut < prevu - GRACE
    return maintenant >= prevu + GRACE and (dernier is None or dernier.debut < prevu)


def a_rattraper() -> list[Travail]:
    """Travaux quotidiens qui n'ont pas passé à leur heure, ou dont la dernière exécution a échoué il y a une heure."""
    maintenant = horloge.maintenant()
    trouves = []
    for un in TRAVAUX.values():
        if un.a is None or not un.rattrape:
            continue
        dernier = Passage.objects.filter(travail=un.nom).order_by("-debut").first()
        repris = dernier is not None and dernier.erreurs > 0 and dernier.debut <= maintenant - REPRISE
        if repris or en_retard(un, dernier, maintenant):
            trouves.append(un)
    return trouves


def rattraper() -> int:
    """Joue maintenant ce qui devait l'être; rend combien de travaux ont tourné."""
    joues = 0
    for un in a_rattraper():
        try:
            un.fonction()
            joues += 1
        except Exception as erreur:  # noqa: BLE001 - un travail en échec n'empêche pas de rattraper les autres
            echec(erreur, un.nom)
    return joues
