"""La galerie, dans chaque humeur et chaque état : axe, débordement, poids, langue, sans base de données."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as reglages
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page

from socle.galerie import BASES, ETATS
from tests.outils_axe import (
    debordements,
    sans_defilement,
    verifier,
    verifier_partout,
    violations,
)

TOUS = tuple(product(BASES, ETATS))
# Une humeur se voit tous les jours, toutes à l'épreuve complète.
CAS = [pytest.param(humeur, etat, marks=() if humeur == "calme" else pytest.mark.lent) for humeur, etat in TOUS]


class _Muet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Ne rien écrire."""


@pytest.fixture(scope="module")
def adresse() -> Iterator[str]:
    """Servir le site sans base : pytest-django interdit toute requête, la galerie n'en fait pas."""
    with override_settings(DEMONSTRATION=True):
        serveur = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Muet)
        fil = threading.Thread(target=serveur.serve_forever, daemon=True)
        fil.start()
        yield f"http://127.0.0.1:{serveur.server_port}"
        serveur.shutdown()
        fil.join()
        serveur.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    contexte = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-CA")
    yield contexte.new_page()
    contexte.close()


@pytest.mark.navigateur
@pytest.mark.parametrize(("humeur", "etat"), CAS)
def test_chaque_composant_est_accessible(page: Page, adresse: str, humeur: str, etat: str) -> None:
    console: list[str] = []
    page.on("console", lambda m: console.append(m.text) if m.type in {"error", "warning"} else None)
    reponse = page.goto(f"{adresse}/composants/?humeur={humeur}&etat={etat}")
    assert reponse is not None
    assert reponse.status == 200
    if etat in {"normal", "erreur"}:
        verifier_partout(page)
    else:
        verifier(page)
        page.set_viewport_size({"width": 320, "height": 800})
        sans_defilement(page)
    assert console == []


@pytest.mark.navigateur
def test_axe_voit_une_faute_plantee(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/composants/?humeur=vif")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\">')")
    assert any(texte.startswith("image-alt") for texte in violations(page))
    page.evaluate(
        "document.querySelector('h1').innerHTML = '<span style=\"display:inline-block;width:3000px\">x</span>'"
    )
    page.evaluate("document.querySelector('h1 span').style.width = '3000px'")
    page.evaluate("document.querySelector('h1 span').style.display = 'inline-block'")
    assert debordements(page)


@pytest.mark.navigateur
def test_les_espaces_de_texte_elargis_ne_font_rien_deborder(page: Page, adresse: str) -> None:
    """WCAG 1.4.12 : interligne 1,5, paragraphes 2, lettres 0,12, mots 0,16, à 320 px."""
    page.set_viewport_size({"width": 320, "height": 800})
    for humeur in BASES:
        page.goto(f"{adresse}/composants/?humeur={humeur}&etat=long")
        page.evaluate(
            """() => { const f = new CSSStyleSheet();
              f.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important;'
                + ' word-spacing: .16em !important } p { margin-bottom: 2em !important }');
              document.adoptedStyleSheets = [f]; }"""
        )
        assert debordements(page) == []


@pytest.mark.navigateur
def test_le_resume_prend_le_foyer_et_mene_au_champ(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/composants/?humeur=vif&etat=erreur")
    assert page.title().startswith("Erreur : ")
    assert page.evaluate("document.activeElement.id") == "resume-erreurs"
    lien = page.locator("#resume-erreurs a").first
    lien.click()
    assert page.evaluate("document.activeElement.id") == "id_nom"
    textes = page.locator("#resume-erreurs li").all_inner_texts()
    pres_du_champ = page.locator(".erreur-champ p").all_inner_texts()
    assert sorted(textes) == sorted(t.removeprefix("Erreur :").strip() for t in pres_du_champ)


@pytest.mark.navigateur
def test_l_exemple_s_ouvre_avec_grave_sans_script(browser: Browser, adresse: str) -> None:
    contexte = browser.new_context(java_script_enabled=False, locale="fr-CA")
    page = contexte.new_page()
    page.goto(f"{adresse}/composants/?humeur=vif")
    exemple = page.locator("#id_mains_exemple")
    assert not exemple.is_visible()
    page.get_by_role("radiogroup", name="Utiliser ses mains").get_by_text("Grave").click()
    assert exemple.is_visible()
    contexte.close()


@pytest.mark.navigateur
@pytest.mark.parametrize(("humeur", "cible"), [("calme", 44), ("vif", 44), ("dense", 24)])
def test_les_cibles_sont_assez_grandes(page: Page, adresse: str, humeur: str, cible: int) -> None:
    page.goto(f"{adresse}/composants/?humeur={humeur}")
    petites = page.evaluate(
        """min => [...document.querySelectorAll('.bouton, .choix, .onglets a, .citation, .citations button')]
             .filter(e => e.getBoundingClientRect().height && e.getBoundingClientRect().height < min)
             .map(e => e.outerHTML.slice(0, 120))""",
        cible,
    )
    assert petites == []


@override_settings(DEMONSTRATION=True)
def test_la_galerie_ne_montre_ni_code_nu_ni_style_en_ligne() -> None:
    for humeur, etat in TOUS:
        html = Client().get("/composants/", {"humeur": humeur, "etat": etat}).content.decode()
        texte = re.sub(r"<[^>]+>", " ", html)
        assert not re.search(r"\b[a-z]+(_[a-z0-9]+)+\b|\b[A-Z]+(_[A-Z]+)+\b", texte)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
        assert 'lang="fr-CA"' in html


@override_settings(DEMONSTRATION=False)
def test_la_galerie_est_fermee_hors_de_la_demonstration() -> None:
    assert Client().get("/composants/").status_code == 404


@override_settings(DEMONSTRATION=True)
def test_la_galerie_refuse_une_humeur_inconnue() -> None:
    assert Client().get("/composants/", {"humeur": "triste"}).status_code == 404
    assert Client().get("/composants/", {"etat": "x"}).status_code == 404


def test_feuilles_et_script_tiennent_dans_leur_budget() -> None:
    racine = Path(reglages.RACINE) / "static"
    feuilles = [*(racine / "css").glob("*.css"), racine / "trousse" / "jetons.css"]
    assert sum(len(gzip.compress(f.read_bytes())) for f in feuilles) <= 30 * 1024
    script = racine / "js" / "cse.js"
    assert script.stat().st_size <= 10 * 1024
    for fichier in [*feuilles, script]:
        assert not re.search(r"https?://", re.sub(r"/\*.*?\*/", "", fichier.read_text(), flags=re.DOTALL))
