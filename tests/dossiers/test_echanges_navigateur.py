"""Les échanges dans Chromium : axe, reflux à 320 px, et une réponse sans script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dossiers.models import Echange
from socle import horloge
from tests.dossiers.test_echanges import mandater
from tests.fabriques import Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def vivante() -> Scene:
    """Un fil à trois et une question sans réponse, un autre ordinaire, un de l'équipe."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=1)).en_evaluation()
    mandater(scene, "voir_etat", "repondre")
    avant = horloge.aujourd_hui() + timedelta(days=5)
    scene.joue(
        "agent", "echanger", a=scene["clinicien"], avec=[scene["ressource"]], sujet="Les jours sans crise",
        question="precision_clinique", reponse_avant=avant, texte="Combien de jours par mois, à peu près?",
    )  # fmt: skip
    scene.joue("ressource", "echanger", fil=1, texte="Elle tient un calendrier depuis janvier.")
    scene.joue("medecin", "echanger", a=scene["agent"], texte="Un poste adapté a-t-il été tenté?")
    return scene


@pytest.mark.lent
def test_les_ecrans_des_echanges(ouvrir: Ouvrir) -> None:
    scene = vivante()
    liste = reverse("dossier_echanges", args=[scene.dossier.reference])
    for cle, accueil in (("agent", "/travail/"), ("clinicien", "/clinique/"), ("ressource", "/organisme/")):
        page = ouvrir(scene[cle])
        for nom, url in (("accueil", accueil), ("a-lire", "/echanges/"), ("liste", liste), ("fil", f"{liste}1/")):
            assert page.goto(url) is not None
            juger(page, f"echanges-{cle}-{nom}")
    page = ouvrir(scene["medecin"])
    page.goto(reverse("dossier_evaluation", args=[scene.dossier.reference]))
    expect(page.get_by_role("button", name="Échange 1")).to_be_visible()
    page.goto("/echanges/")
    juger(page, "echanges-vide")


def test_repondre_sans_script(ouvrir: Ouvrir) -> None:
    scene = vivante()
    page = ouvrir(scene["clinicien"], java_script_enabled=False)
    page.goto("/echanges/")
    page.get_by_role("link", name="Les jours sans crise").click()
    page.get_by_label("Votre message").fill("Douze à quinze jours par mois.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Le message est au dossier.")).to_be_visible()
    expect(page.get_by_text("Douze à quinze jours par mois.")).to_be_visible()
    assert Echange.objects.get(question="precision_clinique").repondu_le is not None
