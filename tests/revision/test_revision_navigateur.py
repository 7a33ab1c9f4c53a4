"""La révision dans Chromium : axe et reflux; l'analyse gardée à mesure, deux fenêtres, ce que lit la personne."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from correspondance.actes import emettre_tout
from correspondance.composition import sans_pdf
from dossiers.porte import executer
from revision.models import BrouillonRevision
from socle import horloge
from tests.fabrique_csems import creer_equipe, en_revision, recevable
from tests.outils_navigateur import Ouvrir, entrer, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
QUESTIONS = ("atteinte", "duree", "socioprofessionnel")


def test_l_analyse_se_garde_sans_bouton_et_deux_fenetres_s_accordent(contexte: Any, live_server: Any) -> None:
    equipe = creer_equipe()
    dossier = recevable(equipe)
    adresse = f"/revision/{dossier.reference}/"
    page = entrer(contexte, equipe.medecin_drra, live_server.url)
    page.goto(adresse)
    juger(page, "revision-vierge")
    etat = page.locator("[data-brouillon-dit]")
    page.locator('[name="reponse_atteinte"][value="oui"]').check()
    expect(etat).to_contain_text("Brouillon enregistré à")
    seconde = contexte.new_page()
    seconde.goto(adresse)
    with seconde.expect_response(lambda reponse: reponse.request.method == "POST") as gardee:
        seconde.locator('[name="reponse_duree"][value="non"]').check()
    assert gardee.value.status == 200
    with page.expect_response(lambda reponse: reponse.request.method == "POST") as gardee:
        page.locator('[name="reponse_socioprofessionnel"][value="oui"]').check()
    assert gardee.value.status == 200
    assert BrouillonRevision.objects.get().contenu["questions"] == {
        "atteinte": "oui", "duree": "non", "socioprofessionnel": "oui",
    }  # fmt: skip
    with page.expect_response(lambda reponse: reponse.request.method == "POST") as refusee:
        page.locator('[name="reponse_duree"][value="oui"]').check()
    assert refusee.value.status == 409
    expect(page.locator("[data-brouillon-alerte]")).to_contain_text("dans une autre fenêtre")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Ce dossier a changé pendant que vous écriviez")).to_be_visible()
    juger(page, "revision-conflit")


@pytest.mark.lent
def test_recevabilite_entrevue_et_decision(contexte: Any, live_server: Any) -> None:
    equipe = creer_equipe()
    dossier = en_revision(equipe)
    adresse = f"/revision/{dossier.reference}/"
    page = entrer(contexte, equipe.medecin_drra, live_server.url)
    page.goto("/revision/")
    juger(page, "revision-file")
    page.goto(f"{adresse}recevabilite/")
    juger(page, "revision-recevabilite")
    executer("juger_recevabilite", acteur=equipe.medecin_drra, dossier=dossier, recevable="oui")
    quand = horloge.heure_locale(horloge.aujourd_hui() + timedelta(days=5), 13, 30)
    executer("planifier_entrevue", acteur=equipe.medecin_drra, dossier=dossier, prevue_le=quand, mode="Par téléphone")
    page.goto(f"{adresse}entrevue/prevoir/")
    juger(page, "revision-prevoir")
    page.goto(adresse)
    for question in QUESTIONS:
        page.locator(f'[name="reponse_{question}"][value="oui"]').check()
    page.get_by_role("button", name="Passer à la décision").click()
    expect(page.get_by_role("heading", name="Décider en révision")).to_be_visible()
    juger(page, "revision-decision")
    executer("rendre_revision", acteur=equipe.specialiste_drra, dossier=dossier, issue="confirmee")
    page.reload()
    expect(page.get_by_role("link", name="Je ne suis pas d'accord")).to_be_visible()
    juger(page, "revision-adopter")
    # Blanc sur blanc, axe ne tranche pas : ce que le signataire coche se lit.
    for bloc in page.locator(".interruption :is(.carte, .choix)").all():
        encre, fond = bloc.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
        assert encre != fond
    page.goto(f"/dossiers/{dossier.reference}/desaccord/")
    juger(page, "revision-desaccord")


def test_ce_que_lit_la_personne(ouvrir: Ouvrir) -> None:
    equipe = creer_equipe()
    dossier = recevable(equipe)
    page = ouvrir(dossier.prestataire)
    page.goto("/suivi/que-faire/")
    juger(page, "que-faire-en-recours")
    executer("verser_piece", acteur=dossier.prestataire, dossier=dossier, nature="Autre", titre="Bulletin de paie")
    executer(
        "rendre_revision", acteur=equipe.medecin_drra, dossier=dossier, issue="infirmee",
        questions=dict.fromkeys(QUESTIONS, "oui"), raisons={"duree": "Suivi depuis cinq ans."},
        ce_qui_differe="La durée est maintenant écrite.", cause="preuve_nouvelle", date_effet=date(2026, 1, 5),
    )  # fmt: skip
    executer("rendre_revision", acteur=equipe.specialiste_drra, dossier=dossier, issue="infirmee")
    with sans_pdf():
        emettre_tout()
    page.goto("/suivi/")
    page.get_by_role("link", name="Voir ce qui a changé").click()
    expect(page.get_by_text("La première décision est annulée").first).to_be_visible()
    juger(page, "ce-qui-a-change")
