"""Le code de patient : son tirage, sa lecture indulgente, son empreinte, son code QR.

Dix signes d'un alphabet de 32 (`socle.codes_dictes`) : 50 bits. Source : `docs/formulaires.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from socle import codes_dictes
from socle.champs import empreinte

ALPHABET = codes_dictes.ALPHABET
SAISIE_MAX = codes_dictes.SAISIE_MAX
LONGUEUR = 10
TITRE = "Code QR : la page où la clinique entre ce code"


def tirer() -> str:
    """Un code neuf, sans tiret."""
    return codes_dictes.tirer(LONGUEUR)


def lire(saisi: str) -> str | None:
    """Les dix signes d'une saisie, ou None; minuscules, espaces et tirets sont pardonnés."""
    return codes_dictes.lire(saisi, LONGUEUR)


def imprimer(code: str) -> str:
    """Le code en deux groupes de cinq, tel qu'il s'imprime et se dicte."""
    return codes_dictes.grouper(code, LONGUEUR // 2)


def condenser(code: str) -> str:
    """HMAC du code lu; le préfixe le sépare des autres numéros dont on garde l'empreinte."""
    return empreinte(f"code-patient:{code}")


def page_d_entree() -> str:
    """L'adresse complète de la page où l'on entre un code."""
    return f"{settings.ADRESSE_PUBLIQUE.rstrip('/')}{reverse('clinique_code')}"


def adresse(code: str) -> str:
    """L'adresse que porte le code QR : la page où l'on entre un code, et le code dans le fragment.

    Le navigateur n'envoie jamais un fragment : le code n'entre dans aucun journal de serveur ni aucun `Referer`.
    """
    return f"{page_d_entree()}#code={imprimer(code)}"


def dessiner(code: str, titre: str = TITRE) -> SafeString:
    """Le code QR d'un code de patient, en SVG."""
    return dessiner_texte(adresse(code), titre)


def dessiner_texte(texte: str, titre: str) -> SafeString:
    """Un code QR en SVG, sans style en ligne; `titre` est son texte de remplacement. `texte` : sans nom de personne."""
    dessin = segno.make(texte, error="m", micro=False)
    svg = dessin.svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None,
        title=titre,
    )  # fmt: skip
    # Chaque trait dit sa largeur : la feuille de style qui entoure le dessin ne peut pas l'épaissir en tache.
    svg = svg.replace("<path fill=", '<path stroke="none" fill=', 1)
    svg = svg.replace('<path stroke="#000"', '<path stroke="#000" stroke-width="1" stroke-linecap="butt"', 1)
    return mark_safe(svg)  # noqa: S308 - segno échappe le titre; le texte n'est que dessiné


@dataclass(frozen=True)
class CodeEmis:
    """Un code au moment, le seul, où il se lit en clair."""

    code: str
    expire_le: date

    @property
    def imprime(self) -> str:
        """XXXXX-XXXXX."""
        return imprimer(self.code)

    @property
    def adresse_courte(self) -> str:
        """La page d'entrée, telle qu'on la tape."""
        return page_d_entree().removeprefix("https://").removeprefix("http://").rstrip("/")

    @property
    def qr(self) -> SafeString:
        """Le dessin du code QR."""
        return dessiner(self.code)
