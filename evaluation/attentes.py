"""Ce que l'évaluation a attendu : depuis quand, jusqu'à quand, et quel renseignement manquait.

Une réponse attendue suspend l'évaluation, jamais un délai de la loi; elle revient aux mêmes deux personnes.
Source : `ecrans-et-lettres.md` B2; `cas/LISEZMOI.md`, « Transitions » (suspendre, reprendre).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dossiers.models import Demande, DemandeRenseignement
from referentiels import lecture as referentiels
from socle import horloge
from socle.dates_en_mots import date_moyenne


@dataclass(frozen=True)
class Attente:
    """Une pause de l'évaluation; `au` vide tant qu'une réponse manque. `elements` : des codes, puis des libellés."""

    du: date
    au: date | None
    elements: tuple[str, ...]


def fusionner(demandees: Iterable[Attente]) -> list[Attente]:
    """Les pauses, dans l'ordre : deux demandes qui se chevauchent n'en font qu'une. Pur."""
    pauses: list[Attente] = []
    for une in sorted(demandees, key=lambda une: une.du):
        derniere = pauses[-1] if pauses else None
        if derniere is None or (derniere.au is not None and derniere.au < une.du):
            pauses.append(Attente(une.du, une.au, tuple(dict.fromkeys(une.elements))))
            continue
        au = None if derniere.au is None or une.au is None else max(derniere.au, une.au)
        pauses[-1] = Attente(derniere.du, au, tuple(dict.fromkeys((*derniere.elements, *une.elements))))
    return pauses


def de_la_demande(demande: Demande, renseignements: Iterable[DemandeRenseignement]) -> list[Attente]:
    """Les pauses de l'évaluation de cette demande, leurs éléments en mots."""
    lues = [
        Attente(
            horloge.jour_civil(une.demandee_le),
            horloge.jour_civil(une.close_le) if une.close_le is not None else None,
            tuple(referentiels.element(code, horloge.jour_civil(une.demandee_le)).libelle for code in une.elements),
        )
        for une in renseignements
        if une.demande_id == demande.pk and une.apres_transmission
    ]
    return fusionner(lues)


def en_mots(attente: Attente, jour: date) -> str:
    """« Du 3 mars 2026 au 12 mars 2026, 9 jours : durée des limitations. »; `jour` borne celle qui dure."""
    jours = ((attente.au or jour) - attente.du).days
    duree = f"{jours} jour{'s' if jours > 1 else ''}" if jours else "moins d'un jour"
    fin = f" au {date_moyenne(attente.au)}" if attente.au is not None else ""
    debut = "Du" if attente.au is not None else "Depuis le"
    manquait = "; ".join(f"{libelle[:1].lower()}{libelle[1:]}" for libelle in attente.elements)
    return f"{debut} {date_moyenne(attente.du)}{fin}, {duree} : {manquait}."
