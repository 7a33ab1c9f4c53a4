"""La liste des codes de la démonstration : chargée une fois, jamais indispensable."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import pytest
from django.core.management import CommandError

from cse.demarrage import demonstration
from outils import preparer
from referentiels.sources_codes import PAQUET
from tests.referentiels.codes_fictifs import charger

pytestmark = pytest.mark.django_db


def compter(monkeypatch: pytest.MonkeyPatch, erreur: Exception | None = None) -> list[str]:
    """Compte les chargements sans les faire."""
    appels: list[str] = []

    def appeler(nom: str, **options: Any) -> None:
        appels.append(nom)
        if erreur:
            raise erreur

    monkeypatch.setattr(demonstration, "call_command", appeler)
    return appels


def test_sans_le_paquet_la_demonstration_demarre(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent(nom: str) -> str:
        raise metadata.PackageNotFoundError(nom)

    monkeypatch.setattr(metadata, "version", absent)
    appels = compter(monkeypatch)
    demonstration.preparer_codes()
    assert appels == []
    assert "le texte libre suffit" in capsys.readouterr().out


def test_une_version_deja_chargee_ne_l_est_plus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda *_: "1.0")
    appels = compter(monkeypatch)
    demonstration.preparer_codes()
    assert appels == ["importer_codes"]
    charger(source=f"{PAQUET} 1.0, libellés")
    demonstration.preparer_codes()
    assert len(appels) == 1


def test_un_paquet_illisible_se_dit_sans_arreter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metadata, "version", lambda *_: "1.0")
    compter(monkeypatch, CommandError("illisible"))
    demonstration.preparer_codes()
    assert "impossible (illisible)" in capsys.readouterr().out


def test_sans_reseau_l_installation_se_dit_et_continue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preparer, "a_jour", lambda *_: False)
    monkeypatch.setattr(preparer, "executer", lambda *_, **__: False)
    preparer.preparer_codes()
    assert "le texte libre suffit" in capsys.readouterr().out
