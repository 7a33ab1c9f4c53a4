"""Ce qu'un mot tapé veut dire dans une recherche de personne, et ce que deux identités ont en commun.

Fonctions pures. Source : `docs/decisions/0017-recherche-des-personnes.md`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import IntEnum

from referentiels.regles_codes import a_une_faute_pres, replier, une_faute

SAISIE_MAX = 120  # signes lus d'une recherche
MOTS_MAX = 5  # mots de nom lus d'une recherche
FAUTE_MIN = 3  # lettres : en dessous, une faute ne se devine pas
DEUX_FAUTES_MIN = 6  # lettres : en dessous, deux fautes feraient un autre nom
ABREGES = {"st": "saint", "ste": "sainte"}
EN_TOUTES_LETTRES = {long: court for court, long in ABREGES.items()}
MOTIF_JOUR = re.compile(r"\b((?:19|20)\d\d)-(\d\d?)-(\d\d?)\b")


class Proximite(IntEnum):
    """À quel point un mot connu répond à un mot tapé; le plus petit est le plus proche."""

    EXACT = 0
    DEBUT = 1
    FAUTE = 2
    DEBUT_FAUTIF = 3
    DEUX_FAUTES = 4


def sans_accent(texte: str) -> str:
    """Minuscules sans accent ni ponctuation; sert au tri et à la recherche, jamais à l'affichage."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    lettres = "".join(signe for signe in decompose if not unicodedata.combining(signe))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", lettres.replace("œ", "oe").replace("æ", "ae")).split())


def cle_de_tri(nom: str, prenom: str) -> str:
    """« nom prenom » sans accent, tel que la file le trie."""
    return sans_accent(f"{nom} {prenom}")[:200]


def lire_saisie(saisie: str) -> tuple[list[str], date | None]:
    """Mots de nom, sans répétition, et date de naissance (AAAA-MM-JJ) d'une recherche; une date impossible se tait."""
    texte, jour = saisie[:SAISIE_MAX], None
    if trouve := MOTIF_JOUR.search(texte):
        try:
            jour = date(int(trouve[1]), int(trouve[2]), int(trouve[3]))
            texte = texte.replace(trouve[0], " ")
        except ValueError:
            jour = None
    return list(dict.fromkeys(sans_accent(texte).split()))[:MOTS_MAX], jour


def proximite(tape: str, connu: str) -> Proximite | None:
    """Proximité d'un mot connu avec un mot tapé (tous deux sans accent), ou `None`.

    Deux mots qui sonnent pareil (« Phaneuf », « Faneuf ») ne sont qu'à une faute l'un de l'autre.
    """
    if tape == connu:
        return Proximite.EXACT
    if connu.startswith(tape):
        return Proximite.DEBUT
    un, autre = replier(tape), replier(connu)
    if len(un) < FAUTE_MIN:
        return None
    if un == autre or (abs(len(un) - len(autre)) <= 1 and a_une_faute_pres(un, autre)):
        return Proximite.FAUTE
    return Proximite.DEBUT_FAUTIF if a_une_faute_pres(un, autre) else None


def autrement_ecrits(mot: str) -> list[str]:
    """Le mot, et la forme abrégée ou entière qui s'écrit aussi bien : « St-Pierre », « Saint-Pierre »."""
    autre = ABREGES.get(mot) or EN_TOUTES_LETTRES.get(mot)
    return [mot, autre] if autre else [mot]


def a_deux_fautes_pres(tape: str, connu: str) -> bool:
    """Vrai si les deux mots entiers diffèrent d'au plus deux fautes (lettre changée, oubliée, ajoutée, inversion)."""
    un, autre = replier(tape), replier(connu)
    if min(len(un), len(autre)) < DEUX_FAUTES_MIN - 1 or max(len(un), len(autre)) < DEUX_FAUTES_MIN:
        return False
    debut = 0
    while debut < min(len(un), len(autre)) and un[debut] == autre[debut]:
        debut += 1
    un, autre = un[debut:], autre[debut:]
    # La première faute est ici : lettre de trop, lettre oubliée, lettre changée, ou deux lettres inversées.
    suites = [(un[1:], autre), (un, autre[1:]), (un[1:], autre[1:])]
    if len(un) > 1 and un[:2] == autre[:2][::-1]:
        suites.append((un[2:], autre[2:]))
    return any(une_faute(*suite) for suite in suites)


def autres_coupes(mots: list[str]) -> list[list[str]]:
    """Les mêmes mots, deux voisins recollés : « Mc Donald » et « D'Amours » s'écrivent aussi d'un seul mot."""
    return [[*mots[:rang], mots[rang] + mots[rang + 1], *mots[rang + 2 :]] for rang in range(len(mots) - 1)]


def coupes(mot: str) -> list[tuple[str, str]]:
    """Le mot coupé en deux à chaque endroit : « mariepaule » est peut-être « Marie-Paule »."""
    return [(mot[:rang], mot[rang:]) for rang in range(1, len(mot))]


def chiffres(texte: str) -> str:
    """Les dix derniers chiffres d'un numéro de téléphone, ou rien s'il y en a moins."""
    lus = re.sub(r"\D", "", texte)
    return lus[-10:] if len(lus) >= 10 else ""


def noms_semblables(un: str, autre: str) -> str:
    """Ce que deux clés de tri ont en commun, en mots; vide si ce ne sont pas les mêmes noms."""
    if un == autre:
        return "même nom"
    gauche, droite = un.split(), autre.split()
    if sorted(gauche) == sorted(droite):
        return "nom et prénom inversés"
    if "".join(ABREGES.get(mot, mot) for mot in gauche) == "".join(ABREGES.get(mot, mot) for mot in droite):
        return "même nom, écrit autrement"
    restent = list(droite)
    for mot in gauche:
        proche = next((m for m in restent if proximite(mot, m) in (Proximite.EXACT, Proximite.FAUTE)), None)
        if proche is None:
            return ""
        restent.remove(proche)
    return "" if restent else "nom à une lettre près"


def noms_en_partie(un: str, autre: str) -> str:
    """Dit si tous les mots d'un nom sont dans l'autre, plus long : un second prénom, un nom de mariage ajouté."""
    court, long = sorted((set(un.split()), set(autre.split())), key=len)
    return "une partie du même nom" if len(court) > 1 and court < long else ""


def naissances_semblables(une: date | None, autre: date | None) -> str:
    """Même date, jour et mois inversés, ou un seul des trois nombres différent; vide sinon."""
    if une is None or autre is None:
        return ""
    if une == autre:
        return "même date de naissance"
    if (une.year, une.month, une.day) == (autre.year, autre.day, autre.month):
        return "jour et mois de naissance inversés"
    ecarts = [une.year != autre.year, une.month != autre.month, une.day != autre.day]
    return "date de naissance proche" if sum(ecarts) == 1 else ""
