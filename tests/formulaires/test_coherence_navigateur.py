"""Les pages que nourrissent les règles de cohérence, dans Chromium : axe, reflux, et le champ où « Corriger » mène."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize

from comptes.models import Compte
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import PAGES, adresse
from tests.outils_axe import verifier_partout
from tests.outils_connexion import entrer_comme, identite_confirmee

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
LARGE: ViewportSize = {"width": 1280, "height": 900}
CONTRAIRES = {
    **PAGES,
    "diagnostics": {
        "libelle_1": "Fibromyalgie",
        "libelle_2": "fibromyalgie",
        "principal": "1",
        "effet_cumulatif": "on",
    },
    "limitations": {"niveau_bouger": "moderee", "niveau_endurance": "legere"},
    "duree": {"duree_type": "mois", "duree_mois": "6", "contrainte": "severe"},
}


@pytest.fixture
def contexte(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Un navigateur neuf, sans personne."""
    ouvert = browser.new_context(base_url=live_server.url, locale="fr-CA", viewport=LARGE)
    yield ouvert
    ouvert.close()


def entrer(contexte: Any, qui: Compte, base: str) -> Page:
    """Une page au nom de cette personne, identité confirmée."""
    client = entrer_comme(Client(), qui)
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


def ecrire(scene: Scene, pages: dict[str, dict[str, str]]) -> None:
    """Les quatre pages, écrites par le clinicien."""
    client = entrer_comme(Client(), scene["clinicien"])
    for etape, champs in pages.items():
        lue = client.get(adresse(scene, f"{etape}/")).context["form"].initial["version"]
        client.post(adresse(scene, f"{etape}/"), {**champs, "version": lue})


def test_interrompre_corriger_garder_verifier(contexte: Any, live_server: Any) -> None:
    scene = Scene().deposee()
    ecrire(scene, CONTRAIRES)
    page = entrer(contexte, scene["clinicien"], live_server.url)
    page.goto(adresse(scene, "points-a-verifier/"))
    juger(page, "points-deux")
    page.get_by_role("link", name="Corriger les diagnostics").first.click()
    assert page.url.endswith("#id_libelle_2")
    page.locator("#id_libelle_2").fill("Trouble dépressif récurrent")
    # L'envoi attend l'enregistrement en route : l'arrivée se guette.
    page.get_by_role("button", name="Continuer vers les limitations").click()
    page.wait_for_url("**/points-a-verifier/**")
    juger(page, "points-un")
    page.get_by_role("button", name="Garder 6 mois").click()
    page.wait_for_url("**/verifier/**")
    juger(page, "verifier")
    page.goto(adresse(scene, "limitations/"))
    juger(page, "panneau")


def test_ce_que_lisent_l_agent_et_l_evaluateur(contexte: Any, live_server: Any) -> None:
    scene = Scene().a_signer()
    page = entrer(contexte, scene["medecin"], live_server.url)
    page.goto(f"/dossiers/{scene.dossier.reference}/decision/")
    page.get_by_label("Ne pas reconnaître les contraintes").check()
    page.locator("form:has(input[value=non_reconnue]) button[type=submit]").first.click()
    page.get_by_text("(relevé au rapport)").first.wait_for()
    juger(page, "refus")
    autre = Scene().deposee()
    court = {**RAPPORT, "duree": {"type": "mois", "mois": 6}, "effet_cumulatif": True}
    gardes = ["duree_incoherente", "cumul_sans_second"]
    autre.joue("clinicien", "signer_sr2100", **court, maintenir_malgre=gardes)
    page = entrer(contexte, autre["agent"], live_server.url)
    page.goto(f"/dossiers/{autre.dossier.reference}/")
    juger(page, "sommaire")
    page.goto(adresse(autre, "rapport/"))
    juger(page, "rapport")
