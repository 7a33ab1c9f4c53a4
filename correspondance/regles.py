"""Règles pures de l'envoi : canaux, reprises, levée postale. Sans base."""

from __future__ import annotations

import datetime as dt

from referentiels.regles import Feries, est_ferme
from socle import horloge

FENETRE = dt.timedelta(hours=72)
BAIL = dt.timedelta(minutes=5)
PREMIERE_ATTENTE = dt.timedelta(minutes=1)
ATTENTE_MAX = dt.timedelta(hours=6)
HEURE_LEVEE = (17, 30)


def attente(essais: int) -> dt.timedelta:
    """Attente après le `essais`-ième échec : 1 min, 2, 4… jusqu'à 6 h."""
    return min(PREMIERE_ATTENTE * 2 ** min(max(essais - 1, 0), 10), ATTENTE_MAX)


def prochain_essai(ouverte_le: dt.datetime, essais: int, maintenant: dt.datetime) -> dt.datetime | None:
    """L'instant du prochain essai, ou `None` si la fenêtre de 72 h est passée.

    Source : `epreuves.md` E1 (essais pendant 72 h), F08.
    """
    fin = ouverte_le + FENETRE
    if maintenant >= fin:
        return None
    return min(maintenant + attente(essais), fin)


def canal_de_lettre(prefere: str, a_une_adresse: bool, a_un_courriel: bool) -> str:
    """Par où la lettre elle-même part : `portail` ou `poste`.

    La préférence vaut; sans adresse postale mais avec un courriel, la lettre va au portail.
    Sans l'un ni l'autre, `poste` : l'envoi devient une tâche humaine, rien ne se perd.
    """
    if prefere == "poste" and not a_une_adresse and a_un_courriel:
        return "portail"
    return prefere


def depart_en_mots(prefere: str) -> str:
    """Quand part une lettre qui attend : tout de suite au portail, même un jour fermé; sinon à la levée.

    Source : `conception.md` §6. Le relais émet sans attendre pour qui a choisi le portail.
    """
    if prefere == "portail":
        return "part tout de suite, au portail de la personne"
    return f"part au prochain envoi, à {HEURE_LEVEE[0]} h {HEURE_LEVEE[1]} un jour ouvrable"


def derniere_levee(maintenant: dt.datetime, feries: Feries) -> dt.datetime | None:
    """La dernière levée postale passée (17 h 30 d'un jour ouvrable), si l'on peut émettre ce jour.

    `None` un jour fermé : une levée manquée se rattrape le jour ouvrable suivant, jamais
    une fin de semaine. Source : `conception.md` §6; `epreuves.md` T06.
    """
    jour = horloge.jour_civil(maintenant)
    if est_ferme(jour, feries):
        return None
    levee = horloge.heure_locale(jour, *HEURE_LEVEE)
    while maintenant < levee or est_ferme(jour, feries):
        jour -= dt.timedelta(days=1)
        levee = horloge.heure_locale(jour, *HEURE_LEVEE)
    return levee
