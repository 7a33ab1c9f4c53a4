"""Scène et antivirus des épreuves de fichiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import services
from tests.dossiers.scene import Scene, monter


@pytest.fixture
def scene() -> Scene:
    return monter()


@pytest.fixture
def antivirus_vrai(settings: Any, clamd: services.Dateur) -> Iterator[services.Dateur]:
    """Le vrai clamd, ses signatures fraîches."""
    settings.CLAMD_URL = clamd.adresse
    clamd.signatures = datetime.now(UTC)
    yield clamd
    clamd.signatures = datetime.now(UTC)
