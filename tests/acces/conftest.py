"""Ce que partagent les balayages : rien n'y change, les droits s'y lisent une fois."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dossiers import acces
from dossiers.acces import Droits
from socle import horloge


@pytest.fixture
def droits_lus_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rien ne change pendant un balayage : les faits d'une page se lisent une fois par personne, dossier et instant.

    La première page les lit par la vraie porte; les suivantes relisent le dossier et rejugent chaque droit sur les
    mêmes faits. Les actes relisent les leurs; `test_droits.py` éprouve la lecture elle-même.
    """
    lus: dict[tuple[int, int, Any], frozenset[str]] = {}
    vraie_porte: Callable[..., tuple[Any, Droits] | None] = acces.ouvrir

    def cle(personne: Any, dossier: Any) -> tuple[int, int, Any]:
        return (personne.pk, dossier.pk, horloge.maintenant())

    def lire(personne: Any, dossier: Any) -> Droits:
        if (rang := cle(personne, dossier)) not in lus:
            lus[rang] = Droits(personne, dossier).faits
        return Droits(personne, dossier, faits=lus[rang])

    def ouvrir(personne: Any, dossiers: Any) -> tuple[Any, Droits] | None:
        dossier = dossiers.first()
        if dossier is None:
            return None
        if (rang := cle(personne, dossier)) in lus:
            return dossier, Droits(personne, dossier, faits=lus[rang])
        ouvert = vraie_porte(personne, dossiers)
        assert ouvert is not None
        lus[rang] = ouvert[1].faits
        return ouvert

    monkeypatch.setattr(acces, "droits", lire)
    monkeypatch.setattr(acces, "ouvrir", ouvrir)
