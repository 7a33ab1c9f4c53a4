"""Gardes et services communs à tous les essais.

Une exigence absente (navigateur, Redis, antivirus) fait sauter l'essai, et la fin de la
course la nomme; sous `CI=true`, tout essai sauté est un échec.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import services

EN_CI = os.environ.get("CI", "").lower() == "true"
_pile = ExitStack()
# Un fichier va entier à un processus : un long fichier parti le dernier laisserait l'autre processus attendre.
LES_PLUS_LONGS = (
    "tests/acces/test_matrice_urls.py",
    "tests/parcours/test_parcours.py",
    "tests/cse/test_demonstration.py",
    "tests/acces/test_sondes.py",
    "tests/machine/test_premiere_moitie.py",
    "tests/machine/test_seconde_moitie.py",
    "tests/rejeu/test_cas.py",
    "tests/epreuves/test_pannes.py",
    "tests/acces/test_droits.py",
    "tests/espaces/test_requetes.py",
)


# --- Course ---------------------------------------------------------------------------
def pytest_configure(config: pytest.Config) -> None:
    """Démarrer le PostgreSQL embarqué (une fois), puis poser les gardes dans chaque processus."""
    travailleur = hasattr(config, "workerinput")
    if not travailleur and not os.environ.get("DATABASE_URL") and not config.option.collectonly:
        from cse.demarrage.postgres import ServeurImpossible, serveur

        try:
            _pile.enter_context(serveur())
        except ServeurImpossible as erreur:
            raise pytest.UsageError(str(erreur)) from erreur
    if os.environ.get("PYTEST_XDIST_WORKER") or not getattr(config.option, "numprocesses", None):
        from tests import gardes

        gardes.fermer_le_reseau()
        gardes.surveiller_les_requetes(random.Random(0))
        gardes.refuser_un_instant_pour_une_date()
        gardes.surveiller_les_pages()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Rendre le PostgreSQL embarqué."""
    _pile.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Les fichiers les plus longs d'abord; sauter, en le disant, ce que la machine ne permet pas."""
    rangs = {nom: rang for rang, nom in enumerate(LES_PLUS_LONGS)}
    items.sort(key=lambda essai: rangs.get(essai.nodeid.partition("::")[0], len(rangs)))
    for marque, (programmes, raison) in services.EXIGENCES.items():
        if services.programme(*programmes) is None:
            for essai in items:
                if essai.get_closest_marker(marque):
                    essai.add_marker(pytest.mark.skip(reason=raison))


