"""Les écrans du silence, des rappels et des travaux dans Chromium : axe, reflux à 320 px, sans script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, ViewportSize, expect

from comptes.models import Compte
from dossiers.models import Demande, FermetureProposee
from dossiers.tasks import rattraper
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.outils_axe import verifier_partout
from tests.outils_connexion import entrer_comme

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
LARGE: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture
def ouvrir(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Une page neuve, sans script, au nom d'une personne."""
    contextes = []

    def une(qui: Compte) -> Page:
        contexte = browser.new_context(
            base_url=live_server.url, locale="fr-CA", viewport=LARGE, java_script_enabled=True
        )
        contextes.append(contexte)
        temoin = entrer_comme(Client(), qui).cookies["sessionid"].value
        contexte.add_cookies([{"name": "sessionid", "value": temoin, "url": live_server.url}])
        return contexte.new_page()

    yield une
    for contexte in contextes:
        contexte.close()


def juger(page: Page, nom: str) -> None:
    """Axe et reflux; une image par largeur si `CAPTURES` nomme un dossier."""
    verifier_partout(page)
    if dossier := os.environ.get("CAPTURES"):
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            page.screenshot(path=Path(dossier, f"{nom}-{largeur}.png"), full_page=True)
        page.set_viewport_size(LARGE)


def test_les_ecrans_du_silence(ouvrir: Any) -> None:
    """Chacun ouvre le sien : le chef signe, l'agent et la personne lisent, l'administration surveille."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=2)).deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "suspendre_delai", motif="hospitalisation")
    scene.joue("agent", "noter_essai", canal="telephone", resultat="sans_reponse", note="Appelée à 10 h.")
    FermetureProposee.objects.create(
        demande=Demande.objects.get(), par=scene["agent"], le=scene.instant, note="Aucune nouvelle depuis six mois."
    )
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["prestataire"])
    scene.joue("agent", "relancer_renseignement")
    rattraper()
    reference = scene.dossier.reference

    page = ouvrir(scene["chef_bureau"])
    page.goto(reverse("equipe"))
    page.get_by_role("link", name="Où les personnes s'arrêtent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Où les personnes s'arrêtent")
    juger(page, "arrets")
    page.goto(reverse("dossier_geste", args=[reference, "trancher-fermeture"]))
    expect(page.get_by_text("Aucune nouvelle depuis six mois.")).to_be_visible()
    juger(page, "trancher")

    page = ouvrir(scene["agent"])
    for geste in ("transferer", "deces", "depart-clinicien", "suspendre-delai", "noter-essai"):
        page.goto(reverse("dossier_geste", args=[reference, geste]))
        expect(page.locator("main h2").first).to_be_visible()
        juger(page, f"geste-{geste}")

    page = ouvrir(scene["prestataire"])
    page.goto(reverse("suivi"))
    expect(page.get_by_role("heading", name="À ne pas manquer")).to_be_visible()
    expect(page.get_by_text("Notre délai est en pause")).to_be_visible()
    juger(page, "suivi")
    page.get_by_role("button", name="J'ai lu").click()
    expect(page.get_by_role("heading", name="À ne pas manquer")).to_have_count(0)

    page = ouvrir(scene["clinicien"])
    page.goto(reverse("clinique_retrait", args=[reference]))
    juger(page, "retrait")

    page = ouvrir(scene["administrateur"])
    page.goto(reverse("gestion_travaux"))
    expect(page.get_by_text("À l'heure").first).to_be_visible()
    juger(page, "travaux")
