"""Le SR-2105 dans Chromium : axe et reflux de chaque page, brouillon gardé en écrivant, séance close, anglais."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from comptes.models import Compte
from correspondance.models import MessageCode
from formulaires.models import SR2105, Brouillon
from formulaires.sr2105.textes import THEMES
from tests.fabriques import Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def dernier_code() -> str:
    """Le code que la personne vient de recevoir."""
    trouve = re.search(r"\d{8}", MessageCode.objects.latest("pk").corps)
    assert trouve
    return trouve[0]


def adresse(scene: Scene, suite: str = "") -> str:
    return f"/dossiers/{scene.dossier.reference}/sr2105/{suite}"


def test_la_voie_courte_d_un_bout_a_l_autre(ouvrir: Ouvrir) -> None:
    """La personne nomme trois personnes, dit oui ou non, signe; l'agent voit qui appeler, et note l'appel."""
    scene = Scene().deposee()
    page = ouvrir(scene["prestataire"])
    page.goto(adresse(scene))
    juger(page, "debut")
    page.get_by_role("link", name="Je préfère que vous appeliez ces personnes").click()
    expect(page.get_by_label("Nom").first).to_have_value(scene["clinicien"].nom_complet)
    juger(page, "appels-soins")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom").first.fill("Rose Fictive")
    page.get_by_label("Son lien avec vous").first.fill("soeur")
    page.get_by_label("Téléphone").first.fill("514 555-0142")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("radiogroup", name="Rose Fictive").get_by_label("Oui").check()
    juger(page, "appels-signer")
    page.get_by_role("button", name="Signer et envoyer").click()
    expect(page.locator("#resume-erreurs")).to_contain_text("Cochez l'autorisation")
    juger(page, "appels-signer-erreur")
    page.get_by_label("Le Ministère peut appeler").check()
    # Corriger un groupe garde les choix; l'autorisation, elle, se coche à la fin.
    page.get_by_role("button", name="Modifier : Rose Fictive").click()
    expect(page.get_by_label("Nom").first).to_have_value("Rose Fictive")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("radiogroup", name="Rose Fictive").get_by_label("Oui")).to_be_checked()
    page.get_by_label("Le Ministère peut appeler").check()
    page.get_by_role("button", name="Signer et envoyer").click()
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Votre code à 8 chiffres").fill(dernier_code())
    page.get_by_role("button", name="Confirmer mon identité").click()
    expect(page.get_by_text("sont au dossier")).to_be_visible()
    assert SR2105.objects.get().contenu["scolarite"] == "ne_sait_pas"
    agent = ouvrir(scene["agent"])
    agent.goto(f"/dossiers/{scene.dossier.reference}/personnes-a-joindre/")
    expect(agent.get_by_role("link", name="514 555-0142")).to_have_attribute("href", "tel:+15145550142")
    juger(agent, "liste")
    agent.get_by_role("link", name="Noter l'appel").nth(1).click()
    agent.get_by_label("La personne a répondu").check()
    agent.get_by_label("Ce qui a été dit").fill("Elle l'aide à faire ses courses chaque semaine.")
    juger(agent, "noter")
    agent.get_by_role("button", name="Noter l'appel").click()
    expect(agent.get_by_text("faire ses courses")).to_be_visible()
    juger(agent, "liste-notee")


@pytest.mark.lent
def test_chaque_question_la_page_dense_et_la_verification(ouvrir: Ouvrir) -> None:
    scene = Scene().deposee()
    page = ouvrir(scene["prestataire"])
    for theme in THEMES:
        page.goto(adresse(scene, f"{theme}/"))
        if theme == "emplois":
            page.get_by_text("Répondre ligne par ligne").click()
            page.get_by_label("Emploi", exact=True).first.fill("Livreuse")
            page.get_by_label("Pourquoi il a pris fin").first.fill("Mal de dos")
        elif theme == "personnes_a_joindre":
            proches = page.get_by_role("group", name="Quels proches vous connaissent bien?", exact=True)
            proches.get_by_label("Nom").fill("Rose Fictive")
        elif theme != "suivis":
            page.get_by_label("Je ne sais pas").check()
        juger(page, f"question-{theme}")
        with page.expect_navigation():
            page.get_by_role("button", name="Continuer").click()
    juger(page, "question-erreur")
    agent = ouvrir(scene["agent"])
    agent.goto(adresse(scene))
    juger(agent, "dense")
    agent.get_by_label("Je ne sais pas : Scolarité").focus()
    agent.keyboard.press("Space")
    expect(agent.locator("[data-brouillon-dit]")).to_contain_text("Brouillon enregistré à")
    assert Brouillon.objects.get(pour=scene["agent"]).contenu["brut"]["inconnu_scolarite"] == "on"


@pytest.mark.lent
def test_en_anglais_et_seance_close(ouvrir: Ouvrir) -> None:
    """La personne de langue anglaise lit tout en anglais; la séance close ne perd que le champ en cours."""
    scene = Scene().deposee()
    Compte.objects.filter(pk=scene["prestataire"].pk).update(langue="en", motif_langue="Le demande")
    page = ouvrir(scene["prestataire"])
    page.goto(adresse(scene))
    juger(page, "en-debut")
    page.get_by_role("link", name="Answer the six questions").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#resume-erreurs")).to_contain_text("Write an answer")
    juger(page, "en-erreur")
    page.get_by_label("What is the last school year you finished?").fill("Grade 9, it was hard")
    expect(page.locator("[data-brouillon-dit]")).to_contain_text("Draft saved at")
    Session.objects.all().delete()
    page.get_by_label("What is the last school year you finished?").press_sequentially(", very hard")
    expect(page.locator("[data-brouillon-alerte]")).to_contain_text("Your text stays on the screen")
    expect(page.get_by_label("What is the last school year you finished?")).to_have_value(
        "Grade 9, it was hard, very hard"
    )
    retour = ouvrir(scene["prestataire"])
    retour.goto(adresse(scene, "scolarite/"))
    expect(retour.get_by_label("What is the last school year you finished?")).to_have_value("Grade 9, it was hard")
    for theme in THEMES:
        retour.goto(adresse(scene, f"{theme}/"))
        if theme != "scolarite":
            retour.get_by_label("I don't know").check()
        with retour.expect_navigation():
            retour.get_by_role("button", name="Continue").click()
    expect(retour.get_by_role("heading", level=1)).to_have_text("Check your answers")
    juger(retour, "en-verifier")
