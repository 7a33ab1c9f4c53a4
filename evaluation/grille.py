"""La grille d'évaluation : sa définition datée, ce qu'un avis en garde, et comment cela se dit.

Les trois questions de la loi restent au contrat des actes (`evaluation.regles.QUESTIONS`). Le reste de la grille
vient des référentiels à la date de la demande; un avis rendu garde avec ses réponses les mots de sa définition,
et se relit donc tel qu'il a été rempli, même si la définition a changé depuis.
Source : `domaine.md` §3; Loi sur l'aide aux personnes et aux familles, art. 70.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from decisions.contenus import age
from dossiers import verification as verifier
from evaluation.regles_grille import AGE, CHOIX
from referentiels import lecture as referentiels
from referentiels.models import QuestionGrille
from socle.refus import Refus

Genre = QuestionGrille.Genre
Volet = QuestionGrille.Volet
VOLETS = {
    Volet.MEDICAL: "Volet médical",
    Volet.SOCIO: "Volet socioprofessionnel",
    Volet.COMMUN: "La part de l'âge",
}


@dataclass(frozen=True)
class Definition:
    """La grille en vigueur un jour : ses lignes dans l'ordre, ses domaines et leurs niveaux (code, libellé).

    `phrase_max` : longueur permise de chaque phrase, en signes.
    """

    jour: date
    lignes: tuple[QuestionGrille, ...]
    domaines: tuple[tuple[str, str], ...]
    niveaux: tuple[tuple[str, str], ...]
    phrase_max: int

    def du_volet(self, volet: str) -> list[QuestionGrille]:
        """Les lignes d'un volet."""
        return [ligne for ligne in self.lignes if ligne.volet == volet]

    def choix(self, ligne: QuestionGrille) -> dict[str, str]:
        """Réponses permises à une ligne, en mots; vide pour les domaines, qui ont leurs niveaux."""
        return CHOIX.get(ligne.genre, {})


def definition(jour: date) -> Definition:
    """La grille en vigueur à la date de la demande."""
    return Definition(
        jour,
        referentiels.questions_grille(jour),
        tuple((un.code, un.libelle) for un in referentiels.domaines(jour)),
        tuple((un.code, un.libelle) for un in referentiels.niveaux(jour)),
        int(referentiels.regle("grille_phrase_max_caracteres", jour)),
    )


def commentaire_max(jour: date) -> int:
    """Longueur permise, en signes, du commentaire d'une dissidence (règle datée)."""
    return int(referentiels.regle("concertation_commentaire_max_caracteres", jour))


def verifiee(brute: Any, jour: date) -> dict[str, Any]:
    """Rang 8 : les réponses d'une grille, jugées par sa définition, avec les mots de celle-ci; vide si rien n'est dit.

    `brute` : `{"lignes": {code: {"reponse", "phrase"}}, "domaines": {domaine: niveau}}`; tout y est facultatif.
    """
    if brute is None:
        return {}
    if not isinstance(brute, Mapping) or not set(brute) <= {"lignes", "domaines"}:
        raise Refus("champ_invalide", champ="grille")
    selon = definition(jour)
    lignes = _lignes(brute.get("lignes") or {}, selon)
    domaines = _domaines(brute.get("domaines") or {}, selon)
    if not lignes and not domaines:
        return {}
    return {"lignes": lignes, "domaines": domaines, "mots": _mots(selon, lignes, domaines)}


def _lignes(brutes: Any, selon: Definition) -> dict[str, dict[str, str]]:
    connues = {ligne.code: ligne for ligne in selon.lignes if ligne.genre != Genre.DOMAINES}
    if not isinstance(brutes, Mapping) or not set(brutes) <= set(connues):
        raise Refus("champ_invalide", champ="grille")
    gardees = {}
    for code, ligne in connues.items():
        dite = brutes.get(code)
        if dite is None:
            continue
        if not isinstance(dite, Mapping) or not set(dite) <= {"reponse", "phrase"}:
            raise Refus("champ_invalide", champ="grille")
        reponse = dite.get("reponse") or ""
        if reponse:
            verifier.parmi("grille", reponse, selon.choix(ligne))
        phrase = verifier.texte("grille", dite.get("phrase"), requis=False, maximum=selon.phrase_max)
        gardees[code] = {nom: valeur for nom, valeur in (("reponse", reponse), ("phrase", phrase)) if valeur}
    return {code: dite for code, dite in gardees.items() if dite}


