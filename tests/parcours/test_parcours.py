"""D'une demande à sa révision, par les vrais écrans, avec puis sans JavaScript."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.parcours.parcours import Parcours
from tests.parcours.visite import Releve

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


@pytest.mark.parametrize(
    "avec_script",
    [pytest.param(True, id="avec-javascript"), pytest.param(False, id="sans-javascript", marks=pytest.mark.lent)],
)
def test_de_la_demande_a_la_revision(browser: Browser, live_server: Any, avec_script: bool) -> None:
    captures = os.environ.get("CAPTURES", "") if avec_script else ""
    releve = Releve(avec_script=avec_script, captures=Path(captures) if captures else None)
    try:
        Parcours(browser, live_server.url, releve).jouer()
    finally:
        # Les fautes de page se lisent même quand le parcours s'arrête en chemin.
        sys.stdout.write("\n".join(dict.fromkeys(releve.fautes)))
    assert len(releve.vues) >= 60
    assert not releve.fautes
