"""La grille dans Chromium : axe et reflux, réponses gardées à mesure, deux fenêtres, concertation."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from evaluation.models import BrouillonAvis
from tests.evaluation.grilles import AGE_A_PESE, GRILLE
from tests.fabrique_csems import avis, creer_equipe, pris
from tests.outils_navigateur import entrer, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def test_chaque_reponse_se_garde_sans_bouton(contexte: Any, live_server: Any) -> None:
    equipe = creer_equipe()
    dossier = pris(equipe)
    adresse = f"/dossiers/{dossier.reference}/evaluation/"
    page = entrer(contexte, equipe.specialiste, live_server.url)
    page.goto(adresse)
    juger(page, "grille-vierge")
    # « Renseignement insuffisant » ouvre de quoi le demander, sans attendre l'enregistrement.
    demander = page.get_by_role("button", name="Demander un renseignement Durée")
    expect(demander).to_be_hidden()
    for nom, valeur in (("reponse_duree", "inconnu"), ("grille_scolarite", "nuit")):
        with page.expect_response(lambda reponse: reponse.request.method == "POST") as gardee:
            page.locator(f'[name="{nom}"][value="{valeur}"]').check()
        assert gardee.value.status == 200
    expect(demander).to_be_visible()
    expect(page.locator("[data-brouillon-dit]")).to_contain_text("Brouillon enregistré à")
    # Une seconde fenêtre, ouverte maintenant, change une autre réponse; puis la première, la même.
    seconde = contexte.new_page()
    seconde.goto(adresse)
    with seconde.expect_response(lambda reponse: reponse.request.method == "POST") as gardee:
        seconde.locator('[name="grille_langue"][value="aide"]').check()
    assert gardee.value.status == 200
    with page.expect_response(lambda reponse: reponse.request.method == "POST") as gardee:
        page.locator('[name="grille_logement"][value="neutre"]').check()
    assert gardee.value.status == 200
    lignes = BrouillonAvis.objects.get().contenu["grille"]["lignes"]
    assert {code: dite["reponse"] for code, dite in lignes.items()} == {
        "scolarite": "nuit", "langue": "aide", "logement": "neutre",
    }  # fmt: skip
    with page.expect_response(lambda reponse: reponse.request.method == "POST") as refusee:
        page.locator('[name="grille_langue"][value="nuit"]').check()
    assert refusee.value.status == 409
    expect(page.locator("[data-brouillon-alerte]")).to_contain_text("dans une autre fenêtre")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Ce dossier a changé pendant que vous écriviez")).to_be_visible()
    juger(page, "grille-conflit")


@pytest.mark.lent
def test_la_concertation_et_les_avis_lus(contexte: Any, live_server: Any) -> None:
    equipe = creer_equipe()
    dossier = pris(equipe)
    avis(equipe.medecin, dossier, grille=GRILLE)
    avis(equipe.medecin, dossier, grille={"domaines": {"emotions": "moderee"}})
    avis(equipe.specialiste, dossier, grille=AGE_A_PESE, recommandation="reconnaitre")
    page = entrer(contexte, equipe.medecin, live_server.url)
    page.goto(f"/dossiers/{dossier.reference}/concertation/")
    page.get_by_text("Dire votre accord ou votre dissidence").click()
    page.get_by_text("Versions antérieures de cet avis").click()
    juger(page, "concertation-grille")
    page.goto(f"/dossiers/{dossier.reference}/evaluation/?historique=oui")
    juger(page, "grille-historique")
