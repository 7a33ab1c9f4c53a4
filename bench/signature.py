"""Sceller une décision évaluée, sans rendu, contre les mêmes instructions SQL rejouées à nu.

Un dossier est amené par les actes jusqu'à la seconde signature, dans la base du volume; chaque prise est annulée.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from bench.chrono import REPETITIONS, alterner, centile
from correspondance import composition
from cse.rejeu.distribution import Distribution
from cse.rejeu.fichier import Evenement, lire
from cse.rejeu.jeu import jouer
from socle import horloge

CAS = "cas/04-refus-motive-boucle-clinicien.yaml"
SIGNER = "signer_decision"
Instruction = tuple[str, Any, bool]


class _Annuler(Exception):
    """Défait une prise, ou la scène entière."""


def mesurer(repetitions: int = REPETITIONS) -> tuple[float, float, float]:
    """p95 et p50 de l'acte, p50 du SQL seul, en millisecondes; rien ne reste en base."""
    prises: tuple[float, float, float] = (0.0, 0.0, 0.0)
    try:
        with transaction.atomic():
            prises = _mesurer(repetitions)
            raise _Annuler
    except _Annuler:
        return prises


def _mesurer(repetitions: int) -> tuple[float, float, float]:
    joue, signature = _jusqu_a_la_seconde_signature()

    def signer() -> None:
        if code := jouer(joue, signature, signature.instant):
            raise RuntimeError(f"La signature est refusée : {code}.")

    instructions = _capter(signer)

    def sql_seul() -> None:
        with connection.cursor() as curseur:
            for texte, parametres, plusieurs in instructions:
                (curseur.executemany if plusieurs else curseur.execute)(texte, parametres)
                if curseur.description and not plusieurs:
                    curseur.fetchall()

    acte, nu = alterner([lambda: _annulee(signer), lambda: _annulee(sql_seul)], repetitions)
    return centile(acte, 0.95), centile(acte, 0.5), centile(nu, 0.5)


def _jusqu_a_la_seconde_signature() -> tuple[Distribution, Evenement]:
    """La scène d'un cas, jouée jusqu'à la signature qui scelle, et cette signature."""
    cas = lire(Path(settings.BASE_DIR) / CAS)
    with horloge.figer(cas.evenements[0].instant):
        joue = Distribution(cas, uuid4().hex[:10])
    acceptes = [un for un in cas.evenements if not un.refus]
    signatures = [un for un in acceptes if un.acte == SIGNER]
    with composition.sans_pdf():
        for evenement in acceptes[: acceptes.index(signatures[1])]:
            if code := jouer(joue, evenement, evenement.instant):
                raise RuntimeError(f"{evenement.acte} est refusé : {code}.")
    return joue, signatures[1]


def _annulee(geste: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            geste()
            raise _Annuler
    except _Annuler:
        pass


def _capter(geste: Callable[[], None]) -> list[Instruction]:
    """Les instructions que ce geste envoie à la base, lectures comprises, dans l'ordre."""
    captees: list[Instruction] = []

    def noter(executer: Any, sql: str, parametres: Any, many: bool, contexte: Any) -> Any:
        captees.append((sql, parametres, many))
        return executer(sql, parametres, many, contexte)

    def ecouter() -> None:
        with connection.execute_wrapper(noter):
            geste()

    _annulee(geste)  # les caches d'un processus chaud
    _annulee(ecouter)
    return captees
