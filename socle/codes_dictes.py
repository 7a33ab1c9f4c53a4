"""Les codes qu'une personne dicte ou recopie : un alphabet sans signes qui se confondent, une lecture indulgente.

L'alphabet est celui de Crockford, sans I, L, O ni U; à la lecture, O vaut 0, I et L valent 1, U vaut V. Un signe
porte cinq bits.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SAISIE_MAX = 60  # signes lus d'une saisie : un code, et de la place pour des espaces de trop
_LUS = {**{signe: signe for signe in ALPHABET}, "O": "0", "I": "1", "L": "1", "U": "V"}
_IGNORES = frozenset(" \t\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014\u2212._")


def tirer(longueur: int) -> str:
    """Un code neuf, sans tiret; toujours du hasard du système, même dans une démonstration."""
    return "".join(secrets.choice(ALPHABET) for _ in range(longueur))


def lire(saisi: str, longueur: int) -> str | None:
    """Les signes d'une saisie, ou None; minuscules, espaces et tirets sont pardonnés."""
    lus = []
    for signe in saisi.strip()[:SAISIE_MAX]:
        if signe in _IGNORES:
            continue
        # `upper` d'un signe peut en rendre plusieurs (ß) : il n'est alors dans aucun alphabet.
        compris = _LUS.get(signe.upper()) if signe.isascii() else None
        if compris is None:
            return None
        lus.append(compris)
    return "".join(lus) if len(lus) == longueur and len(saisi.strip()) <= SAISIE_MAX else None


def grouper(code: str, taille: int) -> str:
    """Le code en groupes séparés d'un tiret, tel qu'il s'imprime et se dicte."""
    return "-".join(code[rang : rang + taille] for rang in range(0, len(code), taille))
