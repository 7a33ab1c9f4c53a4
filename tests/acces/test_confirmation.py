"""La confirmation d'identité ne passe jamais avant l'accès : qui ne peut entrer reçoit 404, pas une question.

Les vues gardées se trouvent en lisant le code, non dans une liste : une vue neuve est éprouvée sans y penser.
Source : `conception.md` §5; `epreuves.md` A01, S01.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from dossiers.etats import Etat
from socle import horloge
from tests.acces import scenes
from tests.acces.table import PREFIXES, TABLE
from tests.acces.test_matrice_urls import Visiteur, _adresses, cibles, juger
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
GARDES = {"reauthentification_exigee", "reauthentification_a_l_envoi"}
DEHORS = (
    "prestataire", "agent_ailleurs", "chef_csems", "medecin2", "reviseur", "clinicien_ailleurs", "mandat_etroit",
    "administrateur",
)  # fmt: skip


def _noms(noeuds: list[Any]) -> set[str]:
    return {un.id for noeud in noeuds for un in ast.walk(noeud) if isinstance(un, ast.Name)}


def _gardees(source: str) -> tuple[set[str], set[str]]:
    """(fonctions gardées, fonctions qui en appellent une) d'un module, de proche en proche."""
    fonctions = {un.name: un for un in ast.parse(source).body if isinstance(un, ast.FunctionDef)}
    directes = {nom for nom, une in fonctions.items() if _noms(une.decorator_list) & GARDES}
    atteintes, avant = set(directes), -1
    while len(atteintes) != avant:
        avant = len(atteintes)
        atteintes |= {nom for nom, une in fonctions.items() if _noms(list(une.body)) & atteintes}
    return directes, atteintes


def _vues() -> Iterator[tuple[str, bool, bool]]:
    """(nom d'adresse, la vue est elle-même gardée, la vue mène à une fonction gardée)."""
    for adresse, chemin in _adresses(get_resolver()):
        if chemin.startswith(tuple(PREFIXES)):
            continue
        vue = inspect.unwrap(adresse.callback)
        module = inspect.getmodule(vue)
        assert module is not None
        directes, atteintes = _gardees(inspect.getsource(module))
        yield str(adresse.name), vue.__name__ in directes, vue.__name__ in atteintes


def test_aucune_adresse_ne_mene_droit_a_une_vue_gardee() -> None:
    assert [nom for nom, gardee, _ in _vues() if gardee] == []


def test_la_table_nomme_chaque_vue_gardee() -> None:
    trouvees = {nom for nom, _, mene in _vues() if mene}
    assert len(trouvees) >= 12
    assert {nom for nom, regle in TABLE.items() if regle.confirme} == trouvees


@pytest.fixture(scope="module")
def jeu(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with scenes.base_ouverte(django_db_blocker):
        yield scenes.construire(Etat.EN_EVALUATION)


@pytest.mark.parametrize("cle", DEHORS)
def test_sans_acces_rien_n_est_demande(jeu: Scene, cle: str) -> None:
    """Sans confirmation fraîche, GET et POST d'une personne sans droit : 404, comme l'inexistant."""
    demandees, ecarts = 0, []
    with horloge.figer(jeu.instant):
        visiteur = Visiteur(jeu, cle)
        for cible in [une for une in cibles(jeu) if une.regle.confirme and not visiteur.permis(une)]:
            for methode in cible.regle.methodes:
                demandees += 1
                if ecart := juger(visiteur, cible, methode):
                    ecarts.append(f"{methode} {cible.chemin} : {ecart}")
    assert demandees
    assert not ecarts, "\n".join(ecarts)
