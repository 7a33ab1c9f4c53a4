"""Répéter, chronométrer, prendre un centile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

REPETITIONS = 40
ECHAUFFEMENT = 8


def alterner(gestes: Sequence[Callable[[], object]], repetitions: int = REPETITIONS) -> list[list[float]]:
    """Durées en millisecondes de chaque geste, tous pris à chaque tour, après échauffement."""
    for _ in range(min(ECHAUFFEMENT, repetitions // 4 + 1)):
        for geste in gestes:
            geste()
    prises: list[list[float]] = [[] for _ in gestes]
    for _ in range(repetitions):
        for geste, durees_du_geste in zip(gestes, prises, strict=True):
            debut = time.perf_counter()
            geste()
            durees_du_geste.append((time.perf_counter() - debut) * 1000)
    return prises


def durees(geste: Callable[[], object], repetitions: int = REPETITIONS) -> list[float]:
    """Durées en millisecondes d'un seul geste, après échauffement."""
    return alterner([geste], repetitions)[0]


def centile(prises: list[float], part: float) -> float:
    """Centile par rang (0,95 : la valeur sous laquelle tombent 95 % des prises)."""
    triees = sorted(prises)
    return triees[min(len(triees) - 1, int(part * len(triees)))]
