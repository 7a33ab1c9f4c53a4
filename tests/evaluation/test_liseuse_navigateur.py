"""La liseuse dans Chromium : deux volets, empilés à 900 px et à 400 %; lire, agrandir, chercher, citer, sans script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from dossiers.models import Piece, Tache
from dossiers.tasks import verifier_piece
from evaluation.models import BrouillonAvis
from socle import horloge
from tests.epreuves import fichiers
from tests.fabriques import Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
HAUT = 900


@pytest.fixture
def scene() -> Scene:
    return Scene(instant=horloge.maintenant() - timedelta(hours=1)).en_evaluation()


@pytest.fixture
def piece(scene: Scene) -> Piece:
    recu = ContentFile(fichiers.pdf_de_textes("Une première page.", "Une névralgie tenace.", "La fin."), "a.pdf")
    versee: Piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Hôpital", fichier=recu)
    assert verifier_piece(versee.pk)
    return versee


def entrer(ouvrir: Ouvrir, scene: Scene, piece: Piece, largeur: int = 1280, **options: Any) -> Page:
    page: Page = ouvrir(scene["medecin"], **options)
    page.set_viewport_size({"width": largeur, "height": HAUT})
    page.goto(f"/dossiers/{scene.dossier.reference}/evaluation/?document=piece-{piece.pk}")
    expect(page.get_by_role("img", name="Page 1 de « Hôpital »")).to_be_visible()
    return page


def places(page: Page) -> tuple[Any, Any]:
    """Les boîtes des deux volets."""
    gauche, droite = page.locator("#gauche").bounding_box(), page.locator("#droite").bounding_box()
    assert gauche is not None
    assert droite is not None
    return gauche, droite


@pytest.mark.lent
def test_les_volets_s_empilent_a_900_px_et_a_400_pour_cent(ouvrir: Ouvrir, scene: Scene, piece: Piece) -> None:
    page = entrer(ouvrir, scene, piece)
    gauche, droite = places(page)
    assert droite["x"] >= gauche["x"] + gauche["width"], "côte à côte sur un grand écran"
    saut = page.get_by_role("link", name="Aller à la grille")
    expect(saut).to_be_hidden()
    # 1280 px à 400 % : 320 px de large.
    for largeur in (900, 320):
        page.set_viewport_size({"width": largeur, "height": HAUT})
        expect(saut).to_be_visible()
        gauche, droite = places(page)
        assert droite["y"] >= gauche["y"] + gauche["height"], f"empilés à {largeur} px"
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur
        expect(page.get_by_role("button", name="Rendre mon avis")).to_have_count(1)
        expect(page.get_by_role("button", name="Page suivante")).to_be_visible()
    saut.click()
    expect(page.locator("#droite")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": HAUT})
    juger(page, "liseuse")


@pytest.mark.parametrize("script", [pytest.param(True, marks=pytest.mark.lent), False])
def test_lire_agrandir_chercher_et_citer(ouvrir: Ouvrir, scene: Scene, piece: Piece, *, script: bool) -> None:
    page = entrer(ouvrir, scene, piece, java_script_enabled=script)
    page.get_by_label("Texte d'ensemble").fill("Rien ne se perd.")
    page.get_by_role("button", name="Page suivante").click()
    image = page.get_by_role("img", name="Page 2 de « Hôpital »")
    expect(image).to_be_visible()
    petite = image.bounding_box()
    page.get_by_role("button", name="Agrandir à 200 %").click()
    expect(page.locator(".feuille")).to_have_class("feuille zoom-200")
    grande = image.bounding_box()
    assert petite is not None
    assert grande is not None
    assert grande["width"] > 1.8 * petite["width"]
    page.get_by_text("Filtrer ou chercher").click()
    page.get_by_label("Mots à chercher dans les documents").fill("premiere")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("heading", name="1 passage")).to_be_visible()
    assert "premiere" not in page.url
    page.get_by_role("button", name="Hôpital, page 1").click()
    expect(page.get_by_role("img", name="Page 1 de « Hôpital »")).to_be_visible()
    page.get_by_text("Citer cette page").click()
    page.get_by_label("La réponse que ce passage appuie").select_option(label="Durée")
    page.get_by_label("Extrait à citer").fill("première page")
    page.get_by_role("button", name="Citer la page 1").click()
    citation = page.get_by_role("link", name="Hôpital, page 1 : « première page »")
    expect(citation).to_be_visible()
    expect(page.get_by_label("Texte d'ensemble")).to_have_value("Rien ne se perd.")
    page.get_by_role("button", name="Signaler une pièce illisible").click()
    expect(page.get_by_text("C'est signalé.")).to_be_visible()
    assert Tache.objects.filter(code=Tache.Code.PIECE_ILLISIBLE).exists()
    assert BrouillonAvis.objects.get().contenu["ancrages"][0]["question"] == "duree"


def test_le_texte_se_selectionne_sur_l_image_et_devient_l_extrait(ouvrir: Ouvrir, scene: Scene, piece: Piece) -> None:
    page = entrer(ouvrir, scene, piece)
    ligne, image = page.locator(".feuille-texte text").first, page.get_by_role("img", name="Page 1 de")
    peinte = "noeud => { const { fill, stroke } = getComputedStyle(noeud); return [fill, stroke]; }"
    assert ligne.evaluate(peinte) == ["rgba(0, 0, 0, 0)", "none"], "le texte ne double pas l'image"
    texte, cadre = ligne.bounding_box(), image.bounding_box()
    assert texte is not None
    assert cadre is not None
    # 72 points sur 612, et la ligne vers le haut de la page.
    assert texte["x"] - cadre["x"] == pytest.approx(cadre["width"] * 72 / 612, abs=cadre["width"] * 0.02)
    assert texte["y"] - cadre["y"] == pytest.approx(cadre["height"] * 84 / 792, abs=cadre["height"] * 0.03)
    page.get_by_text("Citer cette page").click()
    ligne.evaluate("noeud => document.getSelection().selectAllChildren(noeud)")
    expect(page.get_by_label("Extrait à citer")).to_have_value("Une première page.")
    page.get_by_role("button", name="Citer la page 1").click()
    expect(page.get_by_role("link", name="Hôpital, page 1 : « Une première page. »")).to_be_visible()


@pytest.mark.lent
def test_les_touches_choisies_tournent_les_pages(ouvrir: Ouvrir, scene: Scene, piece: Piece) -> None:
    page = entrer(ouvrir, scene, piece)
    adresse = page.url
    page.goto("/raccourcis/")
    page.get_by_role("button", name="Activer les raccourcis").click()
    page.goto(adresse)
    page.locator("#gauche").focus()
    page.keyboard.press("]")
    expect(page.get_by_role("img", name="Page 2 de « Hôpital »")).to_be_visible()
    page.locator("#gauche").focus()
    page.keyboard.press("[")
    expect(page.get_by_role("img", name="Page 1 de « Hôpital »")).to_be_visible()
    page.locator("#gauche").focus()
    page.keyboard.press("c")
    expect(page.get_by_label("Extrait à citer")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#droite")).to_be_in_viewport()
