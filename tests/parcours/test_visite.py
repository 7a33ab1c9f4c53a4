"""La visite voit vraiment les fautes : une page fautive les déclenche toutes, une page saine aucune."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.parcours.visite import Releve, Visite

pytestmark = pytest.mark.navigateur
SAINE = '<!doctype html><html lang="fr-CA"><title>Saine</title><main><h1>Saine</h1><p>Tout va bien.</p></main></html>'
FAUTIVE = """<!doctype html><html lang="en"><title></title><main><img src="data:,"><p>en_evaluation</p>
<div style="width: 700px">Trop large</div></main><script>console.error("panne"); absente();</script></html>"""


def test_chaque_faute_est_relevee(browser: Browser) -> None:
    releve = Releve()
    visite = Visite(browser, "essai", "", releve)
    visite.page.set_content(SAINE)
    visite.verifier()
    assert releve.fautes == []
    visite.page.set_content(FAUTIVE)
    visite.verifier()
    trouvees = "\n".join(releve.fautes)
    for attendue in (
        "aucun titre de premier niveau",
        "titre de fenêtre vide",
        "langue « en »",
        "code brut « en_evaluation »",
        "axe : image-alt",
        "déborde à 320 px",
        "console : panne",
        "erreur de script : absente is not defined",
    ):
        assert attendue in trouvees, attendue
