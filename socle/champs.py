"""Champs chiffrés au repos, et empreinte pour la recherche exacte.

`CLES_CHIFFREMENT` est un trousseau : la première clé chiffre, toutes déchiffrent.
Tourner une clé : l'ajouter en tête, réécrire les lignes, retirer l'ancienne.
Source : `conception.md` §5 (NAM et NAS chiffrés, recherche par empreinte).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact

# Tout jeton Fernet commence par l'octet 0x80 et quatre octets nuls d'horodatage, en base 64 ou non.
EN_TETE_JETON = b"\x80"
PREFIXE_JETON = "gAAAA"


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


class TexteFige(TexteChiffre):
    """Un texte chiffré dans une colonne qui a porté du clair, sans réécrire les lignes d'alors.

    Tout ce qui s'écrit est chiffré. Ce qui se lit sans être un jeton Fernet date d'avant et se rend tel quel :
    à n'employer que pour un texte qui ne peut commencer comme un jeton (une page HTML commence par « < »).
    """

    def from_db_value(self, valeur: str | None, *_: Any) -> str | None:
        if valeur is None or not valeur.startswith(PREFIXE_JETON):
            return valeur
        return dechiffrer(valeur)


class OctetsChiffres(models.BinaryField):
    """Des octets chiffrés au repos, en clair dans Python; vides, ils restent vides.

    Le jeton se garde sans sa base 64 : un tiers de place de moins. Des octets d'avant, en clair, se lisent tels
    quels (un PDF commence par « %PDF »). Ne se cherche pas.
    """

    description = "Octets chiffrés au repos"

    def from_db_value(self, valeur: bytes | memoryview | None, *_: Any) -> bytes | None:
        if valeur is None:
            return None
        lus = bytes(valeur)
        if not lus.startswith(EN_TETE_JETON):
            return lus
        try:
            return trousseau().decrypt(urlsafe_b64encode(lus))
        except InvalidToken as erreur:
            raise DechiffrementImpossible("Aucune clé du trousseau n'ouvre cette valeur.") from erreur

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, bytes | bytearray | memoryview) and len(value):
            value = urlsafe_b64decode(trousseau().encrypt(bytes(value)))
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return _lecture_permise(lookup_name, super().get_lookup)


class JsonChiffre(models.JSONField):
    """Un JSON chiffré au repos dans sa colonne `jsonb` : une chaîne, qui est le jeton du JSON entier.

    Une valeur d'avant, en clair, est un objet ou une liste et se lit telle quelle; une chaîne seule est toujours
    un jeton. Ne se cherche ni ne se parcourt en SQL.
    """

    description = "JSON chiffré au repos"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        lue = super().from_db_value(value, expression, connection)
        return json.loads(dechiffrer(lue), cls=self.decoder) if isinstance(lue, str) else lue

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not hasattr(value, "as_sql"):
            value = chiffrer(json.dumps(value, cls=self.encoder, ensure_ascii=False))
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return _lecture_permise(lookup_name, super().get_lookup)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError("Un champ chiffré ne se parcourt pas en SQL.")


def _lecture_permise(nom: str, chercher: Any) -> Any:
    # « df » : un déclencheur compare la colonne à elle-même, chiffre contre chiffre, pour la tenir figée.
    if nom not in {"isnull", "df"}:
        raise FieldError("Un champ chiffré ne se cherche pas; employez son empreinte.")
    return chercher(nom)
