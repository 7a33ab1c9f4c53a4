"""Contributions, portes, trousse, dépôt, aide, appels, frais, dans Chromium : axe et reflux de chaque page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from comptes.models import Permis
from cse.demo import portes
from formulaires.actes.appels import noter_appel
from referentiels import lecture as referentiels
from socle import horloge
from tests.fabriques import SR2105, Scene
from tests.formulaires.test_contributions import CONSTATS, professionnel
from tests.outils_navigateur import LARGE, entrer, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


@pytest.fixture
def contexte(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Ouvre un navigateur neuf par personne."""
    ouverts: list[Any] = []

    def neuf() -> Any:
        ouverts.append(browser.new_context(base_url=live_server.url, locale="fr-CA", viewport=LARGE))
        return ouverts[-1]

    yield neuf
    for un in ouverts:
        un.close()


def preparer() -> Scene:
    """Un dossier reçu, un SR-2105, une ergothérapeute invitée, un portrait montré, des portes, des appels."""
    jeu = Scene(instant=horloge.maintenant() - timedelta(days=3)).deposee()
    professionnel(jeu)
    jeu.joue("prestataire", "deposer_sr2105", **SR2105)
    loin = jeu.instant.date() + timedelta(days=90)
    jeu.joue("ressource", "proposer_mandat", portees=["verser_pieces", "repondre", "voir_etat"], jusqu_au=loin)
    jeu.joue("prestataire", "confirmer_mandat", intervenant=jeu["ressource"])
    titre = "Portrait de la situation, 3 mai 2026"
    jeu.joue(
        "ressource", "verser_piece", nature="Témoignage", titre=titre, texte="Une journée ordinaire\nSe lève tard."
    )
    jeu.joue("prestataire", "consentir", objet="montrer_portrait_clinicien")
    portes.inscrire(date.today())  # noqa: DTZ011 - une date de vérification seulement
    for _ in range(3):
        noter_appel(jeu["medecin"], qui="medecin", sujet="capacite_de_travail", reponse="Elle n'est pas demandée.")
    return jeu


@pytest.mark.lent
def test_pages_des_portes_et_des_contributions(contexte: Any, live_server: Any) -> None:
    call_command("semer_referentiels")
    referentiels.invalider()
    jeu, base = preparer(), live_server.url
    ref = jeu.dossier.reference
    pro = entrer(contexte(), jeu["pro"], base)
    for nom, adresse in (("clinique", "/clinique/"), ("contribution", f"/dossiers/{ref}/contribution/")):
        pro.goto(base + adresse)
        juger(pro, f"portes-{nom}")
    pro.get_by_role("button", name="Vérifier la contribution").click()
    juger(pro, "portes-contribution-erreur")
    pro.get_by_label("Ce que vous avez constaté").fill(CONSTATS)
    pro.get_by_role("button", name="Vérifier la contribution").click()
    pro.wait_for_url("**/verifier/")
    juger(pro, "portes-contribution-verifier")
    pro.get_by_role("button", name="Signer la contribution").click()
    pro.wait_for_url("**/signee/")
    juger(pro, "portes-contribution-signee")
    pro.goto(f"{base}/dossiers/{ref}/contributions/")
    juger(pro, "portes-contributions")
    medecin = entrer(contexte(), jeu["clinicien"], base)
    Permis.objects.filter(compte=jeu["clinicien"]).update(verifie_le=date(2025, 1, 1))
    for nom, adresse in (
        ("patient", f"/dossiers/{ref}/sr2100/patient/"),
        ("portrait", f"/dossiers/{ref}/portrait/"),
        ("depot", "/clinique/nouvelle-demande/"),
        ("aide", "/bien-remplir/"),
    ):
        medecin.goto(base + adresse)
        juger(medecin, f"portes-{nom}")
    Permis.objects.filter(compte=jeu["clinicien"]).delete()
    medecin.goto(f"{base}/dossiers/{ref}/sr2100/patient/")
    juger(medecin, "portes-sans-permis")
    jeu.joue("clinicien", "decliner_rapport", motif="Je ne la connais pas.")
    personne = entrer(contexte(), jeu["prestataire"], base)
    for nom, adresse in (
        ("suivi-clinicien", "/suivi/clinicien/"),
        ("suivi-portes", "/suivi/clinicien/portes/"),
        ("suivi-trousse", "/suivi/clinicien/trousse/"),
        ("suivi-frais", "/suivi/frais/"),
    ):
        personne.goto(base + adresse)
        juger(personne, f"portes-{nom}")
    agent = entrer(contexte(), jeu["agent"], base)
    for nom, adresse in (
        ("sommaire", f"/dossiers/{ref}/"),
        ("agent", "/portes/"),
        ("trousse", f"/dossiers/{ref}/trousse/"),
        ("frais", f"/dossiers/{ref}/gestes/frais-rapport/"),
    ):
        agent.goto(base + adresse)
        juger(agent, f"portes-{nom}")
    chef = entrer(contexte(), jeu["chef_csems"], base)
    chef.goto(f"{base}/appels-des-cliniciens/")
    juger(chef, "portes-appels")
