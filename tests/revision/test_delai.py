"""Le délai demandé en révision : à venir, et pas plus long que la règle datée, de toute porte d'entrée."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from referentiels.regles import plus_mois
from revision import regles
from revision.models import Revision
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("jusqu_au", "permis"),
    [(date(2026, 3, 2), False), (date(2026, 3, 3), True), (date(2027, 3, 2), True), (date(2027, 3, 3), False)],
)
def test_le_delai_est_a_venir_et_borne(jusqu_au: date, permis: bool) -> None:
    assert regles.delai_permis(jusqu_au, date(2026, 3, 2), 12) is permis


def test_l_acte_borne_le_delai() -> None:
    scene = Scene().en_revision()
    limite = plus_mois(scene.instant.date(), 12)
    for fin in (scene.instant.date(), limite + timedelta(days=1), date(2062, 8, 1)):
        assert scene.refuse("prestataire", "demander_delai", jusqu_au=fin) == "champ_invalide"
    scene.joue("prestataire", "demander_delai", jusqu_au=limite)
    assert Revision.objects.get().delai_jusqu_au == limite


def test_l_agent_voit_la_limite_pres_du_champ() -> None:
    scene = Scene().en_revision()
    url = f"/dossiers/{scene.dossier.reference}/gestes/demander-delai/"
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        envoi = {"jusqu_au_jour": "1", "jusqu_au_mois": "8", "jusqu_au_annee": "2062"}
        reponse = client.post(url, envoi)
    assert reponse.status_code == 200
    assert "d'ici 12 mois au plus" in reponse.context["form"].errors["jusqu_au"][0]
    assert 'value="2062"' in reponse.content.decode()
    assert Revision.objects.get().delai_jusqu_au is None
