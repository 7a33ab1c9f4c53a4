"""Les personnes d'un essai du centre d'évaluation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fabrique_csems import Equipe, creer_equipe


@pytest.fixture
def equipe(db: Any) -> Equipe:
    """Un agent, un clinicien, deux évaluateurs et deux réviseurs."""
    return creer_equipe()
