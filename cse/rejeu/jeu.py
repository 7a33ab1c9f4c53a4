"""Jouer un cas à travers les mêmes actes que l'interface, horloge simulée, dans une transaction annulée."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from django.db import transaction

from comptes.lecture import compte_systeme
from comptes.models import Compte
from cse.rejeu import constat
from cse.rejeu.distribution import Distribution
from cse.rejeu.fichier import ATTENDRE, SYSTEME, Cas, Evenement
from dossiers import travaux
from dossiers.models import Dossier
from dossiers.porte import ACTES, executer
from socle import hasard, horloge
from socle.refus import Refus

PERSONNES_EN_DONNEES = ("clinicien", "a", "pour", "intervenant", "evaluateur", "medecin", "specialiste")


@dataclass
class Resultat:
    """Résultat d'un cas : ce qui est sorti, ce qui diffère."""

    cas: str
    titre: str
    obtenu: dict[str, Any] = field(default_factory=dict)
    ecarts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def concorde(self) -> bool:
        return not self.ecarts

    def en_json(self) -> dict[str, Any]:
        """Forme du contrat : `{cas, concorde, obtenu, ecarts}`."""
        return {"cas": self.cas, "concorde": self.concorde, "obtenu": self.obtenu, "ecarts": self.ecarts}


class Joue(Protocol):
    """Ce qu'il faut pour jouer un événement : les comptes, par clé, et le dossier."""

    comptes: dict[str, Compte]
    dossier: Dossier


class _Annuler(Exception):
    """Défait la transaction d'un cas une fois le constat fait."""


def attendre(joue: Joue, depuis: datetime, jusqu_a: datetime) -> None:
    """Joue, jour par jour, les travaux de 00:05 sur ce dossier; n'émet rien."""
    jour = horloge.jour_civil(depuis)
    while jour <= horloge.jour_civil(jusqu_a):
        instant = horloge.heure_locale(jour, 0, 5)
        if depuis < instant <= jusqu_a:
            with horloge.figer(instant):
                travaux.jouer(joue.dossier)
        jour += timedelta(days=1)


def _resoudre(joue: Joue, donnees: dict[str, Any], parametres: frozenset[str]) -> dict[str, Any]:
    """Remplace les clés de personnes par leurs comptes; `preuve` n'est jamais exigée."""
    resolues: dict[str, Any] = {}
    for cle, valeur in donnees.items():
        if cle == "preuve" and cle not in parametres:
            continue
        if cle == "avec":
            resolues[cle] = [joue.comptes[une] for une in valeur]
            continue
        compte = joue.comptes.get(valeur) if cle in PERSONNES_EN_DONNEES and isinstance(valeur, str) else None
        resolues[cle] = compte if compte is not None else valeur
    return resolues


def jouer(joue: Joue, evenement: Evenement, avant: datetime) -> str:
    """Joue un événement; rend le code du refus, ou une chaîne vide."""
    acteur: Compte = compte_systeme() if evenement.par == SYSTEME else joue.comptes[evenement.par]
    if evenement.acte == ATTENDRE:
        if evenement.par != SYSTEME:
            return "acces_refuse"
        attendre(joue, avant, evenement.instant)
        return ""
    donnees = _resoudre(joue, evenement.donnees, ACTES[evenement.acte].parametres)
    try:
        with horloge.figer(evenement.instant):
            executer(evenement.acte, acteur=acteur, dossier=joue.dossier, **donnees)
    except Refus as refus:
        return refus.code
    return ""


def _derouler(cas: Cas, resultat: Resultat) -> None:
    avec = cas.evenements[0].instant if cas.evenements else horloge.maintenant()
    with horloge.figer(avec):
        joue = Distribution(cas, uuid4().hex[:10])
    avant = avec
    for rang, evenement in enumerate(cas.evenements, start=1):
        code = jouer(joue, evenement, avant)
        avant = evenement.instant
        if code != evenement.refus:
            resultat.ecarts.append(
                {
                    "cle": f"evenements[{rang}] {evenement.acte} par {evenement.par} (ligne {evenement.ligne})",
                    "attendu": f"refus: {evenement.refus}" if evenement.refus else "accepté",
                    "obtenu": f"refus: {code}" if code else "accepté",
                }
            )
    with horloge.figer(avant):
        joue.dossier.refresh_from_db()
        resultat.obtenu = constat.obtenu(joue)
    resultat.ecarts += constat.ecarts(cas.attendu, resultat.obtenu)


def rejouer(cas: Cas, apres: Callable[[Resultat], None] | None = None) -> Resultat:
    """Joue un cas et annule tout; rien n'en reste en base."""
    resultat = Resultat(cas.code, cas.titre)
    try:
        with hasard.fixer_parts(cas.code), transaction.atomic():
            _derouler(cas, resultat)
            raise _Annuler
    except _Annuler:
        pass
    if apres is not None:
        apres(resultat)
    return resultat
