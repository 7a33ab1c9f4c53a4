"""Ce qu'est le dossier numéro i : toujours le même, sans rien lire ni tirer au hasard.

La répartition est asymétrique exprès : un bureau tient 15 % des dossiers, un dossier a 400 pièces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from cse.demo.personnes import NOMS, PRENOMS, REGIONS
from dossiers.etats import APRES_DECISION, CHEZ_CSEMS, Balle, Etat, Voie
from dossiers.models import ALPHABET_REFERENCE
from dossiers.recherche import cle_de_tri
from dossiers.regles import BALLE_PAR_ETAT

BUREAUX = 60
PART_DU_GRAND_BUREAU = 15  # %
AGENTS_PAR_BUREAU = 40
PART_ATTRIBUEE = 70  # %
PIECES, LIGNES = 3, 8
DOSSIER_LOURD, DOSSIER_ORDINAIRE = 0, 1
PIECES_LOURDES, PIECES_ORDINAIRES, LIGNES_LOURDES = 400, 40, 200
GRAND = 1 << 32
# Part de chaque état, en %; la somme fait 100.
PARTS: tuple[tuple[Etat, int], ...] = (
    (Etat.RECUE, 8),
    (Etat.A_COMPLETER, 12),
    (Etat.COMPLETE, 4),
    (Etat.TRANSMISE_CSEMS, 7),
    (Etat.EN_EVALUATION, 6),
    (Etat.EN_CONCERTATION, 2),
    (Etat.EN_ATTENTE_SIGNATURE, 2),
    (Etat.RECONNUES, 27),
    (Etat.NON_RECONNUES, 14),
    (Etat.TEMPORAIRE, 6),
    (Etat.EN_REVISION, 3),
    (Etat.REVISION_RENDUE, 3),
    (Etat.DEVANT_TAQ, 1),
    (Etat.JUGEMENT_TAQ, 1),
    (Etat.FERMEE, 4),
)
ETATS = tuple(etat for etat, part in PARTS for _ in range(part))
# La moitié des noms sont rares, comme dans une vraie population : la recherche par nom se mesure sur eux aussi.
NOMS_RARES = 20_000
SYLLABES = (
    "ba", "bel", "bri", "cha", "cou", "dé", "do", "du", "fau", "gé", "gra", "la", "lem", "li", "ma", "mon", "na", "par",
    "pé", "quin", "ra", "ri", "sau", "tel", "ter", "va", "vil", "zo",
)  # fmt: skip
BALLE_DE_L_ATTENTE = (Balle.PERSONNE, Balle.CLINICIEN, Balle.RESSOURCE)
SANS_ECHEANCE = frozenset({Etat.FERMEE, Etat.JUGEMENT_TAQ, Etat.DEVANT_TAQ, Etat.RECONNUES})


@dataclass(frozen=True, slots=True)
class Fait:
    """Un dossier du peuplement."""

    prenom: str
    nom: str
    region: str
    naissance: date
    bureau: int
    agent: int | None
    etat: Etat
    balle: str
    etape: str
    depose: date
    depuis: date
    avant: date | None
    a_expliquer: bool


def melanger(i: int, sel: int) -> int:
    """Mélange déterministe de 32 bits; `sel` donne des suites indépendantes."""
    x = (i * 2654435761 + sel * 40503) % GRAND
    x ^= x >> 15
    x = (x * 2246822519) % GRAND
    return x ^ (x >> 13)


def bureau_de(i: int) -> int:
    """Rang du bureau; le rang 0 est le grand, et tient les deux dossiers repères."""
    h = melanger(i, 1)
    if i in (DOSSIER_LOURD, DOSSIER_ORDINAIRE) or h % 100 < PART_DU_GRAND_BUREAU:
        return 0
    return 1 + (h // 100) % (BUREAUX - 1)


@cache
def nom_rare(rang: int) -> str:
    """Un nom inventé de quatre syllabes, toujours le même pour ce rang."""
    reste, syllabes = melanger(rang, 5), []
    for _ in range(4):
        reste, une = divmod(reste, len(SYLLABES))
        syllabes.append(SYLLABES[une])
    return "".join(syllabes).capitalize()


@cache
def cle(prenom: str, nom: str) -> str:
    """Clé de tri de ce nom, calculée une fois."""
    return cle_de_tri(nom, prenom)


def fait(i: int, jour: date) -> Fait:
    """Le dossier numéro `i`, tel que vu le `jour`."""
    h, g, n = melanger(i, 2), melanger(i, 3), melanger(i, 4)
    repere = i in (DOSSIER_LOURD, DOSSIER_ORDINAIRE)
    etat = Etat.A_COMPLETER if repere else ETATS[h % 100]
    bureau = bureau_de(i)
    rang_agent = 0 if repere else (h // 100) % AGENTS_PAR_BUREAU
    attribue = repere or g % 100 < PART_ATTRIBUEE
    depuis = jour - timedelta(days=2 + (g // 100) % (500 if etat in APRES_DECISION else 45))
    balle, etape = BALLE_PAR_ETAT.get(etat, (BALLE_DE_L_ATTENTE[h % 3], "Répondre à la demande de renseignement"))
    return Fait(
        prenom=PRENOMS[g % len(PRENOMS)],
        nom=nom_rare((n // 2) % NOMS_RARES) if n % 2 else NOMS[(g // 128) % len(NOMS)],
        region=REGIONS[bureau % len(REGIONS)],
        naissance=date(1960 + h % 45, 1 + h % 12, 1 + g % 28),
        bureau=bureau,
        agent=bureau * AGENTS_PAR_BUREAU + rang_agent if attribue else None,
        etat=etat,
        balle=balle,
        etape=etape,
        depose=depuis - timedelta(days=1 + h % 90),
        depuis=depuis,
        avant=None if etat in SANS_ECHEANCE else depuis + timedelta(days=20 + g % 40),
        a_expliquer=etat in (Etat.RECONNUES, Etat.NON_RECONNUES) and g % 10 == 0,
    )


def voie(etat: Etat) -> str:
    """Voie qui convient à l'état."""
    if etat == Etat.TEMPORAIRE:
        return Voie.TEMPORAIRE
    return Voie.EVALUEE if etat in CHEZ_CSEMS or etat in APRES_DECISION else ""


def instant(jour: date, minute: int = 0) -> str:
    """Instant ISO de ce jour, à quatorze heures UTC et `minute` minutes."""
    return (datetime.combine(jour, time(14), tzinfo=UTC) + timedelta(minutes=minute)).isoformat()


def reference(i: int, longueur: int, alphabet: str = ALPHABET_REFERENCE) -> str:
    """Référence unique : multiplier par un nombre premier avec la taille de l'espace ne se répète jamais."""
    base = len(alphabet)
    reste = (i * 1_000_000_007 + 123_456_789) % base**longueur
    signes = []
    for _ in range(longueur):
        reste, rang = divmod(reste, base)
        signes.append(alphabet[rang])
    return "".join(signes)
