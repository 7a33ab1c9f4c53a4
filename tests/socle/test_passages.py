"""Les travaux planifiés : chacun tenu, un à la fois, rejouable, repris après une panne; jamais un échec muet."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from cse.celery import application
from dossiers import tasks as dossiers
from dossiers.models import Alerte, Piece, Rappel, Relance, Tache
from referentiels import actes as referentiels
from referentiels import tasks as delais
from referentiels.models import DelaiHabituel
from socle import horloge, passages
from socle.models import Passage
from tests import services
from tests.dossiers.scene import client
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
MIDI = horloge.heure_locale(date(2026, 5, 4), 12)


@pytest.fixture(autouse=True)
def _toutes_les_taches() -> None:
    application.loader.import_default_modules()


def passage(nom: str) -> Passage:
    return Passage.objects.get(travail=nom)


# --- L'horaire ---------------------------------------------------------------------------------
def test_chaque_entree_de_l_horaire_est_tenue_a_la_meme_heure() -> None:
    prevues: dict[str, time | timedelta] = {}
    for entree in settings.CELERY_BEAT_SCHEDULE.values():
        quand: Any = entree["schedule"]
        if hasattr(quand, "hour"):
            (heure,), (minute,) = quand.hour, quand.minute
            prevues[entree["task"]] = time(heure, minute)
        else:
            prevues[entree["task"]] = timedelta(seconds=quand)
    assert {un.nom: un.a or un.chaque for un in passages.TRAVAUX.values()} == prevues


def test_l_administration_lit_chaque_travail() -> None:
    page = client(Scene()["administrateur"]).get(reverse("gestion_travaux")).content.decode()
    for un in passages.TRAVAUX.values():
        assert un.titre.replace("'", "&#x27;") in page


def test_les_travaux_du_jour_manques_se_rattrapent_une_fois() -> None:
    # La levée postale a son propre rattrapage, à sa date.
    attendus = {un.nom for un in passages.TRAVAUX.values() if un.a is not None} - {"correspondance.lot_postal"}
    with horloge.figer(MIDI):
        assert {un.nom for un in passages.a_rattraper()} == attendus
        assert passages.rattraper() == len(attendus)
        assert passages.rattraper() == 0
    assert {un.travail: un.executions for un in Passage.objects.all()} == dict.fromkeys(attendus, 1)


def test_les_travaux_du_jour_rejoues_ne_doublent_rien() -> None:
    scene = Scene().en_revision()
    autre = Scene().a_completer()
    instant = max(scene.instant, autre.instant) + timedelta(days=40)

    def comptes() -> dict[str, int]:
        modeles = (Alerte, Tache, Rappel, Relance, DelaiHabituel, Piece)
        return {un.__name__: un.objects.count() for un in modeles}

    with horloge.figer(instant):
        for un in passages.TRAVAUX.values():
            if un.a is not None:
                un.fonction()
        apres = comptes()
        for un in passages.TRAVAUX.values():
            if un.a is not None:
                un.fonction()
        assert comptes() == apres
    assert apres["Alerte"]
    assert apres["Relance"]


# --- Un seul à la fois -------------------------------------------------------------------------
def test_un_travail_deja_en_cours_ailleurs_ne_se_joue_pas() -> None:
    reglages = connection.settings_dict
    adresse = {
        "host": reglages["HOST"], "port": reglages["PORT"], "user": reglages["USER"],
        "password": reglages["PASSWORD"], "dbname": reglages["NAME"],
    }  # fmt: skip
    with psycopg.connect(**{nom: valeur for nom, valeur in adresse.items() if valeur}) as ailleurs:
        ailleurs.execute("SELECT pg_advisory_lock(hashtextextended('travail:dossiers.constater_echeances', 0))")
        assert dossiers.constater_echeances() is None
        assert not Passage.objects.exists()
        ailleurs.execute("SELECT pg_advisory_unlock_all()")
    assert dossiers.constater_echeances() == 0
    assert passage("dossiers.constater_echeances").erreurs == 0


# --- Un échec se voit, et n'arrête pas la suite ------------------------------------------------
def test_un_antivirus_muet_est_un_echec_du_travail(settings: Any) -> None:
    settings.CLAMD_URL = f"tcp://127.0.0.1:{services.port_libre()}"
    scene = Scene().deposee()
    scene.joue("agent", "verser_piece", nature="Autre document", titre="Billet", fichier=ContentFile(b"%PDF-", "a.pdf"))
    assert dossiers.verifier_pieces() == 0
    (echec,) = passage("dossiers.verifier_pieces").echecs
    assert echec == {"objet": "antivirus", "erreur": "AntivirusMuet"}


def test_un_original_qui_resiste_n_arrete_pas_la_purge(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene().deposee()
    pieces = [
        scene.joue("agent", "verser_piece", nature="Autre document", titre=titre) for titre in ("Premier", "Second")
    ]
    for rang, piece in enumerate(pieces):
        Piece.objects.filter(pk=piece.pk).update(original=f"essai/{rang}", verification=Piece.Verification.RECUE)
    vrai = dossiers.executer

    def parfois(acte: str, **suite: Any) -> Any:
        if suite["piece"] == pieces[0].pk:
            raise OSError("disque")
        return vrai(acte, **suite)

    monkeypatch.setattr(dossiers, "executer", parfois)
    with horloge.figer(scene.instant + timedelta(days=40)):
        assert dossiers.purger_quarantaine() == 1
    (echec,) = passage("dossiers.purger_quarantaine").echecs
    assert echec == {"objet": f"{scene.dossier.reference} effacer_original", "erreur": "OSError"}
    assert list(Piece.objects.exclude(original="").values_list("pk", flat=True)) == [pieces[0].pk]


def test_une_mesure_en_echec_n_empeche_pas_les_autres_et_le_jour_se_refait(monkeypatch: pytest.MonkeyPatch) -> None:
    def casse(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(referentiels, "_calculs", [casse, lambda _du, _au: [("essai", [10] * 20)]])
    with horloge.figer(MIDI):
        assert delais.calculer_delais() == 1
        assert delais.calculer_delais() == 1
    assert DelaiHabituel.objects.filter(etape="essai").count() == 1
    assert [un["erreur"] for un in passage("referentiels.calculer_delais").echecs] == ["ZeroDivisionError"]
    with horloge.figer(MIDI + timedelta(days=1)):
        delais.calculer_delais()
    assert DelaiHabituel.objects.filter(etape="essai").count() == 2
