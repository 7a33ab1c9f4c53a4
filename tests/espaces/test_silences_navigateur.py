"""Les écrans du silence, des rappels et des travaux dans Chromium : axe et reflux à 320 px."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dossiers.models import Demande, FermetureProposee
from dossiers.tasks import rattraper
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


@pytest.mark.lent
def test_les_ecrans_du_silence(ouvrir: Ouvrir) -> None:
    """Chacun ouvre le sien : le chef signe, l'agent et la personne lisent, l'administration surveille."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=2)).deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "suspendre_delai", motif="hospitalisation")
    scene.joue("agent", "noter_essai", canal="telephone", resultat="sans_reponse", note="Appelée à 10 h.")
    FermetureProposee.objects.create(
        demande=Demande.objects.get(), par=scene["agent"], le=scene.instant, note="Aucune nouvelle depuis six mois."
    )
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["prestataire"])
    scene.joue("agent", "demander_renseignement", elements=["effet_cumulatif_explique"], a=scene["clinicien"])
    scene.joue("agent", "relancer_renseignement")
    rattraper()
    reference = scene.dossier.reference

    page = ouvrir(scene["chef_bureau"])
    page.goto(reverse("equipe"))
    page.get_by_role("link", name="Où les personnes s'arrêtent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Où les personnes s'arrêtent")
    juger(page, "arrets")
    page.goto(reverse("equipe_liste") + "?liste=fermetures")
    expect(page.get_by_text(reference).first).to_be_visible()
    juger(page, "fermetures")
    page.goto(reverse("dossier_geste", args=[reference, "trancher-fermeture"]))
    expect(page.get_by_text("Aucune nouvelle depuis six mois.")).to_be_visible()
    juger(page, "trancher")

    page = ouvrir(scene["agent"])
    page.goto(reverse("dossier_sommaire", args=[reference]))
    expect(page.get_by_text("Délai en pause depuis le").first).to_be_visible()
    juger(page, "sommaire-en-pause")
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
    page.goto(reverse("clinique"))
    expect(page.get_by_role("heading", name="À ne pas manquer")).to_be_visible()
    juger(page, "clinique-rappels")
    page.goto(reverse("clinique_retrait", args=[reference]))
    juger(page, "retrait")

    page = ouvrir(scene["administrateur"])
    page.goto(reverse("gestion_travaux"))
    expect(page.get_by_text("À l'heure").first).to_be_visible()
    juger(page, "travaux")


def test_les_gestes_du_silence(ouvrir: Ouvrir) -> None:
    """L'agent prévient, puis voit ce qui manque avant de proposer; une page vide le dit."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=230))
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
    page = ouvrir(scene["agent"], java_script_enabled=False)
    prevenir = reverse("dossier_geste", args=[scene.dossier.reference, "prevenir-inactivite"])
    page.goto(prevenir)
    expect(page.get_by_text("Rien n'est noté encore.")).to_be_visible()
    page.get_by_label("Pas de réponse").check()
    page.get_by_role("button", name="Noter l'appel").click()
    expect(page.get_by_text("Remplissez").first).to_be_visible()
    expect(page.get_by_label("Pas de réponse")).to_be_checked()
    page.get_by_label("Ce qui s'est passé").fill("Appelée à 10 h.")
    page.get_by_role("button", name="Noter l'appel").click()
    expect(page.get_by_text("L'appel est noté.")).to_be_visible()
    scene.instant = horloge.maintenant()
    scene.joue("systeme", "emettre_lettres")
    page = ouvrir(scene["agent"])
    page.goto(reverse("dossier_geste", args=[scene.dossier.reference, "proposer-fermeture"]))
    expect(page.get_by_text("La personne a jusqu'au")).to_be_visible()
    juger(page, "proposer")
