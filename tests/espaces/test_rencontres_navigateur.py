"""Les écrans des rencontres et des urgences dans Chromium : axe, reflux à 320 px, et le parcours sans script."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dossiers.models import Creneau, Rencontre
from referentiels import lecture as referentiels
from referentiels.regles import ajouter_jours_ouvrables
from socle import horloge
from tests.fabriques import Scene
from tests.outils_navigateur import juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def dans(jours: int, heure: int) -> datetime:
    jour = horloge.aujourd_hui()
    return horloge.heure_locale(ajouter_jours_ouvrables(jour, jours, referentiels.fermetures(jour)), heure)


def deposee() -> Scene:
    return Scene(instant=horloge.maintenant() - timedelta(days=2)).deposee()


@pytest.mark.lent
def test_les_ecrans_des_rencontres_et_des_urgences(ouvrir: Any) -> None:
    """Chacun ouvre les siens, pleins puis vides : la personne, l'agent, le chef, l'administration."""
    scene = deposee()
    scene.joue("prestataire", "noter_besoin", genre="interprete", precision="Espagnol")
    scene.joue("prestataire", "signaler_alerte", code="detresse", precision="Rappeler avant 18 h")
    scene.joue("prestataire", "signaler_alerte", code="perte_logement", precision="Expulsion vendredi")
    elle, lui = ouvrir(scene["prestataire"]), ouvrir(scene["agent"])
    siennes = {"suivi": "suivi", "offerte": "suivi_appel", "besoins": "suivi_besoins", "argent": "suivi_argent"}
    for nom, url in siennes.items():
        elle.goto(reverse(url))
        juger(elle, nom)
    scene.joue("prestataire", "demander_appel", mode="bureau", accompagnant="Ma sœur", texte="L'après-midi.")
    sommaire = reverse("dossier_sommaire", args=[scene.dossier.reference])
    lui.goto(sommaire)
    juger(lui, "sommaire")
    for code in ("proposer-rencontre", "signaler-alerte", "lever-alerte", "noter-besoin", "demander"):
        lui.goto(reverse("dossier_geste", args=[scene.dossier.reference, code]))
        juger(lui, code)
    moments = [dans(4, 10), dans(5, 14)]
    scene.joue("agent", "proposer_rencontre", creneaux=moments, mode="bureau", lieu="12, rue Fictive")
    elle.goto(reverse("suivi_appel"))
    juger(elle, "proposee")
    scene.joue("prestataire", "confirmer_rencontre", creneau=Creneau.objects.order_by("debut")[0].pk)
    for nom, url in (("suivi-confirmee", "suivi"), ("confirmee", "suivi_appel")):
        elle.goto(reverse(url))
        juger(elle, nom)
    lui.goto(reverse("travail"))
    juger(lui, "travail")
    chef = ouvrir(scene["chef_bureau"])
    for nom, url in (("urgences", "urgences"), ("garde", "equipe_garde"), ("equipe", "equipe")):
        chef.goto(reverse(url))
        juger(chef, nom)
    signale = ouvrir(scene["specialiste2"])
    signale.goto(reverse("signaler_detresse"))
    juger(signale, "detresse")
    signale.get_by_label("Ce qu'il faut savoir pour rappeler").fill("Poste 4412")
    signale.get_by_role("button", name="Signaler la détresse").click()
    expect(signale.get_by_role("heading", name="C'est signalé")).to_be_visible()
    juger(signale, "detresse-signalee")


def test_choisir_un_moment_a_320_px_sans_script(ouvrir: Any) -> None:
    scene = deposee()
    scene.joue("agent", "proposer_rencontre", creneaux=[dans(4, 10), dans(5, 14)], mode="telephone")
    page = ouvrir(scene["prestataire"], java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(reverse("suivi"))
    page.get_by_role("link", name="Choisir un moment pour nous parler").click()
    page.get_by_role("button", name="Choisir ce moment").click()
    expect(page.get_by_role("heading", name="Choisissez un moment")).to_be_visible()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Choisir ce moment").click()
    expect(page.get_by_role("heading", name="Votre rendez-vous")).to_be_visible()
    with page.expect_download() as telecharge:
        page.get_by_role("link", name="Ajouter à mon agenda").click()
    assert telecharge.value.suggested_filename == "rendez-vous.ics"
    page.get_by_role("button", name="Annuler ce rendez-vous").click()
    expect(page.get_by_text("C'est annulé.")).to_be_visible()
    assert Rencontre.objects.get().etat == "annulee"