def _domaines(bruts: Any, selon: Definition) -> dict[str, str]:
    niveaux = dict(selon.niveaux)
    offerts = any(ligne.genre == Genre.DOMAINES for ligne in selon.lignes)
    if not isinstance(bruts, Mapping) or not set(bruts) <= (set(dict(selon.domaines)) if offerts else set()):
        raise Refus("champ_invalide", champ="grille")
    return {
        domaine: verifier.parmi("grille", bruts[domaine], niveaux)
        for domaine, _ in selon.domaines
        if bruts.get(domaine)
    }


def _mots(selon: Definition, lignes: Mapping[str, Any], domaines: Mapping[str, str]) -> list[dict[str, Any]]:
    """Ce que la grille disait, ligne par ligne, dans l'ordre et les mots de sa définition."""
    noms, niveaux, dites = dict(selon.domaines), dict(selon.niveaux), []
    for ligne in selon.lignes:
        commun = {"code": ligne.code, "volet": ligne.volet, "genre": ligne.genre, "libelle": ligne.libelle}
        if ligne.genre == Genre.DOMAINES and domaines:
            niveaux_dits = [
                {"code": code, "libelle": noms[code], "reponse": niveaux[niveau]} for code, niveau in domaines.items()
            ]
            dites.append({**commun, "domaines": niveaux_dits})
        elif ligne.code in lignes:
            dite = lignes[ligne.code]
            reponse = selon.choix(ligne).get(dite.get("reponse", ""), "")
            dites.append({**commun, "reponse": reponse, "phrase": dite.get("phrase", "")})
    return dites


def en_mots(grille: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Une grille rendue, volet par volet : `[{titre, lignes: [{libelle, reponse, phrase}]}]`. Pur."""
    volets = []
    for volet, titre in VOLETS.items():
        lignes = [
            dite
            for ligne in grille.get("mots", [])
            if ligne["volet"] == volet
            for dite in (
                [{**un, "phrase": ""} for un in ligne["domaines"]] if ligne["genre"] == Genre.DOMAINES else [ligne]
            )
        ]
        if lignes:
            volets.append({"titre": titre, "lignes": lignes})
    return volets


def elaguee(brute: Mapping[str, Any], jour: date) -> dict[str, Any]:
    """Un brouillon de grille, sans ce que la définition n'offre plus : une ligne fermée n'empêche pas de rendre."""
    selon = definition(jour)
    connues = {ligne.code: selon.choix(ligne) for ligne in selon.lignes}
    niveaux, domaines = dict(selon.niveaux), dict(selon.domaines)
    lignes = {
        code: dite
        for code, dite in (brute.get("lignes") or {}).items()
        if code in connues and dite.get("reponse", "") in ("", *connues[code])
    }
    dits = {un: niveau for un, niveau in (brute.get("domaines") or {}).items() if un in domaines and niveau in niveaux}
    return {"lignes": lignes, "domaines": dits}


def avant_de_rendre(brute: Mapping[str, Any], jour: date) -> list[dict[str, Any]]:
    """Un brouillon de grille en mots, comme l'avis le gardera."""
    return en_mots(verifiee(elaguee(brute, jour), jour))


def sans_les_mots(rendue: Mapping[str, Any]) -> dict[str, Any]:
    """Les réponses d'une grille rendue, pour en faire le départ d'une nouvelle version."""
    return {nom: rendue[nom] for nom in ("lignes", "domaines") if rendue.get(nom)}


def apercu_de_l_age(reponse: str, phrase: str) -> list[dict[str, str]]:
    """Une ligne d'aperçu : ce que la lettre dira de l'âge; aucune s'il n'a pas pesé."""
    if reponse != "oui":
        return []
    dite = age.dire({"age": {"pese": True, "phrases": [phrase]}}, anglais=False)
    return [{"question": dite["phrase"], "reponse": "", "raison": "\n".join(dite["libres"])}]


def age_sans_phrase(brute: Mapping[str, Any]) -> bool:
    """Vrai si l'âge a pesé sans que l'on dise comment : l'écran arrête la main, l'acte ne refuse rien."""
    dite = (brute.get("lignes") or {}).get(AGE) or {}
    return dite.get("reponse") == "oui" and not dite.get("phrase")
