"""Essais ratés d'un code, comptés par source, puis une pause. En base : tous les processus voient le même compte.

Une source est un compte ou une adresse, gardée condensée, un jour (`EssaiAcces`). La pause commence au dernier
essai permis et finit seule. Source : `docs/formulaires.md`, « Code de patient »; `epreuves.md` S03.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comptes.models import Compte, EssaiAcces
from comptes.tentatives import signaler_pause
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs import empreinte

# Une clinique entière sort souvent par une seule adresse : trop peu y fermerait la porte à tous ses cliniciens.
PAR_ADRESSE = 6


@dataclass(frozen=True)
class Source:
    """D'où viennent des essais, et combien peuvent rater avant la pause."""

    empreinte: str
    maximum: int


def _duree() -> timedelta:
    return timedelta(minutes=int(referentiels.regle("code_pause_minutes", horloge.aujourd_hui())))


def sources(usage: str, compte: Compte | None, adresse: str) -> tuple[Source, ...]:
    """Le compte, puis son adresse; `usage` sépare ces essais de ceux d'un autre code.

    Sans compte, l'adresse seule répond, au compte juste : rien d'autre ne distingue qui essaie.
    """
    essais = int(referentiels.regle("code_essais_max", horloge.aujourd_hui()))
    if compte is None:
        return (Source(empreinte(f"{usage}:adresse:{adresse or 'inconnue'}"), essais),)
    return (
        Source(empreinte(f"{usage}:compte:{compte.pk}"), essais),
        Source(empreinte(f"{usage}:adresse:{adresse or 'inconnue'}"), essais * PAR_ADRESSE),
    )


def fin_de_pause(comptees: Sequence[Source]) -> datetime | None:
    """Quand finit la pause en cours, ou None. Lit, n'écrit rien."""
    maintenant, duree = horloge.maintenant(), _duree()
    fins = []
    for source in comptees:
        rates = EssaiAcces.objects.filter(source=source.empreinte).order_by("-le", "-pk")
        derniers = list(rates.values_list("le", flat=True)[: source.maximum])
        if len(derniers) == source.maximum and derniers[0] - derniers[-1] < duree:
            fins.append(derniers[0] + duree)
    fin = max(fins, default=maintenant)
    return fin if fin > maintenant else None


def rater(usage: str, compte: Compte | None, comptees: Sequence[Source]) -> datetime | None:
    """Compte un essai raté à chaque source; rend la fin de la pause s'il était le dernier permis.

    La pause laisse une ligne au journal, et une alerte à l'exploitation.
    """
    maintenant = horloge.maintenant()
    EssaiAcces.objects.filter(le__lt=maintenant - timedelta(days=1)).delete()
    EssaiAcces.objects.bulk_create(EssaiAcces(source=source.empreinte, le=maintenant) for source in comptees)
    fin = fin_de_pause(comptees)
    if fin is not None:
        signaler_pause(usage, compte, comptees[-1].empreinte, fin)
    return fin


def oublier(source: Source) -> None:
    """Efface les essais ratés de cette source, une fois qu'un essai a réussi."""
    EssaiAcces.objects.filter(source=source.empreinte).delete()
