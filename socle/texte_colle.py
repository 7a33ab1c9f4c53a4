"""Un texte collé d'un autre logiciel : le balisage devient du texte, les signes invisibles sont retirés et comptés.

Rien ici ne rend un texte sûr à afficher : c'est le gabarit qui échappe. Seules les balises connues sont retirées :
« TA < 90 et <poids 50 kg, FC > 100 » reste entier, et un passage caché jamais fermé se garde. Une bibliothèque de
HTML tiendrait « <poids … > » pour une balise, et le perdrait. Chaque passe est linéaire : un texte d'un million de
signes se lit en une fraction de seconde.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

_SANS_CASSE = re.IGNORECASE | re.ASCII
_BLOCS = (
    "p", "div", "br", "hr", "tr", "table", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "pre", "body", "header", "footer", "main", "section", "article", "aside", "nav",
)  # fmt: skip
_AUTRES = (
    "a", "abbr", "b", "big", "caption", "center", "cite", "code", "col", "colgroup", "del", "em", "font", "head",
    "html", "i", "img", "input", "ins", "label", "li", "link", "mark", "meta", "q", "s", "small", "span", "strike",
    "strong", "style", "sub", "sup", "tbody", "td", "tfoot", "th", "thead", "title", "u", "xml",
)  # fmt: skip
# Word met ses balises à lui dans des espaces de noms d'une ou trois lettres.
_NOM = rf"(?:{'|'.join((*_BLOCS, *_AUTRES))}|(?:o|w|v|m|x|st1):[a-z][a-z0-9]*+)"
_ATTRIBUT = r"""\s++[a-z_:][\w:.-]*+(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'<>]++))?+"""
_BALISE = re.compile(rf"<(/?)({_NOM})(?![\w:.-])(?:{_ATTRIBUT})*+\s*+/?>", _SANS_CASSE)
_PROLOGUE = re.compile(r"<(?:!doctype|!\[(?:if|endif)|\?xml)[^<>]*+>", _SANS_CASSE)
_EST_BALISE = re.compile(
    r"</(?:p|div|span|body|html|table|td|li|o:p|font|b|i|strong|em|h[1-6])\s*+>|<br\s*+/?>|<!--\[if", _SANS_CASSE
)
_CACHES = [
    (re.compile(debut, _SANS_CASSE), re.compile(fin, _SANS_CASSE))
    for debut, fin in [
        ("<!--", "-->"),
        *((rf"<{nom}(?=[\s>])", rf"</{nom}\s*+>") for nom in ("style", "script", "head", "xml", "title")),
    ]
]
# Ce qu'un logiciel met pour un saut de ligne; le retirer collerait deux mots.
_SAUTS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Liants sans largeur : ils servent à écrire des langues entières.
_PERMIS = {"\n", "\t", "\u200c", "\u200d"}


@dataclass(frozen=True)
class TexteColle:
    """Le texte lu, si du balisage en a été retiré, et combien de signes invisibles."""

    texte: str
    balise: bool = False
    invisibles: int = 0


def lire(colle: str) -> TexteColle:
    """Le texte d'un collage, sur des lignes propres."""
    recu = _SAUTS.sub("\n", colle)
    texte = _en_texte(recu) if _EST_BALISE.search(recu) else recu
    visibles = "".join(signe for signe in texte if _se_voit(signe))
    return TexteColle(visibles, texte != recu, len(texte) - len(visibles))


def _se_voit(signe: str) -> bool:
    """Faux pour un signe de commande, une marque de sens d'écriture, un blanc sans largeur."""
    return signe in _PERMIS or unicodedata.category(signe) not in ("Cc", "Cf")


def _en_texte(balise: str) -> str:
    texte = balise
    for debut, fin in _CACHES:
        texte = _sans_passages(texte, debut, fin)
    # Dans un texte balisé, un saut de ligne ne vaut qu'une espace.
    texte = html.unescape(_BALISE.sub(_rupture, _PROLOGUE.sub("", texte.replace("\n", " "))))
    lignes = (" ".join(ligne.replace("\u00a0", " ").split()) for ligne in texte.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()


def _rupture(lue: re.Match[str]) -> str:
    fermante, nom = bool(lue[1]), lue[2].lower()
    if nom == "li":
        return "" if fermante else "\n- "
    if nom in ("td", "th"):
        return " "
    return "\n" if nom in _BLOCS else ""


def _sans_passages(texte: str, debut: re.Pattern[str], fin: re.Pattern[str]) -> str:
    """Le texte sans ce qui va de `debut` à `fin`; un passage jamais fermé se garde."""
    gardes, ici = [], 0
    while (ouvre := debut.search(texte, ici)) and (ferme := fin.search(texte, ouvre.end())):
        gardes.append(texte[ici : ouvre.start()])
        ici = ferme.end()
    return "".join([*gardes, texte[ici:]])
