"""Règles pures de la liseuse : filtrer les documents, y chercher des mots, retrouver un extrait.

Rien ici ne trie ni ne pèse : ce qui n'est pas retenu reste au dossier. Source : `ecrans-et-lettres.md` B2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

MOTS_MIN, MOTS_MAX = 2, 80
AUTOUR = 70  # signes montrés de part et d'autre d'un mot trouvé
GENRES = {
    "rapports": ("Rapports médicaux", ("sr2100", "substitut", "contribution")),
    "sr2105": ("Renseignements complémentaires", ("sr2105",)),
    "pieces": ("Pièces versées", ("piece",)),
    "reponses": ("Réponses reçues", ("reponse", "occasion")),
    "echanges": ("Échanges", ("echange",)),
}
# Signes invisibles qu'un PDF laisse à la coupure d'un mot.
COUPURES = dict.fromkeys(map(ord, "\u00ad\u0002\ufffe"))
APOSTROPHES = {"’": "'", "‘": "'", "ʼ": "'"}


class Filtrable(Protocol):
    """Ce qu'un filtre lit d'un document."""

    @property
    def famille(self) -> str: ...
    @property
    def auteur(self) -> str: ...
    @property
    def jour(self) -> date: ...


D = TypeVar("D", bound=Filtrable)


@dataclass(frozen=True)
class Filtre:
    """Ce qui est demandé de la liste; vide, tout se montre. Les dates sont comprises."""

    genre: str = ""
    auteur: str = ""
    depuis: date | None = None
    jusqu_au: date | None = None

    @property
    def actif(self) -> bool:
        """Vrai s'il restreint quelque chose."""
        return bool(self.genre or self.auteur or self.depuis or self.jusqu_au)


@dataclass(frozen=True)
class Passage:
    """Un passage trouvé : ce qui précède, les mots eux-mêmes, ce qui suit, et combien de fois ils y sont."""

    avant: str
    mots: str
    apres: str
    fois: int


def filtrer(liste: Iterable[D], filtre: Filtre) -> list[D]:
    """Les documents que le filtre retient, dans leur ordre."""
    familles = GENRES[filtre.genre][1] if filtre.genre in GENRES else ()
    return [
        un
        for un in liste
        if (not familles or un.famille in familles)
        and (not filtre.auteur or un.auteur == filtre.auteur)
        and (filtre.depuis is None or un.jour >= filtre.depuis)
        and (filtre.jusqu_au is None or un.jour <= filtre.jusqu_au)
    ]


def d_un_trait(texte: str) -> str:
    """Le texte sur une ligne : espaces et retours réunis, coupures de mots retirées, accents composés."""
    return " ".join(unicodedata.normalize("NFC", texte.translate(COUPURES)).split())


def plier(texte: str) -> str:
    """Forme comparable, signe pour signe : ni accents, ni majuscules; sa longueur est celle du texte."""
    return "".join(_plie(signe) for signe in texte)


def _plie(signe: str) -> str:
    signe = APOSTROPHES.get(signe, signe)
    nu = [un for un in unicodedata.normalize("NFKD", signe) if not unicodedata.combining(un)]
    return (nu[0].lower()[:1] if nu else "") or signe


def chercher(texte: str, mots: str) -> Passage | None:
    """Le premier passage qui porte ces mots ensemble; à défaut le premier mot, s'ils y sont tous. Sinon rien."""
    trait = d_un_trait(texte)
    plie, cherche = plier(trait), plier(d_un_trait(mots))
    if len(cherche) < MOTS_MIN:
        return None
    if cherche not in plie:
        separes = cherche.split()
        if len(separes) < 2 or any(un not in plie for un in separes):
            return None
        cherche = separes[0]
    debut = plie.index(cherche)
    fin = debut + len(cherche)
    avant, apres = trait[max(0, debut - AUTOUR) : debut], trait[fin : fin + AUTOUR]
    return Passage(
        f"… {avant.lstrip()}" if debut > AUTOUR else avant,
        trait[debut:fin],
        f"{apres.rstrip()} …" if fin + AUTOUR < len(trait) else apres,
        plie.count(cherche),
    )


def contient(texte: str, extrait: str) -> bool:
    """Vrai si l'extrait est dans le texte, aux accents, à la casse et aux espaces près.

    Les espaces ne comptent pas : un texte sélectionné sur l'image en perd ou en gagne d'une ligne à l'autre.
    """
    return plier(d_un_trait(extrait)).replace(" ", "") in plier(d_un_trait(texte)).replace(" ", "")


def debut(texte: str, longueur: int) -> str:
    """Le début du texte, coupé entre deux mots : ce qui fait reconnaître une page citée sans extrait choisi."""
    trait = d_un_trait(texte)
    if len(trait) <= longueur:
        return trait
    return f"{trait[: longueur - 1].rpartition(' ')[0] or trait[: longueur - 1]}…"


def auteurs(liste: Sequence[Filtrable]) -> list[str]:
    """Les auteurs des documents, chacun une fois, en ordre alphabétique."""
    return sorted({un.auteur for un in liste if un.auteur}, key=plier)
