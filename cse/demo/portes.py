"""Des portes de soins inventées, pour que le répertoire se voie dans la démonstration; la page le dit."""

from __future__ import annotations

from datetime import date, timedelta

from referentiels import lecture
from referentiels.models import PorteSoins

SOURCE = "Inventée pour la démonstration"
G = PorteSoins.Genre
# Code, libellé, région, genre, téléphone réservé aux exemples, heures, ce qu'on y fait.
PORTES = (
    ("demo_rue", "Clinique de rue Point d'appui (fictive)", "06", G.DESAFFILIEES, "514 555-0161",
     "Lundi au jeudi, 13 h à 19 h", "Sans rendez-vous ni carte. Une infirmière peut signer le rapport."),
    ("demo_ips_metropole", "Infirmières praticiennes de la Métropole (fictives)", "06", G.IPS, "514 555-0162",
     "Lundi au vendredi, 8 h à 16 h", "Rendez-vous en deux semaines, sans médecin de famille."),
    ("demo_capitale", "Clinique sans rendez-vous du Fleuve (fictive)", "03", G.SANS_RENDEZ_VOUS, "418 555-0163",
     "Tous les jours, 8 h à 20 h", "Apportez la trousse. Demandez une visite pour un formulaire."),
    ("demo_estuaire", "Infirmières praticiennes de l'Estuaire (fictives)", "01", G.IPS, "418 555-0164",
     "Mardi et jeudi, 9 h à 15 h", "Se déplacent aussi au domicile."),
    ("demo_telesante", "Télésanté des Marées (fictive)", "", G.TELESANTE, "1 855 555-0165",
     "Jour et nuit", "Par téléphone ou vidéo, partout au Québec."),
)  # fmt: skip


def inscrire(aujourd_hui: date) -> None:
    """Ajoute les portes encore absentes; rejouable sans effet."""
    connues = set(PorteSoins.objects.values_list("code", flat=True))
    neuves = [
        PorteSoins(
            code=code, libelle=libelle, region=region, genre=genre, telephone=telephone, horaire=horaire,
            description=description, source=SOURCE, certitude="demonstration", rang=rang,
            en_vigueur_du=date(2020, 1, 1), verifiee_le=aujourd_hui - timedelta(days=12),
        )
        for rang, (code, libelle, region, genre, telephone, horaire, description) in enumerate(PORTES, start=1)
        if code not in connues
    ]  # fmt: skip
    if neuves:
        PorteSoins.objects.bulk_create(neuves)
        lecture.invalider()
