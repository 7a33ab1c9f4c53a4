"""La seconde moitié des suites d'actes au hasard, en deux essais : un travailleur n'en réserve pas deux fichiers."""

from __future__ import annotations

import pytest

from tests.machine import machine


@pytest.mark.django_db
@pytest.mark.parametrize("part", [2, 3])
def test_les_invariants_tiennent_sous_toute_suite_d_actes(part: int) -> None:
    machine.jouer(part)
