"""Un double clic simultané : le second envoi attend le premier, puis n'a pas d'effet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections

from comptes.models import Permis
from dossiers.actes.demandes import deposer_en_presence
from dossiers.models import Dossier
from dossiers.porte import DejaFait
from formulaires.actes.appels import noter_appel
from formulaires.models import AppelClinicien
from referentiels import lecture as referentiels
from socle import horloge
from tests.fabriques import DEPART, Scene

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("resemer")]


def a_deux(geste: Callable[[], Any]) -> list[Any]:
    """Joue le même geste dans deux fils partis ensemble; rend ce que chacun a rendu ou levé."""
    barriere, issues = threading.Barrier(2), []

    def jouer() -> None:
        try:
            with horloge.figer(DEPART):
                barriere.wait(10)
                issues.append(geste())
        except (DejaFait, DatabaseError) as erreur:
            issues.append(erreur)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=jouer) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return issues


def test_deux_depots_du_meme_envoi_n_en_font_qu_un() -> None:
    jeu = Scene()
    Permis.objects.filter(compte=jeu["clinicien"]).update(verifie_le=date(2025, 1, 1))
    envoi: dict[str, Any] = {
        "personne": {"prenom": "Zoé", "nom": "Inventée", "telephone": "", "adresse": ""},
        "identite": {"naissance": date(1979, 3, 4), "nam": "INVZ79530408", "region": "06"},
        "bureau_id": jeu.dossier.bureau_id,
        "cle": uuid4(),
    }
    issues = a_deux(lambda: deposer_en_presence(jeu["clinicien"], **envoi))
    assert {type(une) for une in issues} == {Dossier, DejaFait}
    assert Dossier.objects.filter(prestataire__nom="Inventée").count() == 1


def test_deux_appels_du_meme_envoi_n_en_font_qu_un() -> None:
    jeu, cle = Scene(), uuid4()
    sujet = referentiels.sujets_appel(DEPART.date())[0].code
    issues = a_deux(lambda: noter_appel(jeu["medecin"], qui="medecin", sujet=sujet, reponse="Dite.", cle=cle))
    assert [type(une) for une in issues] == [AppelClinicien, AppelClinicien]
    assert issues[0].pk == issues[1].pk
    assert AppelClinicien.objects.count() == 1
