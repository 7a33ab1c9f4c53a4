"""Un texte collé d'un autre logiciel : le balisage devient du texte, les signes invisibles sont retirés et comptés.

Rien ici ne rend un texte sûr à afficher : c'est le gabarit qui échappe. Chaque passe est linéaire : un texte d'un
million de signes se lit en une fraction de seconde.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

_BALISE = re.compile(r"<(/?)([a-z][a-z0-9:]*)\b[^<>]*>", re.IGNORECASE)
_EST_BALISE = re.compile(
    r"</(?:p|div|span|body|html|table|td|li|o:p|font|b|i|strong|em|h[1-6])\s*>|<br\s*/?>|<!--\[if", re.IGNORECASE
)
_CACHES = ("style", "script", "head", "xml", "title")
_BLOCS = {"p", "div", "br", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "body"}
# Liants sans largeur : ils servent à écrire des langues entières.
_PERMIS = {"\n", "\t", "\u200c", "\u200d"}


@dataclass(frozen=True)
class TexteColle:
    """Le texte lu, s'il venait balisé, et combien de signes invisibles en ont été retirés."""

    texte: str
    balise: bool = False
    invisibles: int = 0


def lire(colle: str) -> TexteColle:
    """Le texte d'un collage, sur des lignes propres."""
    texte = colle.replace("\r\n", "\n").replace("\r", "\n")
    balise = bool(_EST_BALISE.search(texte))
    if balise:
        texte = _en_texte(texte)
    visibles = "".join(signe for signe in texte if _se_voit(signe))
    return TexteColle(visibles, balise, len(texte) - len(visibles))


def _se_voit(signe: str) -> bool:
    """Faux pour un signe de commande, une marque de sens d'écriture, un blanc sans largeur."""
    return signe in _PERMIS or unicodedata.category(signe) not in ("Cc", "Cf")


def _en_texte(balise: str) -> str:
    texte = _sans_passages(balise, "<!--", "-->")
    for nom in _CACHES:
        texte = _sans_passages(texte, f"<{nom}", f"</{nom}>")
    # Dans un texte balisé, un saut de ligne ne vaut qu'une espace.
    texte = html.unescape(_BALISE.sub(_rupture, texte.replace("\n", " ")))
    lignes = (" ".join(ligne.replace("\u00a0", " ").split()) for ligne in texte.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()


def _rupture(lue: re.Match[str]) -> str:
    fermante, nom = bool(lue[1]), lue[2].lower()
    if nom == "li":
        return "" if fermante else "\n- "
    if nom in ("td", "th"):
        return " "
    return "\n" if nom in _BLOCS else ""


def _sans_passages(texte: str, debut: str, fin: str) -> str:
    """Le texte sans ce qui va de `debut` à `fin`, majuscules ou non; un passage jamais fermé va jusqu'au bout."""
    bas, gardes, ici = texte.lower(), [], 0
    while (ouvre := bas.find(debut, ici)) >= 0:
        gardes.append(texte[ici:ouvre])
        ferme = bas.find(fin, ouvre)
        if ferme < 0:
            return "".join(gardes)
        ici = ferme + len(fin)
    return "".join([*gardes, texte[ici:]])
