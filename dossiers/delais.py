"""Mesurer combien de temps prend d'habitude une demande, pour le dire sans le promettre.

Les demandes comparables sont passées elles aussi par l'évaluation, dans la même région; faute d'assez de demandes,
partout; sinon toutes celles de la région, puis toutes. Les autres voies ne se distinguent pas : un délai plus court
annoncerait une reconnaissance avant sa lettre. Source : `ecrans-et-lettres.md` B8 (médiane et 80e centile des six
derniers mois); `conception.md` §2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from dossiers.etats import Voie
from dossiers.models import Demande
from referentiels import lecture as referentiels
from referentiels.models import DelaiHabituel
from socle import horloge

DELAI_DECISION = "decision"
FRAICHEUR = timedelta(days=31)  # un calcul plus vieux ne parle plus des six derniers mois


def etapes_comparables(voie: str, region: str) -> list[str]:
    """Les étapes où chercher le délai d'une demande, de la plus proche d'elle à la plus large."""
    evaluee = f"{DELAI_DECISION}:{voie}" if voie == Voie.EVALUEE else ""
    etapes = [f"{base}:{region}" for base in (evaluee, f"{DELAI_DECISION}:toutes") if base and region]
    if evaluee:
        etapes.insert(1 if region else 0, evaluee)
    return [*etapes, DELAI_DECISION]


def delais_constates(du: date, au: date) -> Iterator[tuple[str, list[int]]]:
    """(étape, durées en jours civils) des demandes dont la lettre de décision est émise de `du` à `au` inclus.

    La durée va du jour du dépôt à celui de la lettre : c'est l'attente de la personne, pas celle d'une équipe.
    Les demandes fermées sans décision n'y comptent pas. Une demande compte dans toutes ses étapes comparables.
    """
    decidees = Demande.objects.filter(decision_emise_le__range=(du, au)).order_by()
    lues = decidees.values_list("deposee_le", "decision_emise_le", "voie", "dossier__region").iterator(chunk_size=5000)
    durees: defaultdict[str, list[int]] = defaultdict(list)
    for depot, emise, voie, region in lues:
        if emise is not None:
            for etape in etapes_comparables(voie, region):
                durees[etape].append(max((emise - horloge.jour_civil(depot)).days, 0))
    yield from durees.items()


def delai_habituel(demande: Demande | None, region: str) -> DelaiHabituel | None:
    """Le délai des demandes les plus comparables, s'il y en a assez et s'il est frais; sinon None.

    Une requête. `delai_habituel_min` (règle datée) : sous ce nombre, nous ne savons pas encore.
    """
    etapes = etapes_comparables(demande.voie if demande is not None else "", region)
    seuil = int(referentiels.regle("delai_habituel_min", horloge.aujourd_hui()))
    frais = DelaiHabituel.objects.filter(
        etape__in=etapes, effectif__gte=seuil, calcule_le__gt=horloge.maintenant() - FRAICHEUR
    )
    derniers = {un.etape: un for un in frais.order_by("etape", "-calcule_le").distinct("etape")}
    return next((derniers[etape] for etape in etapes if etape in derniers), None)
