"""Règles pures de la grille : réponses permises, différences entre avis, part de l'âge.

Source : Loi sur l'aide aux personnes et aux familles, art. 70; étude SOM, obstacles 35 à 43.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluation.regles import AvisLu, dissidents

AGE = "age"
CHOIX: dict[str, dict[str, str]] = {
    "reponse": {"oui": "Oui", "non": "Non", "inconnu": "Renseignement insuffisant"},
    "facteur": {"nuit": "Nuit", "neutre": "Neutre", "aide": "Aide", "inconnu": "Inconnu"},
    "age": {"non": "Non", "oui": "Oui"},
}


def differences(avis: Iterable[AvisLu], recommandations: Mapping[str, str]) -> list[str]:
    """Ce qui diffère hors des trois questions : recommandation, domaines, facteurs; une phrase chacune.

    Un évaluateur qui n'a pas répondu à une ligne n'y contredit personne : la ligne ne se compare qu'entre ceux
    qui y ont répondu. `recommandations` : les mots de chaque recommandation.
    """
    liste = list(avis)
    phrases = []
    if len({lu.recommandation for lu in liste}) > 1:
        voix = "; ".join(
            f"{lu.auteur} recommande « {recommandations.get(lu.recommandation, lu.recommandation).lower()} »"
            for lu in liste
        )
        phrases.append(f"Recommandation : {voix}.")
    for code, libelle in _libelles(liste).items():
        voix_dites = [(lu.auteur, dites[code]) for lu in liste if code in (dites := reponses_en_mots(lu.grille))]
        if len({reponse for _, reponse in voix_dites}) > 1:
            voix = "; ".join(f"{auteur} répond « {reponse} »" for auteur, reponse in voix_dites)
            phrases.append(f"{libelle} : {voix}.")
    return phrases


def _entrees(grille: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """(clé, libellé, réponse en mots) de chaque ligne et de chaque domaine répondus."""
    for ligne in grille.get("mots", []):
        for un in ligne.get("domaines", []):
            yield f"domaine:{un['code']}", un["libelle"], un["reponse"]
        if ligne.get("reponse"):
            yield ligne["code"], ligne["libelle"], ligne["reponse"]


def _libelles(avis: Sequence[AvisLu]) -> dict[str, str]:
    """Libellé de chaque ligne, sans son point d'interrogation, dans l'ordre où les avis les portent."""
    libelles: dict[str, str] = {}
    for lu in avis:
        for cle, libelle, _ in _entrees(lu.grille):
            libelles.setdefault(cle, libelle.rstrip(" ?\u00a0\u202f"))
    return libelles


def reponses_en_mots(grille: Mapping[str, Any]) -> dict[str, str]:
    """Réponse de chaque ligne et de chaque domaine, en mots."""
    return {cle: reponse for cle, _, reponse in _entrees(grille)}


def age(avis: Iterable[AvisLu]) -> dict[str, Any]:
    """La part de l'âge dans ce que la décision retient : `{"pese": True, "phrases": […]}`, ou vide s'il n'a pas pesé.

    Un dissident, que le tiers avis écarte, ne parle pas dans la lettre; les autres, si.
    """
    liste = list(avis)
    ecartes = dissidents(liste)
    retenus = [lu for lu in liste if lu.tiers or lu.metier not in ecartes]
    dites = [(lu.grille.get("lignes") or {}).get(AGE) or {} for lu in retenus]
    pesees = [dite for dite in dites if dite.get("reponse") == "oui"]
    if not pesees:
        return {}
    phrases = [dite["phrase"] for dite in pesees if dite.get("phrase")]
    return {"pese": True, "phrases": list(dict.fromkeys(phrases))}
