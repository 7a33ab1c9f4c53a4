"""Une contrainte temporaire de quatre mois, menée près de sa fin."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from correspondance.models import MessageCode
from decisions.models import Renouvellement
from dossiers import travaux
from dossiers.models import Echeance, Tache
from formulaires.models import RapportMedical
from journal.models import Entree
from socle import horloge
from tests.fabriques import RAPPORT_TEMPORAIRE, Scene

FIN = date(2026, 6, 1)  # accordée le 2 février 2026 pour quatre mois


def au(scene: Scene, jour: date) -> Scene:
    """Amène la scène à 9 h ce jour-là."""
    scene.instant = horloge.heure_locale(jour, 9, 0)
    return scene


def nuit(scene: Scene) -> int:
    """Joue les travaux du jour de la scène, sur son dossier; rend le nombre d'actes joués."""
    with horloge.figer(scene.instant):
        return travaux.jouer(scene.dossier)


def accordee() -> Scene:
    return Scene().temporaire()


def proposee(jours: int = 40) -> Scene:
    """La clinique est interrogée, `jours` jours avant la fin."""
    scene = au(accordee(), FIN - timedelta(days=jours))
    nuit(scene)
    return scene


def confirmee(mois: int = 3) -> Scene:
    """La clinique a confirmé; la nouvelle demande attend l'agent."""
    scene = proposee()
    scene.joue("clinicien", "renouveler_temporaire", mois=mois, rapport_vu=sha(scene))
    return scene


def renouvellement(scene: Scene) -> Renouvellement:
    """Le dernier renouvellement du dossier."""
    dernier = Renouvellement.objects.filter(decision__demande__dossier=scene.dossier).order_by("-pk").first()
    assert dernier is not None
    return dernier


def sha(scene: Scene) -> str:
    """L'empreinte du dernier rapport du dossier."""
    dernier = RapportMedical.objects.filter(demande__dossier=scene.dossier).order_by("-pk").first()
    assert dernier is not None
    return dernier.sha256


def fin_tenue(scene: Scene) -> list[date]:
    """Les fins de contrainte temporaire que tiennent les listes."""
    return [une.date for une in Echeance.objects.filter(dossier=scene.dossier, code=Echeance.Code.FIN_TEMPORAIRE)]


def taches(scene: Scene) -> list[str]:
    """Codes des tâches ouvertes du dossier, sauf la rencontre offerte à toute nouvelle demande."""
    ouvertes = scene.dossier.taches.filter(close_le__isnull=True).exclude(code=Tache.Code.PREMIERE_RENCONTRE)
    return list(ouvertes.order_by("pk").values_list("code", flat=True))


def lignes(scene: Scene, acte: str) -> int:
    """Lignes d'histoire de cet acte, réussies."""
    return Entree.objects.filter(dossier=scene.dossier, acte=acte, nature=Entree.Nature.ACTE).count()


def signaux(compte: Any) -> list[str]:
    """Ce qui part à ce compte sans lettre."""
    return [un.corps for un in MessageCode.objects.filter(compte=compte)]


__all__ = ["FIN", "RAPPORT_TEMPORAIRE"]
