"""Les pages des mandats dans Chromium, à 1280 et à 320 px : l'aidant, la personne, l'agent, un proche."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from comptes.models import Compte, Role
from dossiers.models import Occasion
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.lent,
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
PORTEES = ["voir_etat", "recevoir_lettres", "verser_pieces", "repondre", "demander_revision"]


def scene_du_jour(**delai: float) -> Scene:
    """Une scène d'aujourd'hui : le serveur d'essai vit à l'heure vraie."""
    return Scene(instant=horloge.maintenant() - timedelta(**(delai or {"hours": 1})))


def mandater(scene: Scene, cle: str = "ressource", jours: int = 60, **champs: str) -> None:
    fin = horloge.aujourd_hui() + timedelta(days=jours)
    scene.joue(cle, "proposer_mandat", portees=PORTEES, jusqu_au=fin, **champs)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene[cle])


def test_les_pages_de_l_aidant(ouvrir: Ouvrir) -> None:
    scene = scene_du_jour().deposee()
    scene.joue("agent", "prendre_dossier")
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    mandater(scene, jours=20)
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["prestataire"])
    Compte.objects.create_user(
        "suite.essai@exemple.invalid", prenom="Suite", nom="Fictive", role=Role.INTERVENANT,
        organisme=scene["ressource"].organisme,
    )  # fmt: skip
    Compte.objects.filter(pk=scene["ressource"].pk).update(gestionnaire_organisme=True)
    page = ouvrir(scene["ressource"])
    dossier = f"/organisme/dossiers/{scene.dossier.reference}/"
    for adresse, nom in (
        ("/organisme/", "ressource-liste"),
        ("/organisme/?filtre=decision", "ressource-vide"),
        ("/organisme/mandats/demander/", "ressource-mandat"),
        ("/organisme/mandats/demande-envoyee/", "ressource-demande-envoyee"),
        ("/organisme/mandats/code/", "ressource-code"),
        ("/organisme/equipe/", "ressource-equipe"),
        (dossier, "ressource-dossier"),
        (f"{dossier}document/", "ressource-document"),
        (f"{dossier}portrait/", "ressource-portrait"),
        (f"{dossier}messages/", "ressource-messages"),
        (f"{dossier}lettres-clinique/", "ressource-lettres"),
        (f"{dossier}lettres-clinique/rapport_sans_duree/", "ressource-lettre"),
        (f"{dossier}transmettre/", "ressource-transmettre"),
        (f"{dossier}fin/", "ressource-fin"),
    ):
        page.goto(adresse)
        juger(page, nom)
    page.goto("/organisme/mandats/demander/")
    page.get_by_role("button", name="Demander le mandat").click()
    expect(page.get_by_text("Cochez au moins").or_(page.locator(".resume-erreurs")).first).to_be_visible()
    juger(page, "ressource-mandat-erreurs")


def test_les_pages_de_la_revision_avec_la_personne(ouvrir: Ouvrir) -> None:
    scene = scene_du_jour(days=3).en_revision()
    mandater(scene)
    scene.joue("ressource", "demander_delai", jusqu_au=horloge.aujourd_hui() + timedelta(days=4))
    page = ouvrir(scene["ressource"])
    dossier = f"/organisme/dossiers/{scene.dossier.reference}/"
    page.goto("/organisme/")
    expect(page.get_by_text("Compléter la révision d'ici le")).to_be_visible()
    juger(page, "ressource-liste-revision")
    for suite, nom in (("", "dossier"), ("revision/observations/", "observations"), ("revision/delai/", "delai")):
        page.goto(f"{dossier}{suite}")
        juger(page, f"ressource-revision-{nom}")
    page.goto(f"{dossier}revision/observations/")
    page.get_by_role("button", name="Envoyer les observations").click()
    juger(page, "ressource-revision-erreurs")


def test_l_occasion_et_le_representant(ouvrir: Ouvrir) -> None:
    scene = scene_du_jour().en_evaluation()
    mandater(scene, "representant", titre="avocat")
    fin = horloge.aujourd_hui() + timedelta(days=4)
    scene.joue("medecin", "offrir_occasion", elements=["parcours_travail"], jusqu_au=fin, appel_note="Appel fait.")
    page = ouvrir(scene["representant"])
    page.goto("/organisme/")
    expect(page.get_by_text("D'ici le")).to_be_visible()
    juger(page, "representant-liste")
    page.goto(f"/organisme/dossiers/{scene.dossier.reference}/occasion/")
    juger(page, "representant-occasion")
    page.goto("/organisme/mandats/demander/")
    juger(page, "representant-mandat")
    assert Occasion.objects.get().repondue_le is None


def test_les_pages_de_la_personne_et_du_proche(ouvrir: Ouvrir) -> None:
    scene = scene_du_jour().deposee()
    personne = ouvrir(scene["prestataire"])
    personne.goto("/suivi/personnes-ressources/")
    juger(personne, "personne-aucun-mandat")
    fin = horloge.aujourd_hui() + timedelta(days=60)
    scene.joue("ressource_ailleurs", "proposer_mandat", portees=PORTEES, jusqu_au=fin)
    mandater(scene)
    for adresse, nom in (
        ("/suivi/personnes-ressources/", "personne-mandats"),
        ("/suivi/personnes-ressources/confier/", "personne-confier"),
        ("/suivi/personnes-ressources/temoin/", "personne-temoin"),
        ("/suivi/personnes-ressources/organismes/", "personne-organismes"),
    ):
        personne.goto(adresse)
        juger(personne, nom)
    code = str(scene.joue("prestataire", "confier_code", usage="temoignage").code)
    proche = ouvrir()
    proche.goto("/temoigner/")
    juger(proche, "proche-code")
    proche.locator('[name="code"]').fill(code)
    proche.get_by_role("button", name="Continuer").click()
    expect(proche.locator('[name="temoin"]')).to_be_visible()
    juger(proche, "proche-texte")
    proche.get_by_role("button", name="Envoyer mon texte").click()
    expect(proche.get_by_text("Écrivez votre nom.").first).to_be_visible()
    juger(proche, "proche-erreurs")


def test_les_gestes_de_l_agent(ouvrir: Ouvrir) -> None:
    scene = scene_du_jour().deposee()
    fin = horloge.aujourd_hui() + timedelta(days=60)
    scene.joue("representant", "proposer_mandat", portees=PORTEES, jusqu_au=fin, titre="tuteur")
    agent = ouvrir(scene["agent"])
    for suite, nom in (
        ("acces/", "agent-acces"),
        ("gestes/confirmer-mandat/", "agent-confirmer"),
        ("gestes/confier-code/", "agent-confier"),
    ):
        agent.goto(f"/dossiers/{scene.dossier.reference}/{suite}")
        juger(agent, nom)
    agent.goto("/organismes/?region=toutes")
    juger(agent, "agent-organismes")
