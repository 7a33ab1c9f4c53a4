"""Une nouvelle demande ouverte ne ferme rien du recours : révision, observations, Tribunal, ce qui a changé.

Source : `cas/LISEZMOI.md`, « Révision » (les actes jouent même si une nouvelle demande est ouverte).
"""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.etats import Etat
from dossiers.models import Demande
from revision.models import Observation, RecoursTAQ, Revision
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


def _page(client: Any, url: str) -> str:
    reponse = client.get(url)
    assert reponse.status_code == 200, (url, reponse.headers.get("Location"))
    texte: str = reponse.content.decode().replace("&#x27;", "'")
    return texte


def test_la_revision_se_demande_encore() -> None:
    scene = Scene().emise()
    scene.attendre(days=3)
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    with horloge.figer(scene.instant):
        personne = session(scene["prestataire"])
        assert "/suivi/que-faire/" in _page(personne, "/suivi/")
        choisir = _page(personne, "/suivi/que-faire/")
        assert "déjà reçue et étudiée" in choisir
        assert 'href="/suivi/revision/"' in choisir
        assert 'href="/suivi/demande/"' not in choisir
        agent = session(scene["agent"])
        assert "nouvelle-ou-revision/" in _page(agent, f"/dossiers/{scene.dossier.reference}/")
        dit = _page(agent, f"/dossiers/{scene.dossier.reference}/nouvelle-ou-revision/")
        assert "gestes/demander-revision/" in dit
        assert "gestes/deposer/" not in dit
        assert "Dernier jour" in _page(personne, "/suivi/revision/")
        envoi = {"etape": "verifier", "desaccord": "Je conteste.", "raisons": ""}
        assert personne.post("/suivi/revision/", envoi).status_code == 302
        assert Revision.objects.get().demande.rang == 1
        assert scene.demande.rang == 2
        assert "/suivi/revision/observations/" in _page(personne, "/suivi/")
        _page(personne, "/suivi/revision/delai/")
        _page(personne, "/suivi/revision/observations/")
        assert personne.post("/suivi/revision/observations/", {"texte": "Un fait de plus."}).status_code == 302
    assert Observation.objects.get().revision == Revision.objects.get()


def test_la_revision_rendue_se_lit_et_le_tribunal_se_saisit() -> None:
    """La demande déposée pendant la révision s'ouvre quand elle est rendue : elle devient la courante."""
    scene = Scene().en_revision()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    for qui in ("reviseur", "reviseuse"):
        scene.joue(qui, "rendre_revision", issue="confirmee")
    scene.joue("systeme", "emettre_lettres")
    assert scene.demande.rang == 2
    with horloge.figer(scene.instant):
        personne = session(scene["prestataire"])
        accueil = _page(personne, "/suivi/")
        assert "Voir ce qui a changé" in accueil
        assert "/suivi/tribunal/" in accueil
        assert "La décision ne change pas" in _page(personne, "/suivi/revision/ce-qui-a-change/")
        qualite = _page(session(scene["chef_drra"]), f"/equipe/{scene.dossier.reference}/ce-qui-a-change/")
        assert "La décision ne change pas" in qualite
        _page(personne, "/suivi/tribunal/")
        assert personne.post("/suivi/tribunal/", {"texte": "Je vais au Tribunal."}).status_code == 302
    assert RecoursTAQ.objects.get().demande.rang == 1
    assert Demande.objects.get(dossier=scene.dossier, rang=1).etat == Etat.DEVANT_TAQ
