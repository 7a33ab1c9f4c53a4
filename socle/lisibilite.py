"""Mesurer la lisibilité d'un texte : phrases, mots, Kandel–Moles et LIX en français, Flesch en anglais.

Pur. Les formules ne prouvent pas qu'un texte se comprend; elles arrêtent celui qui ne se lira pas.
Sources : Kandel et Moles, 1958; Björnsson, 1968 (LIX); Flesch, 1948; seuils, `ecrans-et-lettres.md` C0.
Pourquoi les syllabes se comptent ici : `docs/decisions/0007-lisibilite.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

MOYENNE_MAX = 12.0  # mots par phrase
PHRASE_MAX = 22  # mots
KANDEL_MOLES_MIN = 75.0
LIX_MAX = 38.0
FLESCH_MIN = 70.0

_FIN = re.compile(r"(?<=[.!?…])[\s»”]+(?=[«“\s]*[A-ZÀ-ÖØ-Þ0-9])|\n+")
# Un nombre, même séparé par des espaces insécables, est un mot.
_MOT = re.compile(r"\d[\d\u00a0\u202f.,-]*\d|\d+|[^\W\d_]+(?:-[^\W\d_]+)*")
_VOYELLES_FR = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+")
_MUET_FR = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûüœæ])e(?:s|(?<!me)nt)?$")
_HIATUS_FR = re.compile(r"é[aoiuâ]|[aeo]ï|éé|ao(?=[^uù])|(?<=[bcdfgptv][rl])i(?=[aeéo])|(?<=[aeou])y(?=[aeéèo])")
_VOYELLES_EN = re.compile(r"[aeiouyé]+")


@dataclass(frozen=True, slots=True)
class Mesure:
    """Ce qu'un texte mesure. `kandel_moles` et `lix` valent en français, `flesch` en anglais."""

    phrases: int
    mots: int
    moyenne: float
    plus_longue: int
    phrase_la_plus_longue: str
    kandel_moles: float
    lix: float
    flesch: float

    def defauts(self, anglais: bool = False) -> list[str]:
        """Les seuils manqués, en mots; vide si le texte passe."""
        lus = [
            (self.moyenne > MOYENNE_MAX, f"moyenne de {self.moyenne:.1f} mots par phrase"),
            (self.plus_longue > PHRASE_MAX, f"phrase de {self.plus_longue} mots : {self.phrase_la_plus_longue}"),
            (not anglais and self.kandel_moles < KANDEL_MOLES_MIN, f"Kandel–Moles de {self.kandel_moles:.0f}"),
            (not anglais and self.lix > LIX_MAX, f"LIX de {self.lix:.0f}"),
            (anglais and self.flesch < FLESCH_MIN, f"Flesch de {self.flesch:.0f}"),
        ]
        return [texte for manque, texte in lus if manque]


def phrases(texte: str) -> list[str]:
    """Les phrases du texte; une fin de ligne en clôt une."""
    return [morceau.strip() for morceau in _FIN.split(texte) if _MOT.search(morceau)]


def mots(phrase: str) -> list[str]:
    """Les mots : l'élision (« l' ») compte avec son mot, un numéro est un mot."""
    return _MOT.findall(re.sub(r"\b(\w{1,2}|qu)['’](?=\w)", r"\1", phrase, flags=re.IGNORECASE))


def syllabes_fr(mot: str) -> int:
    """Syllabes d'un mot français : groupes de voyelles, sans « e » final muet, avec les hiatus courants."""
    bas = mot.lower()
    if bas[0].isdigit():
        return 1
    sans_muet = _MUET_FR.sub("", bas) if len(bas) > 3 else bas
    return max(1, len(_VOYELLES_FR.findall(sans_muet)) + len(_HIATUS_FR.findall(sans_muet)))


def syllabes_en(mot: str) -> int:
    """Syllabes d'un mot anglais : groupes de voyelles, sans « e » final muet."""
    bas = mot.lower()
    if bas[0].isdigit():
        return 1
    sans_muet = re.sub(r"(?<=[^aeiouyl])e(?:s|d)?$", "", bas) if len(bas) > 3 else bas
    return max(1, len(_VOYELLES_EN.findall(sans_muet)))


def mesurer(texte: str) -> Mesure:
    """Mesurer un texte. Lève `ValueError` s'il n'a aucun mot."""
    coupees = [(phrase, mots(phrase)) for phrase in phrases(texte)]
    tous = [mot for _, liste in coupees for mot in liste]
    if not tous:
        raise ValueError("Un texte sans mot ne se mesure pas.")
    longue, liste_longue = max(coupees, key=lambda paire: len(paire[1]))
    moyenne, total = len(tous) / len(coupees), len(tous)
    par_mot_fr = sum(map(syllabes_fr, tous)) / total
    par_mot_en = sum(map(syllabes_en, tous)) / total
    return Mesure(
        phrases=len(coupees),
        mots=total,
        moyenne=moyenne,
        plus_longue=len(liste_longue),
        phrase_la_plus_longue=longue,
        kandel_moles=207 - 1.015 * moyenne - 73.6 * par_mot_fr,
        lix=moyenne + 100 * sum(len(mot) > 6 for mot in tous) / total,
        flesch=206.835 - 1.015 * moyenne - 84.6 * par_mot_en,
    )


class _Extrait(HTMLParser):
    """Garde le texte des blocs de lecture, hors en-tête, tableau, texte libre et pied."""

    ECARTES = frozenset({"entete", "fenetre", "pied", "texte-libre", "repere"})
    BLOCS = frozenset({"p", "li", "h1"})
    BALISES_ECARTEES = frozenset({"table", "style", "head", "h2"})
    VIDES = frozenset({"br", "meta", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.pile: list[bool] = []
        self.texte: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VIDES:
            self.texte.append(" ")
            return
        classes = set((dict(attrs).get("class") or "").split())
        ecarte = bool(classes & self.ECARTES) or tag in self.BALISES_ECARTEES
        self.pile.append(ecarte or (bool(self.pile) and self.pile[-1]))
        if tag in self.BLOCS:
            self.texte.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VIDES:
            return
        if self.pile:
            self.pile.pop()
        if tag in self.BLOCS:
            self.texte.append("\n")

    def handle_data(self, data: str) -> None:
        if not (self.pile and self.pile[-1]):
            self.texte.append(re.sub(r"[ \t\n]+", " ", data))


def texte_de_lettre(html: str) -> str:
    """Le texte rédigé d'une lettre : titre, paragraphes et listes.

    Écarte ce qui n'est pas une phrase de la maison : adresse, tableau des pièces, intertitres,
    références du pied, textes libres des évaluateurs.
    """
    extrait = _Extrait()
    extrait.feed(html)
    return "\n".join(ligne.strip() for ligne in "".join(extrait.texte).split("\n") if ligne.strip())
