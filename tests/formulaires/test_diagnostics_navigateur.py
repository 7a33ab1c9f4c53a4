"""La liste déroulante des codes, dans Chromium, au clavier seul, sous la vraie politique CSP."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import adresse, session
from tests.outils_axe import sans_defilement, verifier
from tests.referentiels.codes_fictifs import charger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def ouvrir(browser: Browser, live_server: Any, scene: Scene, fautes: list[str], **options: Any) -> Page:
    """La page « Diagnostics », au nom du clinicien de la scène."""
    contexte = browser.new_context(locale="fr-CA", viewport={"width": 1280, "height": 900}, **options)
    temoin = session(scene["clinicien"]).cookies["sessionid"].value
    contexte.add_cookies([{"name": "sessionid", "value": temoin, "url": live_server.url}])
    page = contexte.new_page()
    page.on("console", lambda m: fautes.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda erreur: fautes.append(str(erreur)))
    page.goto(f"{live_server.url}{adresse(scene, 'diagnostics/')}")
    return page


def capturer(page: Page, nom: str) -> None:
    if dossier := os.environ.get("CAPTURES", ""):
        page.screenshot(path=f"{dossier}/{nom}.png", full_page=True)


def test_choisir_un_code_au_clavier(browser: Browser, live_server: Any) -> None:
    scene = Scene(instant=horloge.maintenant()).deposee()
    charger()
    fautes: list[str] = []
    page = ouvrir(browser, live_server, scene, fautes)
    champ, code = page.get_by_role("combobox", name="Diagnostic 1"), page.locator("#id_code_1")
    assert page.get_by_role("button", name="Chercher un code").count() == 0
    expect(page.get_by_role("group", name="Diagnostic 2", exact=True)).to_be_visible()
    expect(page.get_by_role("group", name="Diagnostic 3", exact=True)).to_be_hidden()

    champ.focus()
    page.keyboard.type("trouble de la marhce")
    liste = page.get_by_role("listbox", name="Codes proposés")
    expect(liste.get_by_role("option")).to_have_count(3)
    expect(champ).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").first).to_contain_text("3 codes")
    capturer(page, "codes-liste")
    verifier(page)
    page.keyboard.press("Escape")
    expect(liste).to_be_hidden()
    expect(champ).to_have_value("trouble de la marhce")
    page.keyboard.press("ArrowDown")
    expect(liste).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    vise = champ.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{vise}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(champ).to_have_value("Trouble de la marche")
    expect(code).to_have_value("Q10")
    expect(page.get_by_role("status").first).to_have_text("Code Q10 choisi.")

    # Préciser garde le code; changer de diagnostic le retire, et le dit; revenir le remet.
    page.keyboard.type(" ancien")
    expect(code).to_have_value("Q10")
    for _ in range(len(" ancien") + 1):
        page.keyboard.press("Backspace")
    expect(code).to_have_value("")
    expect(page.locator(".code-retire").first).to_have_text("Code Q10 retiré : le diagnostic a changé.")
    page.keyboard.type("e")
    expect(code).to_have_value("Q10")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Ajouter un diagnostic").press("Enter")
    expect(page.locator("#id_libelle_3")).to_be_focused()
    page.keyboard.type("rien de connu xyzzyx")
    expect(page.get_by_role("status").first).to_have_text("Aucun code. Le texte libre suffit.")
    page.set_viewport_size({"width": 320, "height": 800})
    sans_defilement(page)
    capturer(page, "codes-320")
    page.get_by_role("button", name="Continuer vers les limitations").press("Enter")
    page.wait_for_url("**/limitations/")
    assert fautes == []


def test_chercher_sans_javascript(browser: Browser, live_server: Any) -> None:
    scene = Scene(instant=horloge.maintenant()).deposee()
    charger()
    fautes: list[str] = []
    page = ouvrir(browser, live_server, scene, fautes, java_script_enabled=False)
    expect(page.get_by_role("group", name="Diagnostic 6", exact=True)).to_be_visible()
    page.locator("#id_libelle_2").fill("lombaglie")
    page.get_by_role("button", name="Chercher un code pour le diagnostic 2").press("Enter")
    capturer(page, "codes-sans-js")
    page.get_by_role("button", name="Q11.0").press("Enter")
    expect(page.locator("#id_libelle_2")).to_have_value("Lombalgie d'essai")
    expect(page.locator("#id_code_2")).to_have_value("Q11.0")
    page.locator("#id_libelle_1").fill("Autre chose")
    # Entrée dans un champ continue : elle ne lance pas une recherche à la place.
    page.locator("#id_libelle_1").press("Enter")
    page.wait_for_url("**/limitations/")
    assert fautes == []
