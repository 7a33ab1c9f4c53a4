"""Lectures des rencontres : celle qui vit, son rendez-vous, ce qu'un créneau a d'impossible, son agenda.

Source : `docs/rencontres.md`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, QuerySet, Subquery

from comptes.models import Compte, Role
from dossiers.models import QUI_TIENT, Creneau, Dossier, Rencontre
from referentiels import lecture as referentiels
from referentiels.regles import est_ferme
from socle import horloge
from socle.dates_en_mots import date_heure

HORIZON = timedelta(days=180)  # au plus loin d'un créneau
Etat = Rencontre.Etat
CSEMS = (Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS)


def _du_rendez_vous(champ: str) -> Subquery:
    return Subquery(Creneau.objects.filter(QUI_TIENT, rencontre=OuterRef("pk")).values(champ)[:1])


def vivantes(dossier: Dossier) -> QuerySet[Rencontre]:
    """Rencontres ni tenues ni annulées, avec le début et la fin du rendez-vous confirmé (nuls sinon)."""
    return (
        Rencontre.objects.filter(dossier=dossier, finie_le__isnull=True)
        .annotate(debut=_du_rendez_vous("debut"), fin=_du_rendez_vous("fin"))
        .select_related("hote")
        .order_by("pk")
    )


def a_montrer(dossier: Dossier) -> Rencontre | None:
    """La rencontre qui compte le plus en ce moment : confirmée, puis à choisir, puis demandée, puis offerte."""
    rangs = {Etat.CONFIRMEE: 0, Etat.PROPOSEE: 1, Etat.DEMANDEE: 2, Etat.OFFERTE: 3}
    return min(vivantes(dossier), key=lambda une: rangs[Etat(une.etat)], default=None)


def avec_de(personne: Compte) -> str:
    """Avec qui la personne se réunit quand ce membre du personnel propose."""
    return Rencontre.Avec.CSEMS if personne.role in CSEMS else Rencontre.Avec.AGENT


def duree(jour: date) -> timedelta:
    """Durée d'une rencontre, à cette date."""
    return timedelta(minutes=int(referentiels.regle("rencontre_minutes", jour)))


def defaut(debut: datetime, hote: Compte) -> str:
    """Pourquoi ce moment ne se propose pas; vide s'il convient."""
    instant, jour = horloge.maintenant(), horloge.jour_civil(debut)
    if debut <= instant:
        return "Ce moment est passé."
    if debut > instant + HORIZON:
        return "Ce moment est trop loin. Restez dans les six prochains mois."
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
