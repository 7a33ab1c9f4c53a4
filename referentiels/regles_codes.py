"""Ce qu'un mot, un code ou une faute d'une lettre veut dire dans la recherche d'un diagnostic. Fonctions pures.

Source : `docs/decisions/0013-recherche-des-codes.md`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TEXTE_MAX = 200  # signes lus d'une recherche
MOT_MAX = 40  # lettres gardées d'un mot
MOTS_MAX = 8  # mots lus d'une recherche
PREFIXE_MIN, PREFIXE_MAX = 4, 7  # lettres des débuts de mot gardés comme voisins
FAUTE_MIN = 4  # lettres : en dessous, une faute ne se devine pas
RADICAL_MIN, TERMINAISON = 5, 3
SONS = (("ph", "f"), ("th", "t"), ("rh", "r"), ("y", "i"))  # « schizofrénie », « artrose »
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# Mots que tout libellé emploie : ils ne choisissent rien.
VIDES = frozenset(re.findall(r"\w+", "a au aux avec ces d de des du en et l la le les ou par sur un une"))
_MOT = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Z]?\d[0-9A-Z]{1,6}|[A-Z]\d")


@dataclass(frozen=True)
class LigneCode:
    """Un code lu : libellé français, anglais, l'un des deux au moins."""

    code: str
    libelle: str = ""
    libelle_en: str = ""


def replier(texte: str) -> str:
    """Le texte sans casse, sans accents, sans ligatures, les lettres grecques écrites comme elles sonnent."""
    decompose = unicodedata.normalize("NFKD", texte.casefold().translate(LIGATURES))
    plie = "".join(signe for signe in decompose if not unicodedata.combining(signe))
    for ecrit, entendu in SONS:
        plie = plie.replace(ecrit, entendu)
    return plie


def mots_de(texte: str) -> list[str]:
    """Mots repliés d'un libellé, dans l'ordre, sans les mots vides ni les répétitions."""
    return [mot[:MOT_MAX] for mot in dict.fromkeys(_MOT.findall(replier(texte))) if mot not in VIDES]


def texte_de_recherche(libelle: str) -> str:
    """Les mots du libellé entre des espaces : un mot entier s'y cherche par « mot » entouré d'espaces."""
    return f" {' '.join(mots_de(libelle))} "


def mots_cherches(texte: str) -> list[str]:
    """Mots à chercher, `MOTS_MAX` au plus; une lettre seule ne cherche rien.

    Si tout est mot vide (« au »), ce sont peut-être les premières lettres d'un mot : ils restent.
    """
    lus = [mot for mot in dict.fromkeys(_MOT.findall(replier(texte[:TEXTE_MAX]))) if len(mot) > 1 or mot.isdigit()]
    return ([mot for mot in lus if mot not in VIDES] or lus)[:MOTS_MAX]


def cle_du_code(code: str) -> str:
    """Le code en majuscules, sans point, espace ni signe : « f33.1 » et « F331 » sont le même."""
    return re.sub(r"[^0-9A-Z]", "", code.upper())


def cle_cherchee(texte: str) -> str:
    """La clé que ce texte cherche s'il a la forme d'un code (« F3 », « m54.5 », « 311 »), sinon une chaîne vide."""
    court = texte.strip()
    if len(court) > 12 or not court.isascii():
        return ""
    cle = cle_du_code(court)
    return cle if _CODE.fullmatch(cle) else ""


def effacements(mot: str) -> set[str]:
    """Le mot privé de chacune de ses lettres, tour à tour."""
    return {mot[:rang] + mot[rang + 1 :] for rang in range(len(mot))}


def voisins(mot: str) -> list[str]:
    """Les débuts de `mot`, de quatre à sept lettres, et chacun privé d'une lettre.

    Deux débuts à une faute près ont un voisin commun : c'est ainsi qu'un index exact retrouve une faute.
    """
    debuts = {mot[:taille] for taille in range(min(PREFIXE_MIN, len(mot)), min(PREFIXE_MAX, len(mot)) + 1)}
    return sorted(debuts.union(*(effacements(debut) for debut in debuts)) - {""})


def voisins_cherches(mot: str) -> list[str]:
    """Les voisins à comparer à ceux de la table pour un mot cherché."""
    debut = mot[:PREFIXE_MAX]
    return sorted({debut} | effacements(debut))


def a_une_faute_pres(cherche: str, mot: str) -> bool:
    """Vrai si `cherche` est un début de `mot` à une lettre près : ajoutée, oubliée, changée, ou deux inversées."""
    tailles = {len(cherche) - 1, len(cherche), len(cherche) + 1}
    return any(une_faute(cherche, mot[:taille]) for taille in tailles)


def une_faute(un: str, autre: str) -> bool:
    """Vrai si les deux mots diffèrent d'au plus une lettre, ou de deux lettres voisines inversées."""
    debut = 0
    while debut < min(len(un), len(autre)) and un[debut] == autre[debut]:
        debut += 1
    un, autre = un[debut:], autre[debut:]
    while un and autre and un[-1] == autre[-1]:
        un, autre = un[:-1], autre[:-1]
    return (len(un) <= 1 and len(autre) <= 1) or (len(un) == len(autre) == 2 and un == autre[::-1])


def radical(mot: str) -> str:
    """Le début qui reste commun d'une forme à l'autre (« dépression », « dépressif »); le mot entier s'il est court."""
    return mot[: max(RADICAL_MIN, len(mot) - TERMINAISON)] if len(mot) > RADICAL_MIN + 1 else mot
