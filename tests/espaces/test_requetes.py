"""Chaque page d'un dossier lit la base un nombre constant de fois, quel que soit le nombre de lignes.

Le compte comprend tout : séance, personne, droits, ligne de consultation, points de reprise.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comptes.models import Compte, Role, Unite
from dossiers.models import Dossier
from dossiers.porte import executer
from journal.models import Entree
from referentiels.lecture import rechauffer
from socle import horloge
from tests import fabrique_csems as csems
from tests.dossiers import scene as agence

pytestmark = pytest.mark.django_db
PLAFOND = 15
# Au-delà du plafond, avec la raison; le nombre reste constant.
EXCEPTIONS = {
    "triage/": 16,  # la comparaison des rapports lit deux demandes en plus du sommaire
    "revision/": 18,  # la preuve entière (six sortes de documents), les observations et les entrevues à la fois
}


@pytest.fixture(autouse=True)
def _referentiels_frais(settings: Any) -> None:
    """Le jeton des référentiels se relit à intervalle fixe; il ne doit pas tomber au hasard dans un compte."""
    settings.REFERENTIELS_FRAICHEUR = 3600


def requetes(navigateur: Client, url: str) -> int:
    """Requêtes d'une lecture de la page, référentiels déjà en mémoire."""
    rechauffer()
    with CaptureQueriesContext(connection) as lues:
        reponse = navigateur.get(url)
    assert reponse.status_code == 200, (url, reponse.status_code, reponse.headers.get("Location"))
    return len(lues)


def grossir(dossier: Dossier, agent: Compte, fois: int) -> None:
    """Ajoute des lignes partout où une page en lit : pièces, messages, mandats, renseignements, consultations."""
    for rang in range(fois):
        executer("verser_piece", acteur=agent, dossier=dossier, nature="Autre document", titre=f"Note {rang}")
        executer("echanger", acteur=agent, dossier=dossier, a=dossier.prestataire, texte=f"Message {rang}")
        executer("consulter", acteur=agent, dossier=dossier, quoi="sommaire")
        intervenant = agence.compte(Role.INTERVENANT)
        executer(
            "proposer_mandat", acteur=intervenant, dossier=dossier, portees=["voir_etat"],
            jusqu_au=horloge.aujourd_hui() + timedelta(days=90),
        )  # fmt: skip


def verifier(qui: Compte, urls: tuple[str, ...], dossier: Dossier, agent: Compte) -> None:
    """Autant de requêtes à 2N qu'à N, et pas plus que le plafond, pour chacune de ces adresses."""
    navigateur = csems.client_de(qui)
    grossir(dossier, agent, 2)
    for url in urls:
        navigateur.get(url)  # la première page ouvre la séance
    avant = {url: requetes(navigateur, url) for url in urls}
    grossir(dossier, agent, 2)
    apres = {url: requetes(navigateur, url) for url in urls}
    assert apres == avant
    for url, nombre in apres.items():
        plafond = next((plus for fin, plus in EXCEPTIONS.items() if _exception(url, fin)), PLAFOND)
        assert nombre <= plafond, (url, nombre)


def _exception(url: str, fin: str) -> bool:
    return url.endswith(fin) if fin == "triage/" else url.startswith("/revision/") and url.count("/") == 3


def du_dossier(dossier: Dossier, *suites: str) -> tuple[str, ...]:
    """Adresses sous ce dossier."""
    return tuple(f"/dossiers/{dossier.reference}/{suite}" for suite in suites)


def test_pages_de_l_agent() -> None:
    scene = agence.monter()
    verifier(scene.agent, du_dossier(scene.dossier, "", "gestes/demander/"), scene.dossier, scene.agent)
    scene.jusqu_a_complete(diagnostics=[{"libelle": "Fibromyalgie", "principal": True}])
    onglets = du_dossier(
        scene.dossier, "", "pieces/", "echanges/", "lettres/", "historique/", "acces/", "triage/", "sr2105/",
        "sr2100/rapport/", "gestes/confirmer-mandat/",
    )  # fmt: skip
    verifier(scene.agent, (*onglets, "/travail/"), scene.dossier, scene.agent)


def test_pages_de_la_personne_du_clinicien_et_du_chef() -> None:
    scene = agence.monter()
    suivi = ("", "lettres/", "documents/", "lectures/", "personnes-ressources/", "autorisations/", "clinicien/")
    adresses = tuple(f"/suivi/{page}" for page in suivi)
    verifier(scene.dossier.prestataire, adresses, scene.dossier, scene.agent)
    scene.jusqu_a_complete()
    verifier(scene.dossier.prestataire, adresses, scene.dossier, scene.agent)
    clinique = ("/clinique/", f"/clinique/dossiers/{scene.dossier.reference}/")
    verifier(scene.clinicien, clinique, scene.dossier, scene.agent)
    chef = agence.compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)
    verifier(chef, ("/equipe/", "/equipe/dossiers/", *du_dossier(scene.dossier, "")), scene.dossier, scene.agent)


def test_pages_de_la_personne_ressource() -> None:
    scene = agence.monter()
    ressource = agence.compte(Role.INTERVENANT)
    jusqu_au = horloge.aujourd_hui() + timedelta(days=60)
    scene.jouer("proposer_mandat", par=ressource, portees=["voir_etat", "repondre"], jusqu_au=jusqu_au)
    scene.jouer("confirmer_mandat", par=scene.dossier.prestataire)
    adresses = ("/organisme/", f"/organisme/dossiers/{scene.dossier.reference}/")
    verifier(ressource, adresses, scene.dossier, scene.agent)


def test_pages_du_centre_d_evaluation() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.pris(equipe)
    verifier(
        equipe.medecin,
        ("/evaluation/", *du_dossier(dossier, "", "evaluation/", "evaluation/renseignement/")),
        dossier,
        equipe.agent,
    )
    csems.avis(equipe.medecin, dossier)
    csems.avis(equipe.specialiste, dossier)
    verifier(equipe.medecin, du_dossier(dossier, "evaluation/", "concertation/"), dossier, equipe.agent)


def test_pages_de_la_decision() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.a_signer(equipe)
    verifier(equipe.medecin, du_dossier(dossier, "decision/"), dossier, equipe.agent)


def test_pages_de_la_revision() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.recevable(equipe)
    ici = f"/revision/{dossier.reference}/"
    verifier(equipe.medecin_drra, ("/revision/", ici, f"{ici}entrevue/"), dossier, equipe.agent)
    verifier(dossier.prestataire, ("/suivi/",), dossier, equipe.agent)


def test_une_page_ouverte_laisse_une_seule_ligne_par_chose_lue() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.pris(equipe)
    lignes = Entree.objects.filter(dossier=dossier, acteur=equipe.medecin, nature=Entree.Nature.CONSULTATION)
    assert csems.client_de(equipe.medecin).get(f"/dossiers/{dossier.reference}/").status_code == 200
    assert [ligne.details for ligne in lignes] == [{"quoi": "sommaire"}]
    assert csems.client_de(equipe.medecin).get(f"/dossiers/{dossier.reference}/evaluation/").status_code == 200
    assert sorted(ligne.details["quoi"] for ligne in lignes.all()) == ["avis", "sommaire", "sr2100"]
    assert {(ligne.etat, ligne.role) for ligne in lignes.all()} == {("en_evaluation", equipe.medecin.role)}
