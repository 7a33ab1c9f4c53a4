"""Ce qui se valide pour vrai : deux travailleurs à la fois, un relais tué, un courtier absent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from celery import Celery
from django.db import connection, connections, transaction

from correspondance import actes, regles, relais
from correspondance.models import BacCourrier, Canal, Envoi, Lettre
from socle import horloge
from tests.correspondance.conftest import ICI, MARDI

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("resemer")]


RELAIS_TUE = """
import django; django.setup()
from datetime import datetime
from django.conf import settings
from socle import horloge
settings.CORRESPONDANCE_FOURNISSEURS = {{"poste": "{ici}.TueApres"}}
with horloge.figer(datetime.fromisoformat("{instant}")):
    from correspondance import relais
    relais.relayer()
"""


def test_une_lettre_ne_se_prepare_que_dans_une_transaction(dossier, personne, modele):
    with pytest.raises(transaction.TransactionManagementError):
        actes.preparer_lettre("essai", dossier=dossier, destinataire=personne, cause=dossier, contenu={})
    assert not Lettre.objects.exists()


def test_f03_le_courtier_en_panne_ne_change_rien(preparer, caplog, monkeypatch):
    en_panne = Celery("en_panne", broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(actes, "current_app", SimpleNamespace(send_task=en_panne.send_task))
    depart = time.monotonic()
    lettre = preparer()
    assert time.monotonic() - depart < 1
    assert actes._reveil.acquire(timeout=30)
    actes._reveil.release()
    assert "relais non réveillé" in caplog.text
    assert Lettre.objects.filter(pk=lettre.pk).exists()


def test_deux_relais_se_partagent_la_boite_sans_doublon(preparer):
    for version in range(1, 13):
        actes.emettre(preparer(version=version))
    total, barriere, lots = Envoi.objects.count(), threading.Barrier(2), []

    def un_relais():
        try:
            with horloge.figer(MARDI):
                barriere.wait(10)
                while lot := relais.reserver(3):
                    lots.append([envoi.pk for envoi in lot])
        finally:
            connections.close_all()

    fils = [threading.Thread(target=un_relais) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    pris = [pk for lot in lots for pk in lot]
    assert len(pris) == len(set(pris)) == total


def test_deux_travailleurs_emettent_la_meme_lettre_une_fois(preparer):
    lettre, barriere, issues = preparer(), threading.Barrier(2), []

    def un_travailleur():
        try:
            with horloge.figer(MARDI):
                barriere.wait(10)
                issues.append(actes.emettre(Lettre.objects.get(pk=lettre.pk)))
        finally:
            connections.close_all()

    fils = [threading.Thread(target=un_travailleur) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(issues) == [False, True]
    assert Envoi.objects.filter(lettre=lettre, canal=Canal.POSTE).count() == 1


def test_f01_tue_entre_l_impression_et_la_note_une_seule_lettre(preparer):
    lettre = preparer()
    actes.emettre(lettre)
    lettre.envois.exclude(canal=Canal.POSTE).update(etat=Envoi.Etat.ECHEC, prochain_essai_le=None)
    base = connection.settings_dict
    # Le serveur embarqué n'écoute que sur une prise du système de fichiers.
    adresse = f"postgres://{base['USER']}:{base['PASSWORD']}@/{base['NAME']}?host={base['HOST']}&port={base['PORT']}"
    fini = subprocess.run(
        [sys.executable, "-c", RELAIS_TUE.format(ici=ICI, instant=MARDI.isoformat())],
        env={**os.environ, "DATABASE_URL": adresse, "DJANGO_SETTINGS_MODULE": "cse.reglages.essai", "PYTHONPATH": "."},
        check=False,
        timeout=60,
    )
    assert fini.returncode == -signal.SIGKILL
    envoi = lettre.envois.get(canal=Canal.POSTE)
    assert envoi.etat == Envoi.Etat.EN_COURS
    assert BacCourrier.objects.count() == 1
    with horloge.figer(MARDI + regles.BAIL):
        assert relais.relayer() == 1
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.essais) == (Envoi.Etat.REMIS, 2)
    assert BacCourrier.objects.count() == 1
