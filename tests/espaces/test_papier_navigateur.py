"""Recopier un papier dans Chromium : au clavier, sous la vraie politique CSP, sans débordement ni manquement."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from dossiers.models import Piece
from formulaires.models import Brouillon
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_diagnostics_navigateur import capturer
from tests.formulaires.test_vues_sr2100 import session
from tests.outils_axe import sans_defilement, verifier

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


@pytest.fixture(autouse=True)
def _fichiers(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def ouvrir(browser: Browser, live_server: Any, scene: Scene, qui: str, chemin: str, fautes: list[str]) -> Page:
    contexte = browser.new_context(locale="fr-CA", viewport={"width": 1280, "height": 900})
    temoin = session(scene[qui]).cookies["sessionid"].value
    contexte.add_cookies([{"name": "sessionid", "value": temoin, "url": live_server.url}])
    page = contexte.new_page()
    page.on("console", lambda m: fautes.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda erreur: fautes.append(str(erreur)))
    page.goto(f"{live_server.url}/dossiers/{scene.dossier.reference}/{chemin}")
    return page


def numeriser(scene: Scene) -> Piece:
    """Une feuille numérisée, déjà vérifiée."""
    feuille = Image.new("RGB", (850, 1100), "white")
    trait = ImageDraw.Draw(feuille)
    for rang in range(20):
        trait.text((60, 60 + rang * 50), f"SR-2100 : ligne {rang + 1} du papier, fictive", fill="black", font_size=28)
    tampon = BytesIO()
    feuille.save(tampon, "JPEG")
    piece: Piece = scene.joue("agent", "verser_piece", nature="Notes de clinique", titre="SR-2100 reçu par la poste")
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.RECUE)
    piece.refresh_from_db()
    piece.fichier.save("page.jpg", ContentFile(tampon.getvalue()))
    return piece


def aux_deux_largeurs(page: Page, nom: str) -> None:
    verifier(page)
    capturer(page, f"{nom}-1280")
    page.set_viewport_size({"width": 320, "height": 800})
    sans_defilement(page)
    capturer(page, f"{nom}-320")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_recopier_au_clavier_a_cote_de_l_image(browser: Browser, live_server: Any) -> None:
    scene = Scene(instant=horloge.maintenant()).deposee()
    numeriser(scene)
    fautes: list[str] = []
    page = ouvrir(browser, live_server, scene, "agent", "sr2100-papier/", fautes)
    expect(page.locator(".page-image")).to_be_visible()
    page.locator("#id_libelle_1").fill("Discopathie")
    page.locator("#id_niveau_bouger_0").focus()
    page.keyboard.press("4")
    expect(page.locator("#id_niveau_bouger_3")).to_be_checked()
    page.locator("#id_duree_type_0").focus()
    page.keyboard.press("1")
    page.locator("#id_duree_mois").fill("6")
    page.locator("#id_contrainte_1").check()
    with page.expect_response(lambda reponse: reponse.request.method == "POST") as gardee:
        page.locator("#id_justification").fill("Recopié du papier.")
    assert gardee.value.status == 200
    aux_deux_largeurs(page, "papier")
    page.keyboard.press("Escape")
    for nom, valeur in zip(("jour", "mois", "annee"), horloge.aujourd_hui().strftime("%d %m %Y").split(), strict=True):
        page.locator(f"[name=signe_le_{nom}]").fill(valeur)
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le rapport").click()
    expect(page.get_by_role("heading", name="Le papier se contredit")).to_be_visible()
    aux_deux_largeurs(page, "papier-points")
    page.get_by_role("checkbox", name="Le papier dit bien cela").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le rapport").click()
    expect(page.get_by_text("Le rapport médical est au dossier.")).to_be_visible()
    assert not Brouillon.objects.exists()
    assert fautes == []


def test_comparer_deux_rapports(browser: Browser, live_server: Any) -> None:
    scene = Scene(instant=horloge.maintenant()).complete()
    for niveau in ("legere", "moderee"):
        scene.joue(
            "clinicien", "signer_sr2100",
            **{
                **RAPPORT,
                "diagnostics": [{"libelle": "Trouble dépressif récurrent", "code": "F33.2", "principal": True},
                                {"libelle": "Discopathie dégénérative", "code": "M51.3"}],
                "limitations": [{"domaine": "bouger", "niveau": niveau, "exemple": f"Marche un peu ({niveau})."},
                                {"domaine": "mains", "niveau": "legere"}],
                "duree": {"type": "mois", "mois": 18},
                "effet_cumulatif": True,
                "justification": "Les deux problèmes s'aggravent l'un l'autre depuis l'hiver.",
            },
        )  # fmt: skip
    fautes: list[str] = []
    page = ouvrir(browser, live_server, scene, "agent", "sr2100/comparer/", fautes)
    premier = page.locator("#avant option").last.get_attribute("value")
    page.locator("#avant").select_option(premier)
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_text("Devient le", exact=False).or_(page.get_by_text("devient").first).first).to_be_attached()
    aux_deux_largeurs(page, "comparer")
    assert fautes == []


def test_champs_repris_et_piece_jointe(browser: Browser, live_server: Any) -> None:
    scene = Scene(instant=horloge.maintenant()).complete()
    client = session(scene["clinicien"])
    racine = f"/dossiers/{scene.dossier.reference}/sr2100/"
    client.post(racine, {"repartir": "oui"})
    fautes: list[str] = []
    page = ouvrir(browser, live_server, scene, "clinicien", "sr2100/limitations/", fautes)
    expect(page.get_by_role("radiogroup", name="Bouger À confirmer")).to_be_visible()
    aux_deux_largeurs(page, "a-confirmer")
    page.goto(f"{live_server.url}{racine}duree/")
    page.get_by_role("button", name="Joindre un document").click()
    page.get_by_label("Titre").fill("Imagerie lombaire")
    page.get_by_label("Note collée").fill("<p class=MsoNormal>Stable depuis un an.</p>")
    page.get_by_role("button", name="Joindre").click()
    expect(page.get_by_text("La mise en forme de cette note est retirée").first).to_be_visible()
    assert not Piece.objects.exists(), "rien n'est versé avant la relecture"
    aux_deux_largeurs(page, "joindre")
    page.get_by_role("button", name="Joindre").click()
    expect(page.get_by_text("Imagerie lombaire").first).to_be_visible()
    assert Piece.objects.get().texte == "Stable depuis un an."
    assert fautes == []
