"""Les réglages refusent ce qui exposerait : on les charge dans un processus neuf."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

RACINE = Path(__file__).resolve().parent.parent.parent
COMPLET = {
    "SECRET_KEY": "x" * 60,
    "CLES_CHIFFREMENT": Fernet.generate_key().decode(),
    "CLE_EMPREINTE": "y" * 40,
    "DATABASE_URL": "postgres://app:secret@db/cse",
    "DATABASE_URL_MIGRATION": "postgres://proprio:secret@db/cse",
    "REDIS_URL": "redis://redis:6379/0",
    "CLAMD_URL": "tcp://clamav:3310",
    "ALLOWED_HOSTS": "cse.example",
    "ADRESSE_PUBLIQUE": "https://cse.example",
}


def charger(module: str, expression: str, *arguments: str, **environnement: str) -> subprocess.CompletedProcess[str]:
    """Charger un module de réglages et en écrire une expression."""
    code = f"import cse.reglages.{module} as r; print({expression})"
    propre = {nom: os.environ[nom] for nom in ("PATH", "HOME") if nom in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=RACINE,
        env={**propre, **environnement},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("manquant", sorted(set(COMPLET) - {"DATABASE_URL_MIGRATION", "ADRESSE_PUBLIQUE"}))
def test_la_production_refuse_de_demarrer_sans(manquant: str) -> None:
    fini = charger("production", "'demarre'", **{k: v for k, v in COMPLET.items() if k != manquant})
    assert fini.returncode != 0
    assert f"refuse de démarrer sans : {manquant}" in fini.stderr


def test_la_production_demarre_complete_et_fermee() -> None:
    expression = (
        "r.DEBUG, r.DEMONSTRATION, r.SECOND_FACTEUR_IMPOSE, r.SESSION_COOKIE_NAME, r.SESSION_COOKIE_SECURE,"
        " r.SECURE_HSTS_SECONDS > 31000000, r.CSRF_COOKIE_NAME, r.DATABASES['default']['USER']"
    )
    fini = charger("production", expression, **COMPLET)
    assert fini.stdout.strip() == "False False True __Host-session True True __Host-csrf app"


@pytest.mark.parametrize("commande", ["migrate", "accorder_droits", "preparer_base"])
def test_migrer_se_fait_sous_le_role_proprietaire(commande: str) -> None:
    fini = charger("production", "r.DATABASES['default']['USER']", commande, **COMPLET)
    assert fini.stdout.strip() == "proprio"


def test_un_secret_se_lit_dans_un_fichier(tmp_path: Path) -> None:
    (tmp_path / "cle").write_text("venue-d-un-fichier")
    reste = {k: v for k, v in COMPLET.items() if k != "CLE_EMPREINTE"}
    fini = charger("production", "r.CLE_EMPREINTE", CLE_EMPREINTE_FILE=str(tmp_path / "cle"), **reste)
    assert fini.stdout.strip() == "venue-d-un-fichier"


@pytest.mark.parametrize("hote", ["cse.example", "*", "10.0.0.4", ".example", "localhost.example"])
def test_la_demonstration_refuse_un_hote_qui_n_est_pas_local(hote: str, tmp_path: Path) -> None:
    fini = charger("demonstration", "'demarre'", ALLOWED_HOSTS=f"localhost,{hote}", DONNEES=str(tmp_path))
    assert fini.returncode != 0
    assert "ne se sert que localement" in fini.stderr


def test_la_demonstration_garde_ses_cles(tmp_path: Path) -> None:
    options = {"ALLOWED_HOSTS": "localhost,127.0.0.2,[::1]", "DONNEES": str(tmp_path)}
    lues = {charger("demonstration", "r.CLES_CHIFFREMENT, r.CLE_EMPREINTE", **options).stdout for _ in range(2)}
    assert len(lues) == 1
    assert "['" in lues.pop()
    assert (tmp_path / "cles.json").stat().st_mode & 0o077 == 0


def test_l_hote_des_fichiers_est_un_autre_nom() -> None:
    fini = charger("production", "r.ALLOWED_HOSTS", **COMPLET, HOTE_FICHIERS="fichiers.cse.example")
    assert fini.stdout.strip() == "['cse.example', 'fichiers.cse.example']"
    fini = charger("production", "'demarre'", **COMPLET, HOTE_FICHIERS="cse.example")
    assert "un autre nom" in fini.stderr
    sans_hote = {nom: valeur for nom, valeur in COMPLET.items() if nom != "ALLOWED_HOSTS"}
    fini = charger("production", "'demarre'", **sans_hote, HOTE_FICHIERS="fichiers.cse.example")
    assert "refuse de démarrer sans : ALLOWED_HOSTS" in fini.stderr
