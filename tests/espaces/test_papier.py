"""Saisir un SR-2100 papier : le refus de l'acte se lit près de la case à corriger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from formulaires.models import RapportMedical
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant):
        yield prete


def papier(scene: Scene, **change: str) -> dict[str, str]:
    """Un papier recopié en entier; sévère et six mois."""
    jour = horloge.aujourd_hui()
    return {
        "clinicien": scene["clinicien"].email or "",
        "signe_le_jour": str(jour.day),
        "signe_le_mois": str(jour.month),
        "signe_le_annee": str(jour.year),
        "diagnostic_0": "Discopathie dégénérative",
        "limitation_bouger": "grave",
        "duree_type": "mois",
        "duree_mois": "6",
        "contrainte": "severe",
        **change,
    }


def test_severe_et_moins_de_douze_mois_se_dit_pres_de_la_duree(scene: Scene) -> None:
    client = session(scene["agent"])
    adresse = f"/dossiers/{scene.dossier.reference}/sr2100-papier/"
    page = client.post(adresse, papier(scene))
    assert "12 mois ou plus" in page.context["form"].errors["duree_mois"][0]
    assert page.content.decode().count("Une contrainte sévère dure") == 2
    assert page.context["form"]["diagnostic_0"].value() == "Discopathie dégénérative"
    assert not RapportMedical.objects.exists()
    assert client.post(adresse, papier(scene, maintenir="on")).status_code == 302
    assert RapportMedical.objects.get().avertissements == ["duree_incoherente"]


def test_la_case_tel_quel_ne_parait_que_pour_une_duree_incoherente(scene: Scene) -> None:
    client = session(scene["agent"])
    adresse = f"/dossiers/{scene.dossier.reference}/sr2100-papier/"
    for change in ({"contrainte": "temporaire"}, {"duree_mois": "12"}, {"duree_type": "permanente"}):
        page = client.post(adresse, papier(scene, diagnostic_0="", **change))
        assert page.context["incoherent"] is False, change
    assert client.post(adresse, papier(scene, diagnostic_0="")).context["incoherent"] is True
