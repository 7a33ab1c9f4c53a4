"""Décider dans Chromium : axe, reflux à 320 px et à 400 %, chaque écran de la décision et de ce qui la suit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socle import hasard, horloge
from tests.fabriques import RAPPORT, REFUS, Scene
from tests.outils_navigateur import entrer, juger

pytestmark = [
    pytest.mark.lent,
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
PHRASE = "Selon nous, un emploi assis reste possible pour vous."


def _scene() -> Scene:
    """Une scène dont l'heure suit celle du navigateur."""
    return Scene(instant=horloge.maintenant() - timedelta(hours=3))


def _lu(page: Any) -> None:
    """Confirme la lecture de ce qui n'a pas été ouvert, puis signe."""
    page.get_by_label("J'ai pris connaissance").check()
    page.get_by_role("button", name="Signer la décision").click()


def _lisible(zone: Any) -> None:
    """Aucun texte de la couleur exacte de son fond : axe ne juge pas celui-là."""
    muets = zone.evaluate(
        """(racine) => {
          const fond = (e) => {
            for (; e; e = e.parentElement) {
              const c = getComputedStyle(e).backgroundColor;
              if (c !== "rgba(0, 0, 0, 0)") return c;
            }
            return "rgb(255, 255, 255)";
          };
          return [...racine.querySelectorAll("*")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
            .filter((e) => getComputedStyle(e).color === fond(e))
            .map((e) => e.outerHTML.slice(0, 120));
        }"""
    )
    assert not muets, "\n".join(muets)


def test_refuser_a_deux_montre_chaque_page(contexte: Any, live_server: Any) -> None:
    scene = _scene().a_signer()
    adresse = f"/dossiers/{scene.dossier.reference}/decision/"
    page = entrer(contexte, scene["medecin"], live_server.url)
    page.goto(adresse)
    juger(page, "decision-choisir")
    page.get_by_label("Ne pas reconnaître les contraintes").check()
    page.get_by_role("button", name="Choisir les motifs").click()
    page.get_by_label("Contraintes non sévères").check()
    page.locator("input[name=ce_qui_changerait]").first.check()
    page.locator("input[name=orientation]").last.check()
    page.get_by_role("button", name="Lire ce que dira la lettre").click()
    page.get_by_text("Dites ce motif à la personne").first.wait_for()
    juger(page, "decision-phrase")
    page.locator("textarea[name=phrase_contraintes_non_severes]").fill(PHRASE)
    page.get_by_role("button", name="Lire ce que dira la lettre").click()
    page.get_by_role("heading", name="Vous allez refuser").wait_for()
    page.get_by_text(PHRASE).wait_for()
    juger(page, "decision-apercu")
    page.get_by_role("button", name="Signer la décision").click()
    page.get_by_text("cochez cette case, avant de signer").first.wait_for()
    juger(page, "decision-non-lu")
    _lisible(page.locator(".interruption"))
    _lu(page)
    page.get_by_text("Votre signature est au dossier").wait_for()
    juger(page, "decision-premiere")
    autre = entrer(contexte, scene["specialiste"], live_server.url)
    autre.goto(adresse)
    autre.get_by_text(PHRASE).wait_for()
    juger(autre, "decision-adopter")
    _lu(autre)
    autre.get_by_text("La décision est signée par les deux").wait_for()


@pytest.mark.lent
def test_reconnaitre_montre_le_calcul_de_la_date(contexte: Any, live_server: Any) -> None:
    scene = _scene().a_signer()
    page = entrer(contexte, scene["medecin"], live_server.url)
    page.goto(f"/dossiers/{scene.dossier.reference}/decision/")
    page.get_by_label("Reconnaître les contraintes", exact=True).check()
    page.get_by_role("button", name="Choisir les motifs").click()
    page.get_by_text("D'où vient la date proposée").wait_for()
    page.locator("textarea[name=justification_date]").fill("Date de la demande.")
    page.get_by_label("Effet cumulatif").check()
    page.get_by_label("Aucun réexamen prévu").check()
    juger(page, "reconnaitre-formulaire")
    page.get_by_role("button", name="Lire ce que dira la lettre").click()
    page.locator("textarea[name=phrase_effet_cumulatif]").fill("Vos problèmes de santé s'ajoutent.")
    page.get_by_role("button", name="Lire ce que dira la lettre").click()
    page.get_by_role("heading", name="Relisez la lettre avant de signer").wait_for()
    _lu(page)
    page.get_by_text("Date d'effet : son histoire").wait_for()
    juger(page, "reconnaitre-signee")


@pytest.mark.lent
def test_les_voies_de_l_agent(contexte: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hasard, "sur_cent", lambda _sujet: 0)
    scene = _scene().evidente_a_signer()
    ici = f"/dossiers/{scene.dossier.reference}/"
    agent = entrer(contexte, scene["agent"], live_server.url)
    agent.goto(f"{ici}signer/")
    juger(agent, "evidente-signer")
    agent.get_by_label("Aucun réexamen prévu").check()
    agent.get_by_role("button", name="Relire la lettre").click()
    agent.get_by_text("La lettre dira ceci").first.wait_for()
    juger(agent, "evidente-arret")
    _lu(agent)
    agent.get_by_text("La décision est signée").first.wait_for()
    scene.joue("systeme", "emettre_lettres")
    agent.goto(f"{ici}expliquer/")
    juger(agent, "expliquer-reconnue")
    jour = horloge.aujourd_hui()
    scene.joue(
        "agent", "consigner_mois_solidarite", du=jour - timedelta(days=100), au=jour, source="soins", note="Relevé"
    )
    agent.goto(f"{ici}revenu-de-base/")
    juger(agent, "revenu-de-base")
    chef = entrer(contexte, scene["chef_bureau"], live_server.url)
    chef.goto("/equipe/qualite/")
    juger(chef, "qualite-liste")
    chef.goto(f"/equipe/{scene.dossier.reference}/qualite/")
    juger(chef, "qualite-revue")


@pytest.mark.lent
def test_reconduire_puis_expliquer(contexte: Any, live_server: Any) -> None:
    scene = _scene().a_signer()
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS, phrases_motifs={REFUS["motifs"][0]: PHRASE})
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    scene.joue("systeme", "emettre_lettres")
    ici = f"/dossiers/{scene.dossier.reference}/"
    agent = entrer(contexte, scene["agent"], live_server.url)
    agent.goto(f"{ici}expliquer/")
    agent.get_by_text(PHRASE).wait_for()
    juger(agent, "expliquer-refus")
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "confirmer_situation", appel_note="Rien n'a changé.")
    scene.joue("agent", "declarer_complet")
    agent.goto(f"{ici}triage/")
    juger(agent, "triage-reconduction")
    agent.goto(f"{ici}triage/temporaire/")
    juger(agent, "temporaire")
    scene.joue("agent", "reconduire_refus")
    agent.goto(f"{ici}signer/")
    juger(agent, "reconduction-signer")


@pytest.mark.lent
def test_ecrire_le_rapport_d_examen(contexte: Any, live_server: Any) -> None:
    scene = _scene().en_evaluation()
    page = entrer(contexte, scene["medecin"], live_server.url)
    page.goto(f"/dossiers/{scene.dossier.reference}/examen/")
    page.get_by_role("button", name="Verser le rapport").click()
    page.get_by_text("Cochez cette case").first.wait_for()
    juger(page, "examen")
