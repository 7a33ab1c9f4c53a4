"""Une vraie cérémonie de clé d'accès, dans Chromium, avec un authentificateur virtuel et la vraie politique CSP."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect

from comptes.models import Bureau, Compte, Role
from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
COURRIEL = "octave@exemple.invalid"


def _page(browser: Browser, erreurs: list[str]) -> Page:
    page = browser.new_context(locale="fr-CA").new_page()
    page.on("console", lambda message: erreurs.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    appareil = page.context.new_cdp_session(page)
    appareil.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    appareil.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_ajouter_une_cle_puis_entrer_avec_elle_seule(browser: Browser, live_server: Any) -> None:
    bureau = Bureau.objects.create(code="cle", nom="Bureau fictif", region="06")
    agent = Compte.objects.create_user(
        COURRIEL, MOT_DE_PASSE, prenom="Octave", nom="Modèle", role=Role.AGENT, bureau=bureau
    )
    erreurs: list[str] = []
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = _page(browser, erreurs)
    page.goto(f"{site}/compte/login/")
    page.get_by_label("Votre courriel").fill(COURRIEL)
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Mon second facteur").click()
    page.get_by_role("link", name="Ajouter une clé").click()
    page.locator("input[type=password]").fill(MOT_DE_PASSE)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_label("Nom de cette clé").fill("Portable d'essai")
    page.get_by_label("Me connecter avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    cle = Authenticator.objects.get(user=agent, type=Authenticator.Type.WEBAUTHN)
    assert cle.wrap().name == "Portable d'essai"
    page.get_by_role("button", name="Quitter").click()
    page.goto(f"{site}/compte/login/")
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.wait_for_url("**/travail/")
    cle.refresh_from_db()
    assert cle.last_used_at is not None
    assert erreurs == []
