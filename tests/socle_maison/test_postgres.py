"""Le PostgreSQL embarqué se relève d'une mort brutale, et ne s'arrête qu'au dernier usager.

Chaque essai a sa propre grappe, dans un dossier court : la prise Unix y tient.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cse.demarrage import chemins, postgres


@pytest.fixture(scope="module")
def grappe() -> Iterator[Path]:
    """Loger une grappe neuve, déjà servie une fois, hors de celle du projet : l'ordre des essais n'y change rien."""
    with tempfile.TemporaryDirectory(prefix="cse-", dir="/tmp") as dossier, pytest.MonkeyPatch.context() as rustine:
        Path(dossier).chmod(0o711)
        rustine.setenv("DONNEES", dossier)
        postgres.lieu.cache_clear()
        try:
            with postgres.serveur():
                pass
            yield postgres.lieu()
        finally:
            postgres.lieu.cache_clear()


def version(role: str = "application") -> int:
    """Se connecter comme l'application et rendre la version du serveur."""
    c = postgres.connexion_embarquee(role)
    with psycopg.connect(host=c["HOST"], user=c["USER"], password=c["PASSWORD"], dbname=c["NAME"]) as lien:
        return lien.info.server_version


def pid_du_maitre(grappe: Path) -> int:
    return int((grappe / "donnees" / "postmaster.pid").read_text().split()[0])


def test_il_demarre_sert_et_s_arrete(grappe: Path) -> None:
    with postgres.serveur():
        assert version() >= 150000
        assert psutil.Process(pid_du_maitre(grappe)).uids().real != 0
    assert not postgres.repond()


def test_il_se_releve_d_un_kill_9(grappe: Path) -> None:
    with postgres.serveur():
        os.kill(pid_du_maitre(grappe), signal.SIGKILL)
        with postgres.serveur():
            assert version()
        assert postgres.repond()


def test_il_se_releve_pendant_qu_on_s_en_sert(grappe: Path) -> None:
    with postgres.serveur():
        vivant = pid_du_maitre(grappe)
        postgres.relever()
        assert pid_du_maitre(grappe) == vivant
        os.kill(vivant, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(vivant)] if psutil.pid_exists(vivant) else [], timeout=5)
        postgres.relever()
        assert version()


def test_un_pid_perime_repris_par_un_autre_ne_l_arrete_pas(grappe: Path) -> None:
    faux = f"{os.getpid()}\n{grappe}/donnees\n{int(time.time())}\n5432\n{grappe}\n\n  1 1\nready\n"
    (grappe / "donnees" / "postmaster.pid").write_text(faux)
    (grappe / ".s.PGSQL.5432.lock").write_text(faux)
    with postgres.serveur():
        assert version()
        assert pid_du_maitre(grappe) != os.getpid()


def test_il_sert_jusqu_au_dernier_usager(grappe: Path) -> None:
    with postgres.serveur():
        with postgres.serveur():
            premier = pid_du_maitre(grappe)
        assert postgres.repond()
        assert pid_du_maitre(grappe) == premier
    assert not postgres.repond()


def test_aucune_connexion_sans_mot_de_passe(grappe: Path) -> None:
    with postgres.serveur(), pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(grappe), user="postgres", password="devine", dbname="postgres")


def test_il_n_ecoute_sur_aucun_port(grappe: Path) -> None:
    with postgres.serveur():
        ecoutes = psutil.Process(pid_du_maitre(grappe)).net_connections(kind="inet")
    assert ecoutes == []


def test_ses_secrets_sont_a_lui_seul(grappe: Path) -> None:
    assert (grappe / "mots_de_passe.json").stat().st_mode & 0o077 == 0
    assert (grappe / "donnees").stat().st_mode & 0o077 == 0


def test_le_role_de_l_application_ne_peut_rien_creer(grappe: Path) -> None:
    c = postgres.connexion_embarquee("application")
    with (
        postgres.serveur(),
        psycopg.connect(host=c["HOST"], user=c["USER"], password=c["PASSWORD"], dbname=c["NAME"]) as lien,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        lien.execute("CREATE TABLE intruse (id int)")


def test_un_chemin_trop_long_va_ailleurs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DONNEES", str(tmp_path / ("x" * 90)))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ("y" * 90)))
    postgres.lieu.cache_clear()
    try:
        assert chemins.donnees() not in postgres.lieu().parents
        assert len(os.fsencode(postgres.lieu())) <= postgres.LONGUEUR_MAX_PRISE
    finally:
        postgres.lieu.cache_clear()


def test_un_disque_plein_se_dit_en_une_phrase(grappe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ESPACE_MINIMAL", 2**62)
    monkeypatch.setattr(postgres, "_donnees", lambda: grappe / "absentes")
    with pytest.raises(postgres.ServeurImpossible, match="le disque est plein"), postgres.serveur():
        pass
