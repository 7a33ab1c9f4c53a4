"""La démonstration dit chaque panne prévisible en une phrase, et le travail intégré travaille."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cse.demarrage import demonstration
from cse.demarrage.demonstration import DemonstrationImpossible

RACINE = Path(__file__).resolve().parent.parent.parent
TRAVAIL = """
import os, sys, threading, time
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "cse.reglages.essai"
django.setup()
from cse.celery import application
from cse.demarrage.travail import TravailIntegre
faites = []
@application.task(name="essai.noter")
def noter(valeur):
    faites.append((valeur, threading.current_thread() is threading.main_thread()))
application.conf.beat_schedule = {"battre": {"task": "essai.noter", "schedule": 0.2, "args": ["horloge"]}}
application.conf.beat_schedule_filename = sys.argv[1]
travail = TravailIntegre(application)
travail.demarrer()
noter.delay("vue")
limite = time.monotonic() + 20
while {valeur for valeur, _ in faites} != {"vue", "horloge"} and time.monotonic() < limite:
    time.sleep(0.05)
travail.arreter()
print(sorted(set(faites)), travail.fil.is_alive())
"""


def test_un_port_pris_se_dit() -> None:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]
        with pytest.raises(DemonstrationImpossible, match=f"le port {port} de 127.0.0.1 est pris"):
            demonstration.verifier_port("127.0.0.1", port)
    demonstration.verifier_port("127.0.0.1", port)


def test_un_port_impossible_se_dit() -> None:
    with pytest.raises(DemonstrationImpossible, match="PORT=8000"):
        demonstration.verifier_port("127.0.0.1", 99999)


def test_un_disque_plein_se_dit(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DONNEES = tmp_path
    demonstration.verifier_disque()
    monkeypatch.setattr(demonstration, "ESPACE_MINIMAL", 2**62)
    with pytest.raises(DemonstrationImpossible, match="presque plein"):
        demonstration.verifier_disque()


def test_un_dossier_interdit_se_dit(settings, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    settings.DONNEES = tmp_path / "fichier" / "dessous"
    with pytest.raises(DemonstrationImpossible, match="ne peut pas être créé"):
        demonstration.verifier_disque()


def test_hors_de_la_demonstration_elle_refuse() -> None:
    with pytest.raises(CommandError, match="ne sert que sous les réglages"):
        call_command("demo")


def test_une_base_injoignable_se_dit(tmp_path: Path) -> None:
    fini = subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", "0"],
        cwd=RACINE,
        env={
            "PATH": "/usr/bin:/bin",
            "DONNEES": str(tmp_path),
            "DATABASE_URL": "postgres://x:y@127.0.0.1:9/rien",
            "DJANGO_SETTINGS_MODULE": "cse.reglages.demonstration",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert fini.returncode == 1
    assert "la base de données ne répond pas à 127.0.0.1:9" in fini.stderr
    assert "Traceback" not in fini.stderr


def test_le_travail_integre_execute_et_bat(tmp_path: Path) -> None:
    fini = subprocess.run(
        [sys.executable, "-c", TRAVAIL, str(tmp_path / "horaire")],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert fini.stdout.strip() == "[('horloge', False), ('vue', False)] False", fini.stderr
