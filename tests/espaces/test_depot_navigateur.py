"""Envoyer des fichiers dans Chromium : l'avancement, la liaison coupée, la faute près du champ; sans script aussi."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dossiers.models import Piece
from dossiers.tasks import verifier_pieces
from socle import horloge
from tests.epreuves import fichiers
from tests.fabriques import Scene
from tests.formulaires.test_diagnostics_navigateur import capturer
from tests.formulaires.test_vues_sr2100 import session
from tests.outils_axe import sans_defilement, verifier

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": fichiers.image()}
ARCHIVE = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": fichiers.archive("a", b"a")}


def ouvrir(browser: Browser, live_server: Any, scene: Scene, *, script: bool) -> Page:
    contexte = browser.new_context(locale="fr-CA", viewport={"width": 320, "height": 800}, java_script_enabled=script)
    temoin = session(scene["prestataire"]).cookies["sessionid"].value
    contexte.add_cookies([{"name": "sessionid", "value": temoin, "url": live_server.url}])
    page = contexte.new_page()
    page.goto(f"{live_server.url}/suivi/documents/")
    return page


def remplir(page: Page, *choisis: Any) -> None:
    page.get_by_label("Une lettre de moi ou d'une autre personne").check()
    page.get_by_label("Un titre pour le reconnaître").fill("Lettre de mon médecin")
    page.get_by_label("La photo ou le fichier").set_input_files(list(choisis))


def envoyer(page: Page) -> None:
    page.get_by_role("button", name="Envoyer le document").click()


@pytest.mark.parametrize("script", [True, False])
def test_une_photo_puis_son_etat(browser: Browser, live_server: Any, script: bool) -> None:
    scene = Scene(instant=horloge.maintenant()).deposee()
    page = ouvrir(browser, live_server, scene, script=script)
    remplir(page, ARCHIVE)
    envoyer(page)
    expect(page.get_by_text("ni un PDF ni une photo").first).to_be_visible()
    expect(page.get_by_label("Un titre pour le reconnaître")).to_have_value("Lettre de mon médecin")
    assert not Piece.objects.exists()
    remplir(page, PHOTO, {**PHOTO, "buffer": fichiers.image("JPEG", (90, 60))})
    envoyer(page)
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    expect(page.get_by_text("Lettre de mon médecin (2 de 2)")).to_be_visible()
    assert page.get_by_text("En vérification", exact=True).count() == 2
    assert verifier_pieces() == 2
    page.reload()
    assert page.get_by_text("Reçu", exact=True).count() == 2
    if script:
        verifier(page)
        sans_defilement(page)
        capturer(page, "depot-320")


def test_la_liaison_coupee_garde_les_fichiers_choisis(browser: Browser, live_server: Any) -> None:
    scene = Scene(instant=horloge.maintenant()).deposee()
    page = ouvrir(browser, live_server, scene, script=True)
    remplir(page, PHOTO)
    page.route(
        "**/suivi/documents/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    envoyer(page)
    expect(page.get_by_text("Vos fichiers sont encore choisis")).to_be_visible()
    capturer(page, "depot-coupe-320")
    assert not Piece.objects.exists()
    page.unroute("**/suivi/documents/")
    envoyer(page)
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    assert Piece.objects.count() == 1
