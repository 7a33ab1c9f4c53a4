"""Le renouvellement dans Chromium : axe, reflux, clavier; la clinique, la personne et l'agent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dossiers import travaux
from socle import horloge
from tests.decisions.scene_temporaire import sha
from tests.fabriques import Scene
from tests.outils_navigateur import entrer, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def _bientot_finie() -> Scene:
    """Une contrainte de quatre mois accordée il y a trois mois, la clinique interrogée ce matin."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=92)).temporaire()
    scene.instant = horloge.maintenant() - timedelta(minutes=30)
    travaux.jouer(scene.dossier)
    return scene


def test_la_clinique_repond_en_une_minute(contexte: Any, live_server: Any) -> None:
    scene = _bientot_finie()
    page = entrer(contexte, scene["clinicien"], live_server.url)
    page.goto("/clinique/")
    juger(page, "temporaire-liste")
    page.get_by_role("link", name="À confirmer : toujours valable?").click()
    juger(page, "temporaire-question")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    page.get_by_text("Il reste un point à corriger").wait_for()
    juger(page, "temporaire-erreur")
    page.get_by_label("Oui, rien n'a changé").check()
    page.get_by_label("Pour combien de mois de plus?").fill("3")
    page.keyboard.press("Enter")
    page.get_by_text("C'est confirmé et signé").wait_for()
    juger(page, "temporaire-confirmee")
    page.goto(f"/clinique/dossiers/{scene.dossier.reference}/")
    juger(page, "temporaire-dossier")


@pytest.mark.lent
def test_ce_que_lisent_la_personne_et_l_agent(contexte: Any, live_server: Any) -> None:
    scene = _bientot_finie()
    personne = entrer(contexte, scene["prestataire"], live_server.url)
    personne.goto("/suivi/")
    juger(personne, "temporaire-suivi")
    scene.joue("clinicien", "ne_pas_confirmer_temporaire", raison="a_revoir")
    personne.goto("/suivi/")
    juger(personne, "temporaire-suivi-non")
    clinique = entrer(contexte, scene["clinicien"], live_server.url)
    clinique.goto(f"/dossiers/{scene.dossier.reference}/toujours-valable/")
    juger(clinique, "temporaire-non")
    scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    agent = entrer(contexte, scene["agent"], live_server.url)
    for nom, suite in (("sommaire", ""), ("triage", "triage/"), ("accorder", "triage/temporaire/")):
        agent.goto(f"/dossiers/{scene.dossier.reference}/{suite}")
        juger(agent, f"temporaire-{nom}")
    personne = entrer(contexte, scene["prestataire"], live_server.url)
    personne.goto("/suivi/")
    juger(personne, "temporaire-suivi-oui")
