"""Champs chiffrés au repos, et empreinte pour la recherche exacte.

`CLES_CHIFFREMENT` est un trousseau : la première clé chiffre, toutes déchiffrent.
Tourner une clé : l'ajouter en tête, réécrire les lignes, retirer l'ancienne.
Source : `conception.md` §5 (NAM et NAS chiffrés, recherche par empreinte).
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact


class DechiffrementImpossible(Exception):
    """Aucune clé du trousseau n'ouvre la valeur : une clé a été retirée trop tôt."""


@lru_cache(maxsize=4)
def _trousseau(cles: tuple[str, ...]) -> MultiFernet:
    if not cles:
        raise ImproperlyConfigured("CLES_CHIFFREMENT doit contenir au moins une clé.")
    try:
        return MultiFernet([Fernet(cle) for cle in cles])
    except ValueError as erreur:
        raise ImproperlyConfigured("Chaque clé de CLES_CHIFFREMENT doit être une clé Fernet.") from erreur


def trousseau() -> MultiFernet:
    """Le trousseau des réglages courants."""
    return _trousseau(tuple(settings.CLES_CHIFFREMENT))


def chiffrer(clair: str) -> str:
    """Chiffrer un texte; le texte vide reste vide."""
    return trousseau().encrypt(clair.encode()).decode("ascii") if clair else ""


def dechiffrer(chiffre: str) -> str:
    """Déchiffrer un texte; `DechiffrementImpossible` si aucune clé ne convient."""
    if not chiffre:
        return ""
    try:
        return trousseau().decrypt(chiffre.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as erreur:
        raise DechiffrementImpossible("Aucune clé du trousseau n'ouvre cette valeur.") from erreur


class TexteChiffre(models.TextField):
    """Un texte chiffré au repos, en clair dans Python. `""` et `None` restent tels quels.

    Le chiffre change à chaque écriture : une recherche par valeur ne trouverait rien,
    elle est donc refusée (`FieldError`), sauf `isnull` et l'égalité au texte vide.
    """

    description = "Texte chiffré au repos"

    def from_db_value(self, valeur: str | None, *_: Any) -> str | None:
        return None if valeur is None else dechiffrer(valeur)

    def get_prep_value(self, value: Any) -> Any:
        prete = super().get_prep_value(value)
        return chiffrer(prete) if isinstance(prete, str) else prete

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull", "exact"}:
            raise FieldError("Un champ chiffré ne se cherche pas; employez son empreinte.")
        return _EgaliteVide if lookup_name == "exact" else super().get_lookup(lookup_name)


class _EgaliteVide(Exact):
    """Seule égalité permise : le texte vide, qui n'est pas chiffré."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("Un champ chiffré ne se cherche pas; employez son empreinte.")
        return super().get_prep_lookup()


def normaliser(texte: str) -> str:
    """Forme comparée d'un numéro : sans aucun espace, en majuscules."""
    return "".join(texte.split()).upper()


def empreinte(texte: str) -> str:
    """HMAC-SHA256 (64 signes hexadécimaux) d'un numéro normalisé, clé `CLE_EMPREINTE`.

    Sert à la recherche exacte d'un NAM ou d'un NAS sans le déchiffrer.
    """
    cle = settings.CLE_EMPREINTE
    if not cle:
        raise ImproperlyConfigured("CLE_EMPREINTE est vide.")
    return hmac.new(cle.encode(), normaliser(texte).encode(), hashlib.sha256).hexdigest()
