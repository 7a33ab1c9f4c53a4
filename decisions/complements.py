"""Ce que la signature porte en plus : phrases des motifs, orientation, et ce qui se compte sans rien changer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from decisions import regles
from decisions.models import Decision
from dossiers import verification as verifier
from referentiels import lecture as referentiels
from socle.refus import Refus


def phrase_max(le: date) -> int:
    """Longueur la plus grande d'une phrase de motif, en signes (règle datée)."""
    return int(referentiels.regle("motif_lettre_max_caracteres", le))


def phrases(valeur: Any, motifs: Iterable[str], le: date) -> str:
    """`{code: phrase}` en JSON, vide si rien n'est dit; lève `champ_invalide` hors des motifs signés ou trop long."""
    if valeur in (None, "", {}):
        return ""
    signes = set(motifs)
    if not isinstance(valeur, Mapping) or not set(valeur) <= signes:
        raise Refus("champ_invalide", champ="phrases_motifs")
    maximum = phrase_max(le)
    lues = {
        str(code): verifier.texte("phrases_motifs", texte, requis=False, maximum=maximum)
        for code, texte in valeur.items()
    }
    dites = {code: texte for code, texte in lues.items() if texte}
    return json.dumps(dites, ensure_ascii=False) if dites else ""


def lire_phrases(decision: Decision) -> dict[str, str]:
    """Les phrases signées, par code de motif."""
    return dict(json.loads(decision.phrases_json)) if decision.phrases_json else {}


def orientation(valeur: Any, le: date) -> list[str]:
    """Codes de programmes en vigueur; lève `champ_invalide` pour un autre."""
    return verifier.codes("orientation", valeur, verifier.codes_de(referentiels.programmes_aide(le)), requis=False)


def orientation_figee(codes: Iterable[str], le: date) -> list[dict[str, str]]:
    """Chaque programme tel que la lettre le dira, dans les deux langues; un code éteint ce jour-là n'est pas dit."""
    lus = [referentiels.programme_aide(code, le) for code in codes]
    return [
        {
            "code": un.code,
            "nom": un.libelle,
            "nom_en": un.libelle_en or un.libelle,
            "quoi": un.description,
            "quoi_en": un.description_en or un.description,
            "telephone": un.telephone,
        }
        for un in lus
        if un is not None
    ]


def severe_non_permanente(decision: Decision) -> bool:
    """`regles.severe_non_permanente`, lue au projet figé que la décision signe."""
    contenu = decision.projet.contenu if decision.projet is not None else {}
    reponses = {une["question"]: une["reponse"] for une in contenu.get("questions", [])}
    return regles.severe_non_permanente(decision.issue, reponses)
