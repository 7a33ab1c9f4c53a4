"""Ce qui se note d'un écrit reçu : sa forme, qui l'écrit, et si la prestation a été réduite de plus de la moitié.

Rien n'en est exigé : tout écrit est une demande de révision, reçue et datée.
Source : Loi sur l'aide aux personnes et aux familles, art. 107 et 114; manuel, sujets 43363 et 43364 (un avocat
mandaté écrit sans la signature de la personne).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from dossiers import verification as verifier
from revision.models import Revision
from socle.refus import Refus

CHAMPS_REPRESENTANT = ("nom", "qualite", "preuve")
NOM_MAX = 200
OUI_NON = {"oui": True, "non": False}


def lire(jour: date, forme: Any, representant: Any, reduite: Any, reduite_le: Any) -> dict[str, Any]:
    """Les champs de `Revision` correspondants; vides si rien n'est donné, `champ_invalide` si c'est mal formé.

    `jour` : aujourd'hui; `reduite_le` ne le dépasse pas et ne va pas sans une réduction.
    """
    depuis = verifier.une_date("reduite_le", reduite_le, requis=False)
    coupee = _oui_non(reduite)
    if depuis is not None and (depuis > jour or coupee is not True):
        raise Refus("champ_invalide", champ="reduite_le")
    return {
        "forme": verifier.parmi("forme", forme, Revision.Forme.values) if forme else "",
        "representant_json": _representant(representant),
        "prestation_reduite": coupee,
        "reduite_le": depuis,
    }


def _oui_non(valeur: Any) -> bool | None:
    if valeur is None or valeur == "":
        return None
    if isinstance(valeur, bool):
        return valeur
    if not isinstance(valeur, str) or valeur not in OUI_NON:
        raise Refus("champ_invalide", champ="prestation_reduite_de_plus_de_moitie")
    return OUI_NON[valeur]


def _representant(valeur: Any) -> str:
    if valeur is None or valeur == {}:
        return ""
    if not isinstance(valeur, dict) or set(valeur) - set(CHAMPS_REPRESENTANT):
        raise Refus("champ_invalide", champ="representant")
    lu = {
        champ: verifier.texte("representant", valeur.get(champ), requis=champ == "nom", maximum=NOM_MAX)
        for champ in CHAMPS_REPRESENTANT
    }
    return json.dumps(lu, ensure_ascii=False, sort_keys=True)
