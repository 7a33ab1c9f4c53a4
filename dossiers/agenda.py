"""Le rendez-vous en fichier d'agenda (RFC 5545). Rien n'y dit de quoi il s'agit : ni dossier, ni service, ni lieu."""

from __future__ import annotations

from icalendar import Calendar, Event

from dossiers.models import Creneau, Rencontre
from socle import horloge

TITRE = "Rendez-vous"


def fichier(rencontre: Rencontre, creneau: Creneau) -> bytes:
    """Le rendez-vous à ajouter à un agenda, ou à en retirer s'il ne tient plus.

    L'identifiant ne change jamais et `SEQUENCE` monte : un second fichier remplace le premier.
    """
    tient = creneau.retenu and not creneau.retire and rencontre.etat == Rencontre.Etat.CONFIRMEE
    agenda = Calendar()
    agenda.add("prodid", "-//Rendez-vous//FR")
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH" if tient else "CANCEL")
    evenement = Event()
    evenement.add("uid", str(rencontre.uid))
    evenement.add("dtstamp", horloge.maintenant())
    evenement.add("dtstart", creneau.debut)
    evenement.add("dtend", creneau.fin)
    evenement.add("sequence", rencontre.sequence)
    evenement.add("status", "CONFIRMED" if tient else "CANCELLED")
    evenement.add("summary", TITRE)
    evenement.add("class", "PRIVATE")
    agenda.add_component(evenement)
    contenu: bytes = agenda.to_ical()
    return contenu
