"""Ce qui arrive d'un fichier : du JSON sans équivoque, puis une `QuestionnaireResponse` bien formée."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from formulaires.fhir.problemes import RACINE, Probleme, ReponseRefusee, chemin_de

if TYPE_CHECKING:
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

OCTETS_MAX = 2_000_000
# Sortes d'erreurs de la bibliothèque que nous disons mieux qu'elle.
PHRASES = {
    "extra_forbidden": ("structure", "L'élément « {nom} » n'existe pas ici en FHIR R4."),
    "model_field_validation.missing": ("required", "L'élément « {nom} » manque."),
    "missing": ("required", "L'élément « {nom} » manque."),
    "string_pattern_mismatch": ("value", "Le texte de « {nom} » est vide ou mal formé."),
    "fhir-validation-wrong-resource-type": ("structure", "La ressource attendue est une QuestionnaireResponse."),
}
AUTRE = ("value", "La valeur de « {nom} » n'a pas la forme que FHIR R4 exige.")


def lire_json(octets: bytes) -> Any:
    """Le JSON du fichier. Lève `ReponseRefusee` : trop lourd, illisible, clé répétée, nombre qui n'en est pas un."""
    if len(octets) > OCTETS_MAX:
        dit = f"Le fichier pèse plus de {OCTETS_MAX // 1_000_000} Mo. Envoyez la réponse seule, sans pièce jointe."
        raise ReponseRefusee([Probleme("too-long", dit)])
    try:
        return json.loads(octets.decode("utf-8-sig"), object_pairs_hook=_sans_doublon, parse_constant=_refuser)
    except (ValueError, RecursionError) as cause:
        precise = f" {cause}" if isinstance(cause, CleRepetee) else ""
        raise ReponseRefusee([Probleme("structure", f"Le fichier n'est pas du JSON lisible.{precise}")]) from cause


class CleRepetee(ValueError):
    """Une clé écrite deux fois : la seconde effacerait la première en silence."""


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    lu = dict(paires)
    if len(lu) != len(paires):
        noms = [nom for nom, _ in paires]
        double = next(nom for nom in noms if noms.count(nom) > 1)
        raise CleRepetee(f"La clé « {double} » y est écrite deux fois dans le même objet.")
    return lu


def _refuser(constante: str) -> Any:
    raise ValueError(constante)


def valider_forme(ressource: Any) -> QuestionnaireResponse:
    """Le modèle R4B de la ressource. Lève `ReponseRefusee`, un constat par erreur de la bibliothèque."""
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
    from pydantic import ValidationError

    if not isinstance(ressource, dict) or ressource.get("resourceType") != RACINE:
        raise ReponseRefusee([Probleme("structure", PHRASES["fhir-validation-wrong-resource-type"][1])])
    try:
        modele = QuestionnaireResponse.model_validate(ressource)
    except ValidationError as cause:
        raise ReponseRefusee([_constat(erreur, ressource) for erreur in cause.errors()]) from cause
    return modele


def _constat(erreur: Any, ressource: dict[str, Any]) -> Probleme:
    lieu = tuple(erreur["loc"])
    sorte, phrase = PHRASES.get(str(erreur["type"]), AUTRE)
    if str(erreur["type"]) == "value_error" and lieu and "multiple" in str(erreur["msg"]):
        sorte, phrase = "structure", "Une réponse porte une seule valeur."
    noms = [pas for pas in lieu if isinstance(pas, str)]
    champ = _link_id(lieu, ressource)
    dit = phrase.format(nom=noms[-1] if noms else RACINE)
    return Probleme(sorte, f"{dit} Champ : {champ}." if champ else dit, chemin_de(lieu))


def _link_id(lieu: tuple[str | int, ...], ressource: Any) -> str:
    """Le `linkId` de l'item le plus proche de l'erreur, ou une chaîne vide."""
    trouve, ici = "", ressource
    for pas in lieu:
        try:
            ici = ici[pas]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(ici, dict) and isinstance(ici.get("linkId"), str):
            trouve = ici["linkId"]
    return trouve[:100]
