"""Le code de patient dans Chromium : axe, reflux, et le chemin du code QR, qui ne passe jamais par le serveur."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect

from comptes.models import Permis
from dossiers import codes
from tests.dossiers.test_code_patient import prete, verifie
from tests.fabriques import Scene
from tests.outils_connexion import entrer_comme
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
PASSE = "phrase-fictive-de-passe-42"


def lisible(image: Image.Image, code: str) -> None:
    """Échoue si un lecteur de codes QR ne trouve pas, dans l'image, l'adresse et le code."""
    assert [lu.text for lu in zxingcpp.read_barcodes(image)] == [codes.adresse(code)]


def qr_de_la_page(page: Page) -> Image.Image:
    """L'image du code QR à l'écran."""
    return Image.open(io.BytesIO(page.locator("svg.qr").screenshot()))


def qr_de_la_feuille(octets: bytes) -> Image.Image:
    """La première page de la feuille, telle qu'un appareil photo la voit."""
    return cast(Image.Image, pypdfium2.PdfDocument(octets)[0].render(scale=2).to_pil())


def test_le_code_qr_de_la_feuille_se_lit(ouvrir: Ouvrir) -> None:
    scene = prete()
    page = ouvrir(scene["prestataire"])
    page.goto("/suivi/clinicien/code/")
    page.get_by_role("button", name="Faire mon code").click()
    imprime = page.locator(".code-patient").inner_text()
    lisible(qr_de_la_page(page), imprime.replace("-", ""))
    client = entrer_comme(Client(), scene["prestataire"])
    feuille = client.post("/suivi/clinicien/code.pdf", {"code": imprime}).content
    if dossier := os.environ.get("CAPTURES"):
        pypdfium2.PdfDocument(feuille)[0].render(scale=1.5).to_pil().save(Path(dossier, "feuille.png"))
        page.screenshot(path=Path(dossier, "suivi-remis-qr.png"))
    lisible(qr_de_la_feuille(feuille), imprime.replace("-", ""))


@pytest.mark.lent
def test_les_pages_du_code_sont_accessibles(ouvrir: Ouvrir) -> None:
    scene = prete()
    personne = ouvrir(scene["prestataire"])
    personne.goto("/suivi/clinicien/")
    juger(personne, "suivi-clinicien")
    personne.goto("/suivi/clinicien/code/")
    juger(personne, "suivi-faire")
    personne.get_by_role("button", name="Faire mon code").click()
    juger(personne, "suivi-remis")
    personne.goto("/suivi/clinicien/code/")
    juger(personne, "suivi-refaire")
    agent = ouvrir(scene["agent"])
    agent.goto(f"/dossiers/{scene.dossier.reference}/gestes/code-clinique/")
    juger(agent, "agent-faire")
    agent.get_by_role("button", name="Faire un code").click()
    juger(agent, "agent-remis")
    code = agent.locator(".code-patient").inner_text()
    _clinique(ouvrir, scene, code)


def _clinique(ouvrir: Ouvrir, scene: Scene, code: str) -> None:
    page = ouvrir(scene["clinicien"])
    page.goto("/clinique/")
    juger(page, "clinique-liste-vide")
    page.get_by_role("link", name="Entrer un code patient").click()
    juger(page, "clinique-entrer")
    for essai in range(5):
        page.get_by_label("Code patient").fill(codes.imprimer(codes.tirer()).lower())
        page.get_by_role("button", name="Ouvrir le rapport").click()
        if essai == 0:
            juger(page, "clinique-refus")
    juger(page, "clinique-pause")
    collegue = ouvrir(scene["clinicien_ailleurs"])
    Permis.objects.filter(compte=scene["clinicien_ailleurs"]).update(verifie_le=None)
    collegue.goto("/clinique/code/")
    juger(collegue, "clinique-permis")
    verifie(scene["clinicien_ailleurs"])
    collegue.reload()
    collegue.get_by_label("Code patient").fill(code)
    collegue.get_by_role("button", name="Ouvrir le rapport").click()
    expect(collegue.locator("main")).to_contain_text(scene["prestataire"].nom_complet)


def test_le_code_qr_passe_la_connexion_sans_toucher_le_serveur(
    ouvrir: Ouvrir, live_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scene = prete()
    clinicien = scene["clinicien"]
    clinicien.set_password(PASSE)
    clinicien.save()
    page = ouvrir(None)
    demandees: list[str] = []
    page.on("request", lambda requete: demandees.append(f"{requete.url} {requete.headers.get('referer', '')}"))
    code = codes.tirer()
    with caplog.at_level(logging.DEBUG):
        page.goto(codes.adresse(code).replace("http://localhost:8000", live_server.url))
        expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
        assert "#" not in page.url
        page.get_by_label("Votre courriel").fill(clinicien.email or "")
        page.get_by_label("Votre mot de passe").fill(PASSE)
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_label("Code patient")).to_have_value(codes.imprimer(code))
    for parties in (code, codes.imprimer(code), code[:5], code[5:]):
        assert not any(parties in une for une in demandees)
        assert parties not in caplog.text
    assert page.evaluate("sessionStorage.length") == 0
    # Déjà connecté, le champ se remplit d'emblée; rechargée, la page ne le garde pas.
    page.goto("/clinique/")
    page.goto(f"/clinique/code/#code={codes.imprimer(code)}")
    expect(page.get_by_label("Code patient")).to_have_value(codes.imprimer(code))
    page.reload()
    expect(page.get_by_label("Code patient")).to_have_value("")


def test_sans_javascript_le_code_se_tape(ouvrir: Any) -> None:
    scene = prete()
    personne, page = (ouvrir(scene[cle], java_script_enabled=False) for cle in ("prestataire", "clinicien"))
    personne.goto("/suivi/clinicien/code/")
    personne.get_by_role("button", name="Faire mon code").click()
    code = personne.locator(".code-patient").inner_text()
    page.goto("/clinique/code/")
    page.get_by_label("Code patient").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Ouvrir le rapport").click()
    expect(page.locator("main")).to_contain_text(scene["prestataire"].nom_complet)
