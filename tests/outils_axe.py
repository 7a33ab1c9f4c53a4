"""Vérifier un écran dans Chromium : axe-core en français, débordement, poids.

Source : `ecrans-et-lettres.md` D1 (axe), D4 (reflux), D7 (poids).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ETIQUETTES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
DOSSIER = Path(__file__).parent / "axe"


@cache
def _source() -> str:
    langue = json.loads((DOSSIER / "fr.json").read_text(encoding="utf-8"))
    axe = (DOSSIER / "axe.min.js").read_text(encoding="utf-8")
    return f"{axe};axe.configure({{locale:{json.dumps(langue)}}});"


def analyser(page: Page) -> dict[str, Any]:
    """Lancer axe sur la page ouverte; rend son rapport brut.

    Le script est évalué par le protocole de débogage : la politique de contenu reste entière.
    """
    page.evaluate(_source())
    options = {"runOnly": {"type": "tag", "values": ETIQUETTES}}
    rapport: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return rapport


def violations(page: Page) -> list[str]:
    """Les manquements, une phrase par élément fautif."""
    return [
        f"{regle['id']} ({regle['impact']}) : {regle['help']} — {element['html'][:160]} — {element['failureSummary']}"
        for regle in analyser(page)["violations"]
        for element in regle["nodes"]
    ]


def verifier(page: Page) -> None:
    """Échouer si axe trouve un seul manquement."""
    trouves = violations(page)
    assert not trouves, "\n".join(trouves)


def debordements(page: Page) -> list[str]:
    """Les éléments qui dépassent à droite, ou une liste vide si la page tient dans sa largeur."""
    depasse: list[str] = page.evaluate(
        """() => {
          const large = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= large) return [];
          return [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > large + 1)
            .map(e => e.outerHTML.slice(0, 160)).slice(0, 8);
        }"""
    )
    return depasse


def sans_defilement(page: Page) -> None:
    """Échouer si la page défile de côté à sa largeur courante."""
    depasse = debordements(page)
    assert not depasse, "\n".join(depasse)


def verifier_partout(page: Page) -> None:
    """Axe à la largeur courante, puis à 320 px, puis en mode sombre; la page tient toujours."""
    # Une transition en cours donnerait à axe une couleur de passage.
    page.emulate_media(reduced_motion="reduce")
    verifier(page)
    sans_defilement(page)
    page.set_viewport_size({"width": 320, "height": 800})
    sans_defilement(page)
    verifier(page)
    page.emulate_media(color_scheme="dark")
    verifier(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
