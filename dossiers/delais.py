"""Mesurer combien de temps prend d'habitude une demande, pour le dire sans le promettre.

Source : `ecrans-et-lettres.md` B8 (médiane et 80e centile des six derniers mois); `conception.md` §2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dossiers.lettres import DELAI_DECISION
from dossiers.models import Demande
from socle import horloge


def delais_constates(du: date, au: date) -> Iterator[tuple[str, list[int]]]:
    """(étape, durées en jours civils) des demandes dont la lettre de décision est émise de `du` à `au` inclus.

    La durée va du jour du dépôt à celui de la lettre : c'est l'attente de la personne, pas celle d'une équipe.
    Les demandes fermées sans décision n'y comptent pas.
    """
    decidees = Demande.objects.filter(decision_emise_le__range=(du, au)).order_by()
    lues = decidees.values_list("deposee_le", "decision_emise_le").iterator(chunk_size=5000)
    yield (
        DELAI_DECISION,
        [max((emise - horloge.jour_civil(depot)).days, 0) for depot, emise in lues if emise is not None],
    )
