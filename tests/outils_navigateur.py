"""Ce que partagent les essais dans Chromium : une page au nom de quelqu'un, et son jugement."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize

from comptes.models import Compte
from tests.outils_axe import verifier_partout
from tests.outils_connexion import entrer_comme, identite_confirmee

LARGE: ViewportSize = {"width": 1280, "height": 900}
Ouvrir = Callable[..., Page]


def entrer(contexte: BrowserContext | Any, qui: Compte, base: str, *, confirmee: bool = True) -> Page:
    """Une page au nom de cette personne; `confirmee` : son identité vient d'être confirmée."""
    client = entrer_comme(Client(), qui)
    if confirmee:
        identite_confirmee(client)
    contexte.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])
    page: Page = contexte.new_page()
    return page


def juger(page: Page, nom: str) -> None:
    """Axe et reflux; une image par largeur si `CAPTURES` nomme un dossier."""
    verifier_partout(page)
    if dossier := os.environ.get("CAPTURES"):
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            page.screenshot(path=Path(dossier, f"{nom}-{largeur}.png"), full_page=True)
        page.set_viewport_size(LARGE)