def _sautes(config: pytest.Config) -> list[pytest.TestReport]:
    afficheur = config.pluginmanager.get_plugin("terminalreporter")
    return afficheur.stats.get("skipped", []) if afficheur else []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """En intégration continue, un essai sauté est un échec."""
    principal = not hasattr(session.config, "workerinput")
    if EN_CI and principal and session.exitstatus == pytest.ExitCode.OK and _sautes(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Nommer ce qui n'a pas tourné, et pourquoi."""
    if not (sautes := _sautes(config)):
        return
    terminalreporter.section("non exécutés" + (" : un échec en intégration continue" if EN_CI else ""))
    for rapport in sautes:
        raison = rapport.longrepr[2] if isinstance(rapport.longrepr, tuple) else str(rapport.longrepr)
        terminalreporter.line(f"{rapport.nodeid} — {raison.removeprefix('Skipped: ')}")


# --- Base -----------------------------------------------------------------------------
@pytest.fixture(scope="session")
def _tables_vite() -> Iterator[ExitStack]:
    """Les tables se créent comme pour la démonstration; un essai complet compare à une migration ordinaire."""
    from cse.demarrage.migrations import migrations_rapides

    with ExitStack() as pile:
        pile.enter_context(migrations_rapides())
        yield pile


@pytest.fixture(scope="session")
def django_db_setup(_tables_vite: ExitStack, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Garder les référentiels semés à portée de toute connexion, et n'en laisser aucune à la fin.

    Playwright laisse une boucle asyncio dans le fil des essais : Django y ouvre une autre
    connexion, qui n'aurait pas ce que `serialized_rollback` doit remettre.
    """
    from django.db import connections

    _tables_vite.close()
    connexion = connections["default"]
    if contenu := getattr(connexion, "_test_serialized_contents", None):
        type(connexion)._test_serialized_contents = contenu  # type: ignore[attr-defined]
    yield
    with django_db_blocker.unblock(), connections["default"].cursor() as curseur:
        curseur.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="class")
def resemer(django_db_blocker: Any) -> Iterator[None]:
    """Rendre leurs référentiels aux essais suivants : un essai qui valide vide les tables.

    À la portée d'une classe : défait après la base de l'essai, et avant l'essai suivant du même fichier,
    que l'ordre tiré au sort peut mettre derrière lui.
    """
    from django.db import connections

    yield
    with django_db_blocker.unblock():
        connexion = connections["default"]
        connexion.creation.deserialize_db_from_string(connexion._test_serialized_contents)  # type: ignore[attr-defined]
        connexion.close()
        _relire_les_referentiels()


def _relire_les_referentiels() -> None:
    """Oublier ce qu'une requête tardive du navigateur aurait lu pendant que les tables étaient vides."""
    from referentiels import lecture

    with lecture._verrou:
        lecture._partage.oublier()


# --- Gardes par essai -----------------------------------------------------------------
@pytest.fixture(autouse=True, scope="session")
def _variables_absentes() -> None:
    """Une variable absente d'un gabarit de la maison fait échouer l'essai."""
    from django.template import engines
    from django.template.backends.django import DjangoTemplates

    from tests.gardes import VariableAbsente

    moteur = engines["django"]
    assert isinstance(moteur, DjangoTemplates)
    moteur.engine.string_if_invalid = VariableAbsente()


@pytest.fixture(autouse=True)
def _caches_vides(request: pytest.FixtureRequest) -> Iterator[None]:
    """Aucun essai n'hérite du cache d'un autre."""
    from django.core.cache import cache

    cache.clear()
    marque = request.node.get_closest_marker("django_db")
    if marque and marque.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        _relire_les_referentiels()
    yield
    cache.clear()


# --- Services -------------------------------------------------------------------------
@pytest.fixture(scope="session")
def adresse_redis() -> Iterator[str]:
    """Adresse d'un Redis propre à la course (marque `redis`)."""
    with services.redis_local() as adresse:
        yield adresse


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.Dateur]:
    """Un clamd propre à la course, qui ne connaît qu'EICAR, et ce qui date ses signatures (marque `clamav`)."""
    with services.clamd_local(_lieu_de_clamd(tmp_path_factory)) as devant:
        yield devant


@pytest.fixture(scope="session")
def adresse_clamd(clamd: services.Dateur) -> str:
    """Adresse de ce clamd (marque `clamav`)."""
    return clamd.adresse


def _lieu_de_clamd(fabrique: pytest.TempPathFactory) -> Path:
    return Path(fabrique.mktemp("clamd"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Arguments du Chromium du système pour pytest-playwright (marque `navigateur`)."""
    # Playwright laisse une boucle asyncio dans le fil des essais; l'ORM la croirait asynchrone.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    options += " disable-component-update disable-sync disable-dev-shm-usage"
    return {
        "executable_path": services.programme(*services.NAVIGATEURS),
        "args": [f"--{option}" for option in options.split()],
    }


@pytest.fixture
def ouvrir(browser: Any, live_server: Any) -> Iterator[Any]:
    """Une fenêtre neuve de Chromium; `confirmee` : l'identité de `qui` vient d'être confirmée."""
    from tests.outils_navigateur import LARGE, entrer

    with ExitStack() as pile:

        def une(qui: Any = None, *, confirmee: bool = False, **options: Any) -> Any:
            contexte = browser.new_context(base_url=live_server.url, locale="fr-CA", viewport=LARGE, **options)
            pile.callback(contexte.close)
            return contexte.new_page() if qui is None else entrer(contexte, qui, live_server.url, confirmee=confirmee)

        yield une


@pytest.fixture
def contexte(browser: Any, live_server: Any) -> Iterator[Any]:
    """Une fenêtre neuve de Chromium, sans personne."""
    from tests.outils_navigateur import LARGE

    ouvert = browser.new_context(base_url=live_server.url, locale="fr-CA", viewport=LARGE)
    yield ouvert
    ouvert.close()
