"""De la quarantaine à la copie : ni verrou, ni double jugement, ni pièce perdue; l'original s'efface à son heure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from comptes.lecture import compte_systeme
from comptes.models import Compte
from dossiers.actes.pieces import tenir_analyse
from dossiers.analyse import analyseur, copie
from dossiers.models import Piece
from dossiers.tasks import purger_quarantaine, verifier_piece, verifier_pieces
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.dossiers.scene import Scene, monter
from tests.epreuves import fichiers
from tests.epreuves.depots import deposer, servis

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("resemer")
def test_l_analyse_ne_tient_ni_transaction_ni_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = monter()
    piece = deposer(scene, fichiers.pdf())
    vus: list[bool] = []
    vrai = copie.refaire

    def observer(*arguments: Any) -> None:
        vus.append(connection.in_atomic_block)
        scene.jouer("verser_piece", nature="Autre document", titre="Pendant l'analyse")
        vrai(*arguments)

    monkeypatch.setattr(copie, "refaire", observer)
    assert verifier_piece(piece.pk)
    assert vus == [False]


def test_deux_travailleurs_ne_jugent_pas_deux_fois(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = deposer(scene, fichiers.pdf())
    vrai = analyseur.analyser
    seconds: list[bool] = []

    def pendant(visee: Piece) -> analyseur.Issue:
        seconds.append(verifier_piece(piece.pk))
        return vrai(visee)

    monkeypatch.setattr(analyseur, "analyser", pendant)
    assert verifier_piece(piece.pk)
    assert seconds == [False]
    assert not Entree.objects.filter(acte="juger_piece", nature=Entree.Nature.TENTATIVE).exists()


def test_un_travailleur_mort_ne_retient_pas_la_piece(scene: Scene) -> None:
    piece = deposer(scene, fichiers.pdf())
    assert tenir_analyse(piece.pk)
    assert verifier_pieces() == 0
    with horloge.figer(horloge.maintenant() + timedelta(minutes=4)):
        assert verifier_pieces() == 1


def test_un_fichier_qui_echoue_n_affame_pas_les_autres(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    mauvaise, bonne = deposer(scene, fichiers.pdf()), deposer(scene, fichiers.pdf(2))
    mauvaise.original.storage.delete(str(mauvaise.original.name))
    monkeypatch.setattr("dossiers.tasks.LOT", 1)
    assert verifier_pieces() == 0
    assert verifier_pieces() == 1
    bonne.refresh_from_db()
    assert bonne.verification == "recue"


def test_l_original_s_efface_apres_sa_garde(scene: Scene, django_capture_on_commit_callbacks: Any) -> None:
    recue, attend = deposer(scene, fichiers.pdf()), deposer(scene, fichiers.pdf(2))
    assert verifier_piece(recue.pk)
    recue.refresh_from_db()
    nom, quarantaine = str(recue.original.name), recue.original.storage
    with horloge.figer(horloge.maintenant() + timedelta(days=29)):
        assert purger_quarantaine() == 0
    with horloge.figer(horloge.maintenant() + timedelta(days=31)):
        assert quarantaine.exists(nom)
        with django_capture_on_commit_callbacks(execute=True):
            assert purger_quarantaine() == 1
        assert not quarantaine.exists(nom)
        assert purger_quarantaine() == 0
    recue.refresh_from_db()
    attend.refresh_from_db()
    assert not recue.original
    assert attend.original, "un fichier qui attend encore ne s'efface jamais"
    assert servis(scene, recue)
    assert Entree.objects.filter(acte="effacer_original").count() == 1


def test_seul_le_systeme_juge_une_piece(scene: Scene) -> None:
    piece, systeme = deposer(scene, fichiers.pdf()), compte_systeme()

    def refus(acte: str, par: Compte | None = None, **donnees: str) -> str:
        donnees_de_l_acte: dict[str, Any] = {"piece": piece.pk, **donnees}
        with pytest.raises(Refus) as leve:
            scene.jouer(acte, par, **donnees_de_l_acte)
        return leve.value.code

    assert refus("juger_piece", raison="x") == "acces_refuse"
    assert refus("effacer_original") == "acces_refuse"
    assert refus("juger_piece", systeme) == "champ_manquant"
    assert refus("effacer_original", systeme) == "etat_interdit"
    assert verifier_piece(piece.pk)
    assert refus("juger_piece", systeme, raison="x") == "etat_interdit"
