"""La première moitié des suites d'actes au hasard."""

from __future__ import annotations

import pytest

from tests.machine import machine


@pytest.mark.django_db
def test_les_invariants_tiennent_sous_toute_suite_d_actes() -> None:
    machine.jouer(0)
