"""Chercher un code de diagnostic : par début de code, par mots, à une faute près.

Quatre requêtes au plus, et une par mot inconnu (huit mots lus). Le texte cherché est un diagnostic : il n'est
gardé nulle part.
Source : `docs/decisions/0013-recherche-des-codes.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Length, NullIf

from .models import CodeDiagnostic, MotDiagnostic
from .regles_codes import (
    FAUTE_MIN,
    TEXTE_MAX,
    a_une_faute_pres,
    cle_cherchee,
    cle_du_code,
    mots_cherches,
    radical,
    voisins_cherches,
)

LIMITE = 10
FORMES_MAX = 30  # mots de la table retenus pour un mot mal écrit


@dataclass(frozen=True)
class Suggestion:
    """Un code proposé; `langue` est celle du libellé."""

    code: str
    libelle: str
    langue: str = "fr"


def suggerer(texte: str, le: dt.date, limite: int = LIMITE) -> list[Suggestion]:
    """Les meilleurs codes en vigueur le jour `le` pour ce qui est écrit, `limite` au plus.

    Un début de code d'abord; sinon les libellés qui portent tous les mots, dans un ordre quelconque, chacun entier ou
    commencé; puis leurs formes voisines (« dépression », « dépressif »); sans résultat, à une lettre près.
    """
    texte = texte[:TEXTE_MAX]
    cle = cle_cherchee(texte)
    trouves = _par_code(cle, le, limite) if cle else []
    mots = mots_cherches(texte)
    if trouves or not mots:
        return [_suggestion(code) for code in trouves]
    connus = _connus(reduce(or_, (Q(mot__startswith=radical(mot)) for mot in mots)))
    trouves = _par_formes(mots, connus, le, limite)
    if not trouves:
        trouves = _par_mots(mots, _a_une_faute_pres(mots, connus), le, limite)
    return [_suggestion(code) for code in trouves]


def trouver(code: str, le: dt.date) -> Suggestion | None:
    """Le code en vigueur de cette clé, ou `None`."""
    ligne = _en_vigueur(le).filter(cle=cle_du_code(code[:TEXTE_MAX])).order_by("code").first()
    return _suggestion(ligne) if ligne else None


def liste_presente(le: dt.date) -> bool:
    """Vrai si une liste est en vigueur : sinon, seul le texte libre sert."""
    return _en_vigueur(le).exists()


def _suggestion(ligne: CodeDiagnostic) -> Suggestion:
    return Suggestion(ligne.code, ligne.titre, ligne.langue)


def _en_vigueur(le: dt.date) -> QuerySet[CodeDiagnostic]:
    retenus: QuerySet[CodeDiagnostic] = CodeDiagnostic.objects.en_vigueur(le)
    return retenus.only("code", "libelle", "libelle_en")


def _par_code(cle: str, le: dt.date, limite: int) -> list[CodeDiagnostic]:
    return list(_en_vigueur(le).filter(cle__startswith=cle).order_by("cle")[:limite])


def _par_mots(mots: Sequence[str], termes: Iterable[str], le: dt.date, limite: int) -> list[CodeDiagnostic]:
    """Codes dont le libellé satisfait tous les `termes` (langue de `to_tsquery`, mots repliés seulement).

    D'abord ceux qui commencent par un mot cherché, puis ceux qui en portent d'entiers, puis le libellé le plus court.
    """
    demande = " & ".join(termes)
    if not demande:
        return []
    debut = reduce(or_, (Q(texte__startswith=f" {mot}") for mot in mots))
    entiers = reduce(add, (Case(When(texte__contains=f" {mot} ", then=1), default=0) for mot in mots))
    return list(
        _en_vigueur(le)
        .filter(vecteur=SearchQuery(demande, config="simple", search_type="raw"))
        .annotate(
            debut=Case(When(debut, then=1), default=0),
            entiers=entiers,
            longueur=Length(Coalesce(NullIf(F("libelle"), Value("")), F("libelle_en"))),
        )
        .order_by("-debut", "-entiers", "longueur", "code")[:limite]
    )


def _par_formes(mots: Sequence[str], connus: Sequence[str], le: dt.date, limite: int) -> list[CodeDiagnostic]:
    """Codes qui portent chaque mot, entier ou commencé; s'il reste de la place, ceux qui en portent une autre forme."""
    exacts = [[connu for connu in connus if connu.startswith(mot)] for mot in mots]
    larges = [[connu for connu in connus if connu.startswith(radical(mot))] for mot in mots]
    trouves = _par_mots(mots, [f"{mot}:*" for mot in mots], le, limite) if all(exacts) else []
    if len(trouves) < limite and larges != exacts and all(larges):
        vus = {code.pk for code in trouves}
        voisins = _par_mots(mots, [f"{radical(mot)}:*" for mot in mots], le, limite)
        trouves += [code for code in voisins if code.pk not in vus]
    return trouves[:limite]


def _a_une_faute_pres(mots: Sequence[str], connus: Sequence[str]) -> list[str]:
    """Un terme par mot : son radical s'il est connu, sinon les mots à une lettre près. Un mot inconnu est laissé."""
    termes = []
    for mot in mots:
        if any(connu.startswith(radical(mot)) for connu in connus):
            termes.append(f"{radical(mot)}:*")
        elif len(mot) >= FAUTE_MIN:
            voisins = _connus(Q(voisins__overlap=voisins_cherches(mot)))
            formes = [voisin for voisin in voisins if a_une_faute_pres(mot, voisin)]
            if formes:
                termes.append(f"({' | '.join(formes[:FORMES_MAX])})")
    # Tous les mots sont connus, mais jamais ensemble : déjà cherché.
    return termes if len(termes) < len(mots) or any(not terme.endswith(":*") for terme in termes) else []


def _connus(condition: Q) -> list[str]:
    """Mots de la table, les plus courts d'abord."""
    return list(MotDiagnostic.objects.filter(condition).order_by(Length("mot"), "mot").values_list("mot", flat=True))
