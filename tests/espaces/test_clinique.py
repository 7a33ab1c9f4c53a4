"""La liste de la clinique : trois groupes, l'issue seulement si la personne y consent encore."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptes.models import Compte
from journal.models import Entree
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session
from tests.outils_requetes import requetes

pytestmark = pytest.mark.django_db


def noms(page: Any) -> list[str]:
    """Références des rangées montrées."""
    return [rangee.cellules[0].reference for groupe in page.context["tableau"].groupes for rangee in groupe.rangees]


def lire(scene: Scene, cle: str, vue: str) -> list[str]:
    with horloge.figer(scene.instant):
        return noms(session(scene[cle]).get(f"/clinique/?vue={vue}"))


def test_un_dossier_passe_d_un_groupe_a_l_autre() -> None:
    scene = Scene().deposee()
    une = [scene.dossier.reference]
    assert lire(scene, "clinicien", "a-remplir") == une
    assert lire(scene, "clinicien_ailleurs", "a-remplir") == []
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    assert (lire(scene, "clinicien", "a-remplir"), lire(scene, "clinicien", "termines")) == ([], une)
    scene.joue("agent", "demander_renseignement", elements=["duree_limitations"], a=scene["clinicien"])
    assert (lire(scene, "clinicien", "a-completer"), lire(scene, "clinicien", "termines")) == (une, [])


def test_invite_sans_consentement_le_dossier_disparait() -> None:
    scene = Scene().deposee()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert lire(scene, "clinicien", "a-remplir") == []
    with horloge.figer(scene.instant):
        reponse = session(scene["clinicien"]).get(f"/clinique/dossiers/{scene.dossier.reference}/")
    assert reponse.status_code == 404


def test_l_issue_se_lit_a_l_emission_et_tant_que_le_consentement_vit() -> None:
    scene = Scene().decidee()
    adresse = f"/clinique/dossiers/{scene.dossier.reference}/retour/"

    def statut(cle: str = "clinicien") -> int:
        with horloge.figer(scene.instant):
            return session(scene[cle]).get(adresse).status_code

    assert statut() == 404
    scene.joue("systeme", "emettre_lettres")
    with horloge.figer(scene.instant):
        page = session(scene["clinicien"]).get(adresse)
    texte = page.content.decode()
    assert "ne sont pas reconnues" in texte
    assert page.context["retours"][0]["manque"][0].exemple in texte.replace("&#x27;", "'")
    assert Entree.objects.filter(nature="consultation", details__quoi="retour", acteur=scene["clinicien"]).exists()
    assert statut("clinicien_ailleurs") == 404
    scene.joue("prestataire", "retirer_consentement", objet="communiquer_decision_clinicien")
    assert statut() == 404


@pytest.mark.parametrize("cle", ["prestataire", "agent", "medecin", "ressource", "chef_bureau", "administrateur"])
def test_la_clinique_est_fermee_aux_autres(cle: str) -> None:
    scene = Scene().deposee()
    client = session(scene[cle])
    assert client.get("/clinique/").status_code == 404
    assert client.get(f"/clinique/dossiers/{scene.dossier.reference}/").status_code == 404


def _requetes(compte: Compte, vue: str) -> int:
    client = session(compte)
    client.get(f"/clinique/?vue={vue}")
    return requetes(client, f"/clinique/?vue={vue}")


@pytest.mark.parametrize("vue", ["a-remplir", "a-completer", "termines"])
def test_le_nombre_de_requetes_ne_suit_pas_celui_des_dossiers(vue: str) -> None:
    premiere = Scene().deposee()
    clinicien = premiere["clinicien"]

    def ajouter() -> None:
        scene = Scene()
        scene.personnes["clinicien"] = clinicien
        scene.deposee()
        if vue != "a-remplir":
            scene.joue("clinicien", "signer_sr2100", **RAPPORT)
        if vue == "a-completer":
            scene.joue("agent", "demander_renseignement", elements=["duree_limitations"], a=clinicien)

    with horloge.figer(premiere.instant + timedelta(hours=1)):
        for _ in range(2):
            ajouter()
        a_deux = _requetes(clinicien, vue)
        for _ in range(2):
            ajouter()
        assert _requetes(clinicien, vue) == a_deux <= 15
