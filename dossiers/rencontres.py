"""Lectures des rencontres : celle qui vit, son rendez-vous, ce qu'un créneau a d'impossible, son agenda.

Source : `docs/rencontres.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from comptes.models import Compte, Role
from dossiers.models import QUI_TIENT, Creneau, Dossier, Rencontre
from referentiels import lecture as referentiels
from referentiels.regles import est_ferme
from socle import horloge
from socle.dates_en_mots import date_heure, date_longue, heure

Etat = Rencontre.Etat
CSEMS = (Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS)


def _du_rendez_vous(champ: str) -> Subquery:
    return Subquery(Creneau.objects.filter(QUI_TIENT, rencontre=OuterRef("pk")).values(champ)[:1])


def _en_cours(dossier: Dossier | OuterRef) -> QuerySet[Rencontre]:
    return (
        Rencontre.objects.filter(dossier=dossier, finie_le__isnull=True)
        .annotate(debut=_du_rendez_vous("debut"), fin=_du_rendez_vous("fin"))
        .order_by("pk")
    )


def vivantes(dossier: Dossier) -> QuerySet[Rencontre]:
    """Rencontres ni tenues ni annulées, avec le début et la fin du rendez-vous confirmé (nuls sinon)."""
    return _en_cours(dossier).select_related("hote")


def a_lire() -> ArraySubquery:
    """Les rencontres en cours, lues avec le dossier : rien de chiffré, de quoi dire où en est le rendez-vous."""
    dites = JSONObject(
        id="pk", etat="etat", mode="mode", avec="avec", interprete="interprete", debut="debut",
        prenom="hote__prenom", nom="hote__nom",
    )  # fmt: skip
    return ArraySubquery(_en_cours(OuterRef("pk")).values(json=dites))


@dataclass(frozen=True)
class EnBref:
    """Une rencontre en cours, en quelques mots."""

    id: int
    etat: str
    mode: str
    avec: str
    interprete: str
    debut: datetime | None
    hote: str

    @property
    def dite(self) -> str:
        """L'état, en mots."""
        return str(Etat(self.etat).label)

    @property
    def comment(self) -> str:
        """Le mode, en mots."""
        return str(Rencontre.Mode(self.mode).label)

    @property
    def avec_qui(self) -> str:
        """L'hôte s'il est connu, sinon son équipe."""
        equipe = str(Rencontre.Avec(self.avec).label)
        return self.hote or f"{equipe[:1].lower()}{equipe[1:]}"


def _en_bref(lue: dict[str, Any]) -> EnBref:
    hote = f"{lue.pop('prenom') or ''} {lue.pop('nom') or ''}".strip()
    debut = lue.pop("debut")
    return EnBref(**lue, hote=hote, debut=datetime.fromisoformat(debut) if debut else None)


def a_montrer(dossier: Dossier) -> EnBref | None:
    """La rencontre qui compte le plus en ce moment : confirmée, puis à choisir, puis demandée, puis offerte."""
    rangs = {Etat.CONFIRMEE: 0, Etat.PROPOSEE: 1, Etat.DEMANDEE: 2, Etat.OFFERTE: 3}
    lues = getattr(dossier, "rencontres_lues", None)
    if lues is None:
        lues = Dossier.objects.filter(pk=dossier.pk).values_list(a_lire(), flat=True).get()
    return min((_en_bref(dict(une)) for une in lues), key=lambda une: rangs[Etat(une.etat)], default=None)


def avec_de(personne: Compte) -> str:
    """Avec qui la personne se réunit quand ce membre du personnel propose."""
    return Rencontre.Avec.CSEMS if personne.role in CSEMS else Rencontre.Avec.AGENT


def quand(debut: datetime) -> str:
    """« vendredi 27 novembre 2026, 10 h 00 » : le jour de la semaine aide à choisir."""
    return f"{date_longue(debut)}, {heure(debut)}"


def duree(jour: date) -> timedelta:
    """Durée d'une rencontre, à cette date."""
    return timedelta(minutes=int(referentiels.regle("rencontre_minutes", jour)))


def defaut(debut: datetime, hote: Compte) -> str:
    """Pourquoi ce moment ne se propose pas; vide s'il convient."""
    instant, jour = horloge.maintenant(), horloge.jour_civil(debut)
    if debut <= instant:
        return "Ce moment est passé."
    loin = int(referentiels.regle("rencontre_horizon_jours", horloge.jour_civil(instant)))
    if debut > instant + timedelta(days=loin):
        return f"Ce moment est trop loin. Restez dans les {loin} prochains jours."
    if est_ferme(jour, referentiels.fermetures(jour)):
        return "Les bureaux sont fermés ce jour-là."
    pris = (
        Creneau.objects.filter(QUI_TIENT, hote=hote, debut__lt=debut + duree(jour), fin__gt=debut)
        .order_by("debut")
        .first()
    )
    return f"Vous avez déjà un rendez-vous le {date_heure(pris.debut)}." if pris is not None else ""


def offerts(rencontre: Rencontre) -> list[Creneau]:
    """Créneaux encore offerts et à venir, du plus proche au plus loin."""
    return list(
        rencontre.creneaux.filter(retenu=False, retire=False, debut__gt=horloge.maintenant()).order_by("debut", "pk")
    )


def rendez_vous(rencontre: Rencontre) -> Creneau | None:
    """Le dernier créneau retenu, même retiré depuis : ce que l'agenda de la personne porte encore."""
    return rencontre.creneaux.filter(retenu=True).order_by(F("retire").asc(), "-pk").first()
