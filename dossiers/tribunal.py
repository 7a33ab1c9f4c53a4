"""Les étapes d'un recours devant le Tribunal, telles que l'agent les note; hors de la machine à états.

Source : `domaine.md` §3.3 (conciliation, audience, jugement); loi sur l'aide aux personnes, art. 119 (intérêts).
"""

from __future__ import annotations

from django.db import models


class GenreEtape(models.TextChoices):
    """Ce qui s'est passé, ou est prévu, devant le Tribunal."""

    CONCILIATION_PREVUE = "conciliation_prevue", "Conciliation prévue"
    CONCILIATION_TENUE = "conciliation_tenue", "Conciliation tenue"
    ENTENTE = "entente", "Entente conclue"
    AUDIENCE_PREVUE = "audience_prevue", "Audience prévue"
    AUDIENCE_TENUE = "audience_tenue", "Audience tenue"
    INTERETS = "interets", "Intérêts vérifiés"


# Seules ces étapes peuvent porter une date à venir.
A_VENIR = frozenset({GenreEtape.CONCILIATION_PREVUE, GenreEtape.AUDIENCE_PREVUE})
# Les issues que l'écran propose; un acte en reçoit d'autres, en texte libre.
ISSUES = {
    "maintenue": "La décision est maintenue",
    "modifiee": "La décision est modifiée",
    "infirmee": "La décision est infirmée",
    "renvoi": "Le Tribunal renvoie le dossier au Ministère",
    "desistement": "La personne s'est désistée",
}
