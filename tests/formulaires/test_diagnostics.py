"""Chercher un code à la page « Diagnostics », sans JavaScript et par l'adresse qui sert la saisie."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from formulaires.models import Brouillon
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import adresse, session
from tests.referentiels.codes_fictifs import charger

pytestmark = pytest.mark.django_db
CODES = "/codes-de-diagnostic/"
ECRIT = {
    "principal": "2",
    "libelle_1": "lombalgi",
    "libelle_2": "Autre chose d'écrit",
    "code_2": "A00",
    "effet_cumulatif": "on",
    "version": "0",
}


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        charger()
        yield prete


def chercher(scene: Scene, **envoi: str) -> Any:
    return session(scene["clinicien"]).post(adresse(scene, "diagnostics/"), {**ECRIT, **envoi})


def test_chercher_propose_et_garde_tout(scene: Scene) -> None:
    page = chercher(scene, chercher="1")
    texte = page.content.decode()
    assert page.status_code == 200
    assert "1 code pour « lombalgi »" in texte
    assert 'name="choisir" value="1:Q11.0"' in texte
    assert 'value="lombalgi"' in texte
    assert 'value="Autre chose d&#x27;écrit"' in texte
    assert 'value="2" id="id_principal_1" checked' in texte
    assert re.search(r'id="id_effet_cumulatif"[^>]* checked', texte)
    assert "Erreur" not in texte
    assert not Brouillon.objects.exists()


def test_choisir_remplit_la_ligne_seule(scene: Scene) -> None:
    page = chercher(scene, choisir="1:Q11.0")
    lignes = page.context["form"].rangees
    assert [(un["libelle"].value(), un["code"].value()) for un in lignes[:2]] == [
        ("Lombalgie d'essai", "Q11.0"),
        ("Autre chose d'écrit", "A00"),
    ]
    assert "Code choisi : <strong>Q11.0</strong>" in page.content.decode()
    assert page.context["form"]["version"].value() == "0"


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("xyzzyx", "Aucun code pour « xyzzyx ». Le texte libre suffit."),
        ("<script>x</script>", "« &lt;script&gt;x&lt;/script&gt; »"),
        ("", "Écrivez d&#x27;abord un nom"),
    ],
)
def test_rien_a_proposer_se_dit(scene: Scene, ecrit: str, attendu: str) -> None:
    texte = chercher(scene, chercher="3", libelle_3=ecrit).content.decode()
    assert attendu in texte.replace("d'abord", "d&#x27;abord")


def test_le_code_seul_se_cherche(scene: Scene) -> None:
    assert "3 codes pour « q10 »" in chercher(scene, chercher="4", code_4="q10").content.decode()


def test_sans_liste_le_texte_libre_suffit() -> None:
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        texte = chercher(prete, chercher="1").content.decode()
    assert "La liste des codes n'est pas installée. Le texte libre suffit." in texte


@pytest.mark.parametrize("envoi", [{"chercher": "7"}, {"chercher": "x"}, {"choisir": "9:Q10"}, {"choisir": ":"}])
def test_une_ligne_qui_n_existe_pas_est_un_envoi_ordinaire(scene: Scene, envoi: dict[str, str]) -> None:
    assert chercher(scene, **envoi).status_code == 302


def test_un_code_inconnu_choisi_ne_remplit_rien(scene: Scene) -> None:
    page = chercher(scene, choisir="1:ZZZ\x00")
    assert page.context["form"].rangees[0]["libelle"].value() == "lombalgi"


def test_un_texte_enorme_revient_en_entier(scene: Scene) -> None:
    page = chercher(scene, chercher="1", libelle_1="x" * 100_000)
    assert page.status_code == 200
    assert len(page.context["form"]["libelle_1"].value()) == 100_000


def test_l_adresse_propose_en_json_sans_rien_garder(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        reponse = session(scene["clinicien"]).post(CODES, {"texte": "lombaglie"})
    assert reponse.json() == {"codes": [{"code": "Q11.0", "libelle": "Lombalgie d'essai", "langue": "fr"}]}
    assert "no-store" in reponse.headers["Cache-Control"]
    assert not [ligne for ligne in caplog.records if ligne.name.startswith("django.request")]
    assert session(scene["agent"]).post(CODES, {"texte": "q11"}).json()["codes"][0]["code"] == "Q11.0"


@pytest.mark.parametrize("texte", [None, "", "\x00", "x" * 1_000_000, "' OR 1=1 --"])
def test_l_adresse_ne_casse_pas(scene: Scene, texte: str | None) -> None:
    reponse = session(scene["clinicien"]).post(CODES, {} if texte is None else {"texte": texte})
    assert reponse.json() == {"codes": []}


def test_l_adresse_est_fermee_aux_autres_et_au_get(scene: Scene) -> None:
    assert session(scene["prestataire"]).post(CODES, {"texte": "q1"}).status_code == 404
    assert session(scene["clinicien"]).get(CODES, {"texte": "lombalgie"}).status_code == 405
    assert Client().post(CODES, {"texte": "q1"}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene["clinicien"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(CODES, {"texte": "q1"}).status_code == 403
