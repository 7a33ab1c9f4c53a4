"""Évaluer, ne pas s'accorder, décider, lire et réviser dans Chromium, au clavier seul, avec puis sans JavaScript."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from comptes.models import Compte, Role
from socle import horloge
from tests.fabriques import Scene
from tests.parcours.clavier import AuClavier
from tests.parcours.desaccord import Desaccord
from tests.parcours.visite import Releve

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
SANS_SOURIS = """<!doctype html><html lang="fr-CA"><title>Essai</title><style>.nu:focus { outline: none }</style>
<main><h1>Essai</h1><a href="#ici">Un lien</a><button class="nu">Sans marque</button>
<div role="button">À la souris seulement</div></main>"""


def test_la_visite_au_clavier_voit_ce_qui_lui_echappe(browser: Browser) -> None:
    """Un élément hors d'atteinte arrête la visite; un foyer qui ne se voit pas est une faute."""
    releve = Releve()
    qui = Compte.objects.create_user("essai@exemple.invalid", role=Role.AGENT)
    visite = AuClavier(browser, "essai", "http://localhost", releve, qui)
    visite.page.set_content(SANS_SOURIS)
    visite.aller(visite.page.get_by_role("link", name="Un lien"))
    assert releve.fautes == []
    visite.aller(visite.page.get_by_role("button", name="Sans marque"))
    assert ["foyer sans marque de foyer" in faute for faute in releve.fautes] == [True]
    visite.aller(visite.page.get_by_role("link", name="Un lien"), "Shift+Tab")
    with pytest.raises(AssertionError, match="ne s'atteint pas"):
        visite.aller(visite.page.get_by_role("button", name="À la souris seulement"))
    visite.contexte.close()


@pytest.mark.parametrize(
    "avec_script",
    [pytest.param(True, id="avec-javascript"), pytest.param(False, id="sans-javascript", marks=pytest.mark.lent)],
)
def test_du_desaccord_a_la_revision_au_clavier_seul(browser: Browser, live_server: Any, avec_script: bool) -> None:
    releve = Releve(avec_script=avec_script)
    scene = Scene(instant=horloge.maintenant() - timedelta(hours=1)).transmise()
    histoire = Desaccord(browser, live_server.url, releve, scene)
    try:
        histoire.jouer()
    finally:
        # Les fautes de page se lisent même quand l'histoire s'arrête en chemin.
        sys.stdout.write("\n".join([*dict.fromkeys(releve.fautes), f"{histoire.tabulations} tabulations"]))
        histoire.fermer()
    assert not releve.fautes
