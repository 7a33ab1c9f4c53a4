"""L'acte de signer une décision, sans rendu, contre les mêmes instructions SQL rejouées nues.

Les dossiers sont menés par les actes jusqu'à « en attente de signature », sur la base peuplée, dans une transaction
annulée. Chaque prise est annulée aussi, et les numéros automatiques remis : l'acte et le rejeu voient la même base.
Les contraintes différées se vérifient dans la durée, des deux côtés; seule l'écriture finale sur disque n'y est pas.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction

from bench.chrono import centile
from comptes.models import Compte
from dossiers.models import Dossier
from dossiers.porte import executer
from tests.fabrique_csems import a_signer, creer_equipe

SCENES = 8
REPETITIONS = 10
PREMIERE: dict[str, Any] = {
    "issue": "non_reconnue",
    "motifs": ["duree_non_etablie"],
    "ce_qui_changerait": ["duree_limitations"],
}
SECONDE: dict[str, Any] = {"issue": "non_reconnue"}
Instruction = tuple[str, Any, bool]
Suites = tuple[list[str], list[int], list[bool]]


@dataclass
class Prises:
    """Durées en millisecondes : l'acte entier, et ses instructions SQL seules."""

    acte: list[float] = field(default_factory=list)
    nues: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """95e centile de l'acte."""
        return centile(self.acte, 0.95)

    @property
    def ratio(self) -> float:
        """p50 de l'acte ÷ p50 des mêmes instructions."""
        return centile(self.acte, 0.5) / centile(self.nues, 0.5)


def mesurer(scenes: int = SCENES, repetitions: int = REPETITIONS) -> Prises:
    """Prend les deux signatures de chaque scène, `repetitions` fois; rien ne reste en base."""
    prises = Prises()
    with transaction.atomic():
        equipe = creer_equipe()
        for _ in range(scenes):
            dossier = a_signer(equipe)
            for signataire, donnees in ((equipe.medecin, PREMIERE), (equipe.specialiste, SECONDE)):
                geste = partial(signer, signataire, dossier, donnees)
                _prendre(geste, prises, repetitions)
                geste()  # gardée : la signature suivante la trouve
        transaction.set_rollback(True)
    return prises


def signer(signataire: Compte, dossier: Dossier, donnees: dict[str, Any]) -> None:
    """L'acte mesuré."""
    executer("signer_decision", acteur=signataire, dossier=dossier, **donnees)


def _prendre(geste: Callable[[], None], prises: Prises, repetitions: int) -> None:
    """Un tour à chaud, un tour où les instructions se notent, puis les deux durées en alternance."""
    _verifier_les_contraintes()
    suites = lire_suites()
    instructions: list[Instruction] = []
    _chronometrer(geste, suites)
    _chronometrer(lambda: instructions.extend(capter(geste)), suites)
    for _ in range(repetitions):
        prises.acte.append(_chronometrer(geste, suites))
        prises.nues.append(_chronometrer(partial(rejouer, instructions), suites))


def _verifier_les_contraintes() -> None:
    """Vide ce que la scène a laissé à vérifier : chaque prise ne paie que ses propres contraintes."""
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute("SET CONSTRAINTS ALL DEFERRED")


def _chronometrer(geste: Callable[[], object], suites: Suites) -> float:
    """Millisecondes du geste et de la vérification de ses contraintes; le geste est annulé."""
    remettre(suites)
    point = transaction.savepoint()
    debut = time.perf_counter()
    geste()
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
    duree = (time.perf_counter() - debut) * 1000
    transaction.savepoint_rollback(point)
    return duree


def capter(geste: Callable[[], None]) -> list[Instruction]:
    """Joue le geste et rend toutes ses instructions SQL, lectures comprises, dans l'ordre."""
    lues: list[Instruction] = []

    def noter(execute: Callable[..., Any], sql: str, params: Any, many: bool, contexte: dict[str, Any]) -> Any:
        lues.append((sql, list(params) if params is not None else None, many))
        return execute(sql, params, many, contexte)

    with connection.execute_wrapper(noter):
        geste()
    return lues


def rejouer(instructions: list[Instruction]) -> None:
    """Les mêmes instructions, nues : aucun objet, aucune règle; ce qu'elles rendent est lu."""
    with connection.cursor() as curseur:
        for sql, params, many in instructions:
            if many:
                curseur.executemany(sql, params)
                continue
            curseur.execute(sql, params)
            if curseur.description:
                curseur.fetchall()


def lire_suites() -> Suites:
    """Où en sont les numéros automatiques : une annulation ne les ramène pas."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT format('%%I.%%I', schemaname, sequencename), coalesce(last_value, start_value), "
            "last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'",
            [],
        )
        lignes = curseur.fetchall()
    return [ligne[0] for ligne in lignes], [ligne[1] for ligne in lignes], [ligne[2] for ligne in lignes]


def remettre(suites: Suites) -> None:
    """Remet les numéros automatiques : le rejeu insère les lignes sous les mêmes numéros que l'acte."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT setval(nom::regclass, valeur, prise) "
            "FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS suite(nom, valeur, prise)",
            list(suites),
        )
        curseur.fetchall()
