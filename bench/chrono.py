"""Répéter, chronométrer, prendre un centile."""

from __future__ import annotations

import time
from collections.abc import Callable

REPETITIONS = 40
ECHAUFFEMENT = 8


def durees(geste: Callable[[], object], repetitions: int = REPETITIONS) -> list[float]:
    """Durées en millisecondes, après échauffement."""
    for _ in range(min(ECHAUFFEMENT, repetitions // 4 + 1)):
        geste()
    prises = []
    for _ in range(repetitions):
        debut = time.perf_counter()
        geste()
        prises.append((time.perf_counter() - debut) * 1000)
    return prises


def centile(prises: list[float], part: float) -> float:
    """Centile par rang (0,95 : la valeur sous laquelle tombent 95 % des prises)."""
    triees = sorted(prises)
    return triees[min(len(triees) - 1, int(part * len(triees)))]
