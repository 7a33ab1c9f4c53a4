"""Fin de séance : combien de temps il reste, et prolonger d'un geste.

Source : `ecrans-et-lettres.md` B0 « Session end » et D13 (avertir au moins 120 s avant).
"""

from __future__ import annotations

import time

from django.http import HttpRequest

SEUIL_AVERTISSEMENT = 150  # s avant la fin
PAS_DE_PROLONGATION = 60  # s : au plus une écriture de séance par minute
CLE = "seance_prolongee_a"


def reste(request: HttpRequest) -> int:
    """Secondes avant la fin de la séance; une page lue prolonge, au plus une fois par minute.

    Le temps est celui de la machine : c'est elle qui ferme les séances, non l'horloge des délais.
    """
    ecoule = int(time.time()) - int(request.session.get(CLE, 0))
    if not 0 <= ecoule < PAS_DE_PROLONGATION:
        return prolonger(request)
    return int(request.session.get_expiry_age()) - ecoule


def prolonger(request: HttpRequest) -> int:
    """Repartir pour une durée entière; rend les secondes qui restent."""
    request.session[CLE] = int(time.time())
    return int(request.session.get_expiry_age())
