"""Le conflit d'intérêts déclaré : qui l'a déclaré ne voit plus le dossier, et ne peut se le faire confier."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from comptes.models import Compte
from dossiers.models import ConflitInteret, Dossier
from socle.refus import Refus


def sans_conflit(personne: Compte) -> Q:
    """Dossiers où cette personne n'a déclaré aucun conflit encore vivant.

    Une liste de numéros, et non une existence par ligne : la file garde l'ordre de son index.
    """
    declares = ConflitInteret.objects.filter(compte=personne, leve_le__isnull=True)
    return ~Q(pk__in=declares.values("dossier"))


def en_conflit(dossier: Dossier) -> set[int]:
    """Numéros des comptes qui ont déclaré un conflit sur ce dossier."""
    vivants = ConflitInteret.objects.filter(dossier=dossier, leve_le__isnull=True)
    return set(vivants.values_list("compte_id", flat=True))


def exiger_sans(dossier: Dossier, *personnes: Compte, champ: str = "") -> None:
    """Lève `conflit_interet` (rang 2) si l'une de ces personnes a déclaré un conflit sur ce dossier."""
    declares = en_conflit(dossier)
    fautive = next((une for une in personnes if une.pk in declares), None)
    if fautive is not None:
        raise Refus(
            "conflit_interet",
            f"{fautive.nom_complet} a déclaré un conflit d'intérêts sur ce dossier. Choisissez une autre personne.",
            champ=champ,
        )


def sans_ceux_en_conflit(dossier: Dossier, comptes: Iterable[Compte]) -> list[Compte]:
    """Les mêmes personnes, sans celles qui ont déclaré un conflit sur ce dossier."""
    declares = en_conflit(dossier)
    return [un for un in comptes if un.pk not in declares]
