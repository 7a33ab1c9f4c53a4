"""Envoyer des fichiers dans Chromium : l'avancement, la liaison coupée, la faute près du champ; sans script aussi."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, Route, expect

from dossiers.models import Piece
from dossiers.tasks import verifier_pieces
from socle import horloge
from tests.epreuves import fichiers
from tests.fabriques import Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def _photo(contenu: bytes) -> FilePayload:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": contenu}


PHOTO = _photo(fichiers.image())
AUTRE = _photo(fichiers.image("JPEG", (90, 60)))
ARCHIVE = _photo(fichiers.archive("a", b"a"))
ABIMEE = _photo(b"\xff\xd8\xff\xe0" + bytes(200))
TITRE = "Lettre de mon médecin"


@pytest.fixture
def scene() -> Scene:
    return Scene(instant=horloge.maintenant()).deposee()


def entrer(ouvrir: Ouvrir, scene: Scene, **options: Any) -> Page:
    """La page des documents, sur un téléphone, au nom de la personne."""
    page = ouvrir(scene["prestataire"], **options)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/suivi/documents/")
    return page


def remplir(page: Page, *choisis: Any, titre: str = TITRE) -> None:
    page.get_by_label("Une lettre de moi ou d'une autre personne").check()
    page.get_by_label("Un titre pour le reconnaître").fill(titre)
    page.get_by_label("La photo ou le fichier").set_input_files(list(choisis))


def envoyer(page: Page) -> None:
    page.get_by_role("button", name="Envoyer le document").click()


def choisis(page: Page) -> int:
    """Combien de fichiers le champ tient."""
    return int(page.get_by_label("La photo ou le fichier").evaluate("champ => champ.files.length"))


@pytest.mark.parametrize("script", [True, False])
def test_une_photo_puis_son_etat(ouvrir: Ouvrir, scene: Scene, script: bool) -> None:
    page = entrer(ouvrir, scene, java_script_enabled=script)
    remplir(page, ARCHIVE)
    envoyer(page)
    expect(page.get_by_text("ni un PDF ni une photo").first).to_be_visible()
    expect(page.get_by_label("Un titre pour le reconnaître")).to_have_value(TITRE)
    assert not Piece.objects.exists()
    if script:
        juger(page, "depot-erreur")
    remplir(page, PHOTO, AUTRE, ABIMEE)
    envoyer(page)
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    expect(page.get_by_text(f"{TITRE} (2 de 3)")).to_be_visible()
    expect(page.get_by_text("En vérification", exact=True)).to_have_count(3)
    assert verifier_pieces() == 3
    page.reload()
    expect(page.get_by_text("Reçu", exact=True)).to_have_count(2)
    expect(page.get_by_text("Refusé", exact=True)).to_have_count(1)
    expect(page.get_by_text("Cette image est abîmée. Envoyez une autre copie.")).to_be_visible()
    if script:
        juger(page, "depot-etats")


def test_une_faute_ailleurs_garde_les_fichiers_choisis(ouvrir: Ouvrir, scene: Scene) -> None:
    page = entrer(ouvrir, scene)
    remplir(page, PHOTO, AUTRE, titre="")
    envoyer(page)
    expect(page.locator("#resume-erreurs")).to_be_focused()
    expect(page.get_by_text("il n'est pas gardé quand la page revient")).to_be_hidden()
    assert choisis(page) == 2
    page.get_by_label("Un titre pour le reconnaître").fill(TITRE)
    envoyer(page)
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    assert Piece.objects.count() == 2


def test_apres_un_envoi_quitter_rapidement_ne_laisse_rien_dans_l_historique(ouvrir: Ouvrir, scene: Scene) -> None:
    page = entrer(ouvrir, scene)
    page.route("**/sortie/", lambda route: route.fulfill(body="ailleurs", content_type="text/html"))
    remplir(page, PHOTO)
    envoyer(page)
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    pas = page.evaluate("history.length")
    page.get_by_role("link", name="Quitter rapidement").click()
    expect(page.get_by_text("ailleurs")).to_be_visible()
    assert page.evaluate("history.length") == pas


def test_la_liaison_coupee_garde_les_fichiers_choisis(ouvrir: Ouvrir, scene: Scene) -> None:
    page = entrer(ouvrir, scene)
    remplir(page, PHOTO)
    page.route(
        "**/suivi/documents/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    envoyer(page)
    expect(page.get_by_text("Vos fichiers sont encore choisis")).to_be_visible()
    juger(page, "depot-coupe")
    assert not Piece.objects.exists()
    page.unroute("**/suivi/documents/")
    envoyer(page)
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    assert Piece.objects.count() == 1


@pytest.mark.parametrize(
    ("statut", "dit"), [(413, "trop lourd à la fois"), (507, "La place nous manque"), (502, "n'a pas réussi")]
)
@pytest.mark.lent
def test_une_panne_en_chemin_se_dit_pres_du_bouton(ouvrir: Ouvrir, scene: Scene, statut: int, dit: str) -> None:
    page = entrer(ouvrir, scene)
    remplir(page, PHOTO)
    page.route("**/suivi/documents/", lambda route: route.fulfill(status=statut, body="<p>panne</p>"))
    envoyer(page)
    expect(page.get_by_role("status").get_by_text(dit)).to_be_visible()
    assert choisis(page) == 1


def test_trop_lourd_se_dit_avant_de_partir(ouvrir: Ouvrir, scene: Scene) -> None:
    page = entrer(ouvrir, scene)
    champ = page.get_by_label("La photo ou le fichier")
    expect(champ).to_have_attribute("data-octets", str(25 * fichiers.MO))
    champ.evaluate("champ => { champ.dataset.octets = 1000; }")
    partis: list[str] = []
    page.on("request", lambda requete: partis.append(requete.method))
    remplir(page, PHOTO, {**PHOTO, "buffer": bytes(1000)})
    envoyer(page)
    expect(page.get_by_role("status").get_by_text("à la fois")).to_be_visible()
    assert "POST" not in partis
    assert choisis(page) == 2


def test_l_avancement_se_voit(ouvrir: Ouvrir, scene: Scene) -> None:
    page = entrer(ouvrir, scene)
    retenues: list[Route] = []

    def retenir(route: Route) -> None:
        retenues.append(route)

    page.route("**/suivi/documents/", retenir)
    remplir(page, PHOTO)
    envoyer(page)
    expect(page.get_by_role("progressbar", name="Envoi du fichier")).to_be_visible()
    expect(page.get_by_role("status").get_by_text("1 Ko")).to_be_visible()
    juger(page, "depot-avancement")
    envoyer(page)
    assert len(retenues) == 1, "un second geste n'envoie pas deux fois"
    retenues[0].continue_()
    expect(page.get_by_text("Votre document est arrivé")).to_be_visible()
    assert Piece.objects.count() == 1


@pytest.mark.lent
def test_les_autres_pages_d_envoi(ouvrir: Ouvrir, scene: Scene) -> None:
    """L'agent, la personne-ressource, le professionnel, l'administrateur : mêmes états, mêmes bornes."""
    fin = horloge.aujourd_hui() + timedelta(days=30)
    scene.joue("ressource", "proposer_mandat", portees=["voir_etat", "verser_pieces"], jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat")
    ref = [scene.dossier.reference]
    pages = (
        ("agent", reverse("dossier_pieces", args=ref), "Ajouter la pièce", "Titre"),
        ("ressource", reverse("organisme_document", args=ref), "Ajouter le document", "Titre"),
        ("clinicien", reverse("sr2100_pieces", args=ref), "Joindre", "Titre"),
    )
    for qui, adresse, bouton, titre in pages:
        page = ouvrir(scene[qui])
        page.goto(adresse)
        page.get_by_label(titre, exact=True).fill(f"Note de {qui}")
        page.get_by_label("Fichiers").set_input_files([ARCHIVE])
        page.get_by_role("button", name=bouton, exact=True).click()
        expect(page.locator("#resume-erreurs")).to_be_focused()
        expect(page.get_by_label(titre, exact=True)).to_have_value(f"Note de {qui}")
        page.get_by_label("Fichiers").set_input_files([PHOTO, ABIMEE])
        page.get_by_role("button", name=bouton, exact=True).click()
        expect(page.get_by_text("En vérification", exact=True)).to_have_count(2)
        assert verifier_pieces() == 2
        page.reload()
        expect(page.get_by_text("Cette image est abîmée").first).to_be_visible()
        juger(page, f"depot-{qui}-etats")
        page.context.close()
    page = ouvrir(scene["administrateur"])
    page.goto(reverse("gestion_fichiers"))
    expect(page.get_by_role("heading", name="Fichiers reçus")).to_be_visible()
    juger(page, "depot-gestion")
