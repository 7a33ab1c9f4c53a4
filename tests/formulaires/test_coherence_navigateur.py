"""Les pages que nourrissent les règles de cohérence, dans Chromium : axe, reflux, et le champ où « Corriger » mène."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import PAGES, adresse
from tests.outils_connexion import entrer_comme
from tests.outils_navigateur import entrer, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
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


@pytest.mark.lent
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
