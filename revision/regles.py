"""Règles pures de la révision : ce qui fait courir le délai, ce qui est en retard.

Source : manuel ministériel, sujets 43368, 43371, 43378, 43380.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from referentiels.droit import BORNES, CAS, FERME, HEURE, regle_de_droit
from referentiels.regles import Echeance, Etape, Feries, ajouter_jours_ouvrables, echeance_jours, plus_mois

RECUE, OBSERVATION, DELAI, RENVOI = (
    "réception de la demande",
    "dernière observation ou pièce",
    "fin du délai demandé",
    "réception du renvoi",
)


@dataclass(frozen=True)
class Depart:
    """Jour qui fait courir le délai, et pourquoi."""

    jour: date
    raison: str


@regle_de_droit(
    "depart_du_delai",
    "Ce qui fait courir, et repartir, le délai de la révision",
    source="Manuel, sujet 43378",
)
def depart_du_delai(
    recue_le: date,
    delai_demande_le: date | None,
    delai_jusqu_au: date | None,
    receptions: Iterable[date],
    *,
    renvoi: bool = False,
) -> Depart:
    """Point de départ du délai de décision.

    La réception de la demande; ou, si la personne a demandé un délai, la dernière observation ou pièce
    reçue entre sa demande et la fin du délai; à défaut, la fin du délai (manuel, sujet 43378).
    """
    if delai_demande_le is None or delai_jusqu_au is None:
        return Depart(recue_le, RENVOI if renvoi else RECUE)
    dans_le_delai = [jour for jour in receptions if delai_demande_le <= jour <= delai_jusqu_au]
    if dans_le_delai:
        return Depart(max(dans_le_delai), OBSERVATION)
    return Depart(delai_jusqu_au, DELAI)


def delai_permis(jusqu_au: date, le: date, mois_max: int) -> bool:
    """Vrai si le délai demandé finit après ce jour, et d'ici `mois_max` mois."""
    return le < jusqu_au <= plus_mois(le, mois_max)


def echeance(depart: Depart, jours: int, feries: Feries) -> Echeance:
    """Dernier jour d'un délai qui court du départ; le dernier jour fermé passe au jour ouvrable suivant."""
    return echeance_jours(depart.jour, jours, feries, precision=depart.raison)


@regle_de_droit(
    "reprise_prestation",
    "Reprise d'une prestation réduite de plus de la moitié",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 114",
    regles=("reprise_prestation_jours_ouvrables",),
    exige=(*BORNES, FERME, HEURE),
)
def reprise(recue_le: date, jours: int, feries: Feries) -> Echeance:
    """Le `jours`-ième jour ouvrable après la réception de la demande; ce jour-là, la révision peut encore être rendue.

    Passé ce jour sans décision, la prestation réduite de plus de la moitié se rétablit. Le temps que la personne
    prend pour compléter ne change pas ce jour. Source : Loi sur l'aide aux personnes et aux familles, art. 114.
    """
    dernier = ajouter_jours_ouvrables(recue_le, jours, feries)
    return Echeance(dernier, recue_le, (Etape(jours, "jours", "jours ouvrables"),), dernier, RECUE)


@regle_de_droit(
    "interet_revision",
    "Un intérêt peut être dû quand la révision renverse la décision",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 119; règlement r. 1, art. 31",
    exige=(CAS,),
)
def interet_a_verifier(issue: str, premiere: str) -> bool:
    """Vrai si la révision renverse un refus, ou change ce que la décision accordait : un intérêt peut être dû.

    `issue` : celle de la révision; `premiere` : celle de la décision révisée. Une reconnaissance infirmée n'en doit
    aucun. Source : Loi sur l'aide aux personnes et aux familles, art. 119; règlement r. 1, art. 31.
    """
    return issue == "modifiee" or (issue == "infirmee" and premiere != "reconnue")


@regle_de_droit(
    "revision_hors_delai",
    "Une demande de révision tardive est reçue et avertie",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 107; manuel, sujet 43364",
)
def est_hors_delai(recue_le: date, dernier_jour: date | None) -> bool:
    """Vrai si la demande est reçue après le dernier jour; jamais un motif de blocage."""
    return dernier_jour is not None and recue_le > dernier_jour


def contredite(issue: str, premiere: str, reponses: Mapping[str, str]) -> bool:
    """Vrai si la décision ne suit pas les réponses : la loi reconnaît qui répond trois fois « oui » (art. 70).

    `premiere` : l'issue de la décision révisée. N'arrête rien; la page le dit avant la signature.
    """
    if premiere == "temporaire" or issue == "modifiee" or not reponses:
        return False
    accorde = (premiere == "reconnue") == (issue == "confirmee")
    return accorde != all(reponse == "oui" for reponse in reponses.values())
