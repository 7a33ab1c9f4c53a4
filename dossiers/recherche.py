"""Chercher une personne : clé de tri sans accent, empreintes exactes des identifiants."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django.db.models import Q

from dossiers.models import Dossier
from dossiers.requetes import DossierQuerySet
from socle.champs import empreinte

MOTIF_REFERENCE = re.compile(r"^[2-9B-DF-HJ-NP-TV-XZ]{4}-?[2-9B-DF-HJ-NP-TV-XZ]{4}$")
# Ce que tape un lecteur de codes QR devant la feuille SR-2100 : « SR2100 ABCD-2345 1/2 ». Branché à un clavier d'une
# autre langue, il tape d'autres signes pour le tiret et la barre.
MOTIF_FEUILLE = re.compile(r"^SR2100([2-9B-DF-HJ-NP-TV-XZ]{4}).?([2-9B-DF-HJ-NP-TV-XZ]{4})\d.?\d$")
MOTIF_NAM = re.compile(r"^[A-Z]{4}\d{8}$")
MOTIF_NAS = re.compile(r"^\d{9}$")


def sans_accent(texte: str) -> str:
    """Minuscules sans accent ni ponctuation; sert au tri et à la recherche, jamais à l'affichage."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    lettres = "".join(signe for signe in decompose if not unicodedata.combining(signe))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", lettres.replace("œ", "oe").replace("æ", "ae")).split())


def cle_de_tri(nom: str, prenom: str) -> str:
    """« nom prenom » sans accent, tel que la file le trie."""
    return sans_accent(f"{nom} {prenom}")[:200]


def empreintes(identite: dict[str, Any]) -> dict[str, Any]:
    """Ajoute aux identifiants leur empreinte HMAC, qui seule permet la recherche exacte."""
    complete = dict(identite)
    for champ in ("nam", "nas"):
        valeur = complete.get(champ) or ""
        complete[f"{champ}_empreinte"] = empreinte(valeur) if valeur else ""
    return complete


def semblables(nom: str, prenom: str, *, naissance: date, nam: str = "", **_reste: Any) -> DossierQuerySet:
    """Dossiers de même NAM, ou de même nom et de même date de naissance, tous bureaux confondus."""
    memes = Q(cle_tri=cle_de_tri(nom, prenom), naissance=naissance)
    if nam:
        memes |= Q(nam_empreinte=empreinte(nam))
    return Dossier.objects.filter(memes).order_by("pk")


def chercher(dossiers: DossierQuerySet, saisie: str) -> DossierQuerySet:
    """Restreint des dossiers déjà visibles à ceux que nomme la saisie : référence, NAM, NAS ou début de nom."""
    compacte = re.sub(r"[\s-]", "", saisie).upper()
    if feuille := MOTIF_FEUILLE.match(compacte):
        compacte = feuille[1] + feuille[2]
    if MOTIF_REFERENCE.match(compacte):
        trouve = dossiers.filter(reference=f"{compacte[:4]}-{compacte[4:]}")
        if trouve.exists() or not compacte.isalpha():
            return trouve
    if MOTIF_NAM.match(compacte):
        return dossiers.filter(nam_empreinte=empreinte(compacte))
    if MOTIF_NAS.match(compacte):
        return dossiers.filter(nas_empreinte=empreinte(compacte))
    mots = sans_accent(saisie).split()
    if not mots:
        return dossiers.none()
    for mot in mots:
        dossiers = dossiers.filter(cle_tri__contains=mot)
    return dossiers.order_by("cle_tri", "pk")


__all__ = ["Dossier", "chercher", "cle_de_tri", "empreintes", "sans_accent", "semblables"]
