"""Signer une reconnaissance évidente : ce que la règle sait est proposé, la lettre se relit sous un seul titre."""

from __future__ import annotations

from datetime import date

import pytest

from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
CANCER = {**RAPPORT, "diagnostics": [{"libelle": "Cancer du sein en chimiothérapie", "principal": True}]}


def test_la_date_de_reexamen_vient_de_la_liste() -> None:
    scene = Scene().complete(CANCER)
    scene.joue("agent", "reconnaitre_evident", diagnostic="DEMO-04")
    adresse = f"/dossiers/{scene.dossier.reference}/signer/"
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        formulaire = client.get(adresse).context["form"]
        assert formulaire["reexamen_le"].initial == date(2027, 2, 2)
        envoi = {
            f"{nom}_{part}": str(getattr(jour, attribut))
            for nom, jour in (("date_effet", date(2026, 2, 2)), ("reexamen_le", date(2027, 2, 2)))
            for part, attribut in (("jour", "day"), ("mois", "month"), ("annee", "year"))
        }
        page = client.post(adresse, {**envoi, "justification_date": "Date de la demande."}).content.decode()
    assert "La lettre dira ceci" in page
    assert (page.count("<h1"), page.count('<h2 class="resultat"')) == (1, 1)


def test_sans_reexamen_prevu_rien_n_est_propose() -> None:
    scene = Scene().evidente_a_signer()
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        formulaire = client.get(f"/dossiers/{scene.dossier.reference}/signer/").context["form"]
    assert formulaire["reexamen_le"].initial is None
