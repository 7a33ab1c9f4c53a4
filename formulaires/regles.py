"""Règles pures des formulaires : lire un rapport, le comparer, juger l'évident et la complétude.

Aucune base ici. Source : `cas/LISEZMOI.md`, « Précisions »; `domaine.md` §§2 à 5.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from referentiels.droit import BORNES, CAS, regle_de_droit
from referentiels.regles import age_a, libelles_identiques
from socle.refus import Refus

CHAMPS_RAPPORT = (
    "diagnostics",
    "limitations",
    "duree",
    "contrainte",
    "effet_cumulatif",
    "justification",
    "deterioration",
    "traitements",
    "evolution",
    "depuis",
    "suivi_depuis",
    "contact",
)
CHAMPS_COMPARES = ("diagnostics", "limitations", "duree", "contrainte", "effet_cumulatif", "justification")
CHAMPS_SR2105 = ("scolarite", "emplois", "hospitalisations", "suivis", "situation", "personnes_a_joindre")
CHAMPS_CONTRIBUTION = ("suivi", "moyens", "limitations", "constats", "parcours", "soutien", "aides", "opinion")
# Ce que chaque nature de contribution peut dire, dans l'ordre de la page.
CHAMPS_PAR_NATURE = {
    "fonctionnelle": ("suivi", "moyens", "limitations", "constats", "aides", "opinion"),
    "psychosociale": ("suivi", "moyens", "constats", "parcours", "soutien", "aides", "opinion"),
}
CONTRAINTES = ("temporaire", "severe")
DUREES = ("mois", "permanente", "indeterminee")
DUREE_INCOHERENTE = "duree_incoherente"
DIAGNOSTICS_MAX = 20
LIBELLE_MAX = 300
TEXTE_LIBRE_MAX = 4000


def canonique(contenu: Mapping[str, Any]) -> str:
    """JSON canonique : clés triées, sans espace, accents gardés; c'est lui que scelle le SHA-256."""
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def empreinte_contenu(contenu: Mapping[str, Any]) -> str:
    """SHA-256 hexadécimal de la forme canonique."""
    return hashlib.sha256(canonique(contenu).encode()).hexdigest()


def mois_de(contenu: Mapping[str, Any]) -> int | None:
    """Nombre de mois de limitations écrit au rapport, ou None si la durée n'est pas en mois."""
    duree = contenu.get("duree")
    if not isinstance(duree, Mapping) or duree.get("type") != "mois":
        return None
    mois = duree.get("mois")
    return mois if isinstance(mois, int) and not isinstance(mois, bool) else None


@regle_de_droit(
    "duree_severe",
    "Contrainte sévère : durée écrite au rapport",
    source="Manuel, sujet 42477; étude SOM, obstacle 12",
    regles=("duree_severe_mois",),
)
def duree_incoherente(contenu: Mapping[str, Any], mois_severe: int) -> bool:
    """Vrai si « sévère » est coché avec une durée en mois sous le seuil daté (12 mois au départ).

    Source : étude SOM, obstacle 12; `domaine.md` §2.1.
    """
    mois = mois_de(contenu)
    return contenu.get("contrainte") == "severe" and mois is not None and mois < mois_severe


def _absent(valeur: Any) -> bool:
    return valeur is None or (isinstance(valeur, str | list | Mapping) and not valeur)


def verifier_rapport(contenu: Mapping[str, Any], domaines: Collection[str], niveaux: Collection[str]) -> None:
    """Lève `champ_manquant` puis `champ_invalide` si le rapport ne peut pas être signé.

    Exigés : un diagnostic, exactement un principal, une limitation, la durée, la contrainte.
    """
    for champ in ("diagnostics", "limitations", "duree", "contrainte"):
        if _absent(contenu.get(champ)):
            raise Refus("champ_manquant", champ=champ)
    _verifier_diagnostics(contenu["diagnostics"])
    _verifier_limitations(contenu["limitations"], domaines, niveaux)
    _verifier_duree(contenu["duree"])
    if contenu["contrainte"] not in CONTRAINTES:
        raise Refus("champ_invalide", champ="contrainte")
    for champ in ("effet_cumulatif", "deterioration"):
        if not isinstance(contenu.get(champ) or False, bool):
            raise Refus("champ_invalide", champ=champ)
    for champ in ("justification", "traitements", "evolution", "depuis", "suivi_depuis", "contact"):
        _verifier_texte(champ, contenu.get(champ), TEXTE_LIBRE_MAX)


def verifier_contribution(
    contenu: Mapping[str, Any], nature: str, domaines: Collection[str], niveaux: Collection[str]
) -> None:
    """Lève `champ_manquant` puis `champ_invalide` si la contribution ne peut pas être signée.

    Exigés : les constats. Un champ étranger à la nature est refusé : rien d'écrit ne se perd en silence.
    """
    constats = contenu.get("constats")
    if _absent(constats) or (isinstance(constats, str) and not constats.strip()):
        raise Refus("champ_manquant", champ="constats")
    permis = CHAMPS_PAR_NATURE[nature]
    for champ in contenu:
        if champ not in permis:
            raise Refus("champ_invalide", champ=champ)
        if champ != "limitations":
            _verifier_texte(champ, contenu[champ], TEXTE_LIBRE_MAX)
    if contenu.get("limitations"):
        _verifier_limitations(contenu["limitations"], domaines, niveaux)


def _verifier_texte(champ: str, valeur: Any, maximum: int) -> None:
    if valeur is None:
        return
    if not isinstance(valeur, str) or len(valeur) > maximum or "\x00" in valeur:
        raise Refus("champ_invalide", champ=champ)


def _verifier_diagnostics(diagnostics: Any) -> None:
    if not isinstance(diagnostics, list) or len(diagnostics) > DIAGNOSTICS_MAX:
        raise Refus("champ_invalide", champ="diagnostics")
    if not all(isinstance(diagnostic, Mapping) for diagnostic in diagnostics):
        raise Refus("champ_invalide", champ="diagnostics")
    for diagnostic in diagnostics:
        libelle = diagnostic.get("libelle")
        if _absent(libelle) or (isinstance(libelle, str) and not libelle.strip()):
            raise Refus("champ_manquant", champ="diagnostics")
        _verifier_texte("diagnostics", libelle, LIBELLE_MAX)
        _verifier_texte("diagnostics", diagnostic.get("code"), 20)
        if not isinstance(diagnostic.get("principal") or False, bool):
            raise Refus("champ_invalide", champ="diagnostics")
    principaux = sum(1 for diagnostic in diagnostics if diagnostic.get("principal"))
    if principaux != 1:
        raise Refus("champ_manquant" if principaux == 0 else "champ_invalide", champ="diagnostics")


def _verifier_limitations(limitations: Any, domaines: Collection[str], niveaux: Collection[str]) -> None:
    if not isinstance(limitations, list) or not all(isinstance(ligne, Mapping) for ligne in limitations):
        raise Refus("champ_invalide", champ="limitations")
    for ligne in limitations:
        if _absent(ligne.get("domaine")) or _absent(ligne.get("niveau")):
            raise Refus("champ_manquant", champ="limitations")
    for ligne in limitations:
        _verifier_texte("limitations", ligne.get("exemple"), LIBELLE_MAX)
    vus = [ligne["domaine"] for ligne in limitations]
    if any(domaine not in domaines for domaine in vus) or len(vus) != len(set(vus)):
        raise Refus("champ_invalide", champ="limitations")
    if any(ligne["niveau"] not in niveaux for ligne in limitations):
        raise Refus("champ_invalide", champ="limitations")


def _verifier_duree(duree: Any) -> None:
    if not isinstance(duree, Mapping):
        raise Refus("champ_invalide", champ="duree")
    if _absent(duree.get("type")):
        raise Refus("champ_manquant", champ="duree")
    if duree["type"] not in DUREES:
        raise Refus("champ_invalide", champ="duree")
    if duree["type"] != "mois":
        return
    mois = duree.get("mois")
    if _absent(mois):
        raise Refus("champ_manquant", champ="duree")
    if isinstance(mois, bool) or not isinstance(mois, int) or not 1 <= mois <= 1200:
        raise Refus("champ_invalide", champ="duree")


def _reduire(valeur: Any) -> Any:
    """Forme comparable : absent, faux et vide se valent; l'ordre des listes ne compte pas."""
    if isinstance(valeur, Mapping):
        reduit = {cle: _reduire(contenu) for cle, contenu in valeur.items()}
        return {cle: contenu for cle, contenu in reduit.items() if contenu not in (None, False, "", {}, [])}
    if isinstance(valeur, list | tuple):
        return sorted((_reduire(element) for element in valeur), key=lambda e: json.dumps(e, sort_keys=True))
    if isinstance(valeur, str):
        return valeur.strip()
    return valeur or None


def comparer(
    nouveau: Mapping[str, Any], ancien: Mapping[str, Any], champs: Collection[str] = CHAMPS_COMPARES
) -> list[str]:
    """Champs qui diffèrent entre deux rapports, dans un ordre fixe; liste vide s'ils sont identiques.

    `champs` : d'avance, ceux que compare la reconduction; une lecture peut en montrer d'autres.
    """
    return [champ for champ in champs if _reduire(nouveau.get(champ)) != _reduire(ancien.get(champ))]


def memes_reponses(nouveau: Mapping[str, Any], ancien: Mapping[str, Any]) -> bool:
    """Vrai si deux SR-2105 disent la même chose."""
    return all(_reduire(nouveau.get(champ)) == _reduire(ancien.get(champ)) for champ in CHAMPS_SR2105)


@dataclass(frozen=True)
class Evident:
    """Diagnostic de la liste datée, tel que le lisent les règles."""

    code: str
    libelle: str
    age_min: int | None
    sans_travail_annees: int | None
    reexamen_mois: int | None


@regle_de_droit(
    "diagnostic_identique",
    "Diagnostic évident : libellé totalement identique à la liste datée",
    source="Manuel, sujet 42476",
    exige=(CAS,),
)
def porte_le_diagnostic(contenu: Mapping[str, Any], evident: Evident) -> bool:
    """Vrai si un diagnostic quelconque du rapport est identique au libellé de la liste.

    Comparaison après NFC, espaces, casse et apostrophes; accents et mots comptent (manuel, sujet 42476).
    """
    diagnostics = contenu.get("diagnostics") or []
    return any(libelles_identiques(str(d.get("libelle", "")), evident.libelle) for d in diagnostics)


@regle_de_droit(
    "criteres_de_la_liste",
    "Diagnostic évident : critères écrits de la liste datée",
    source="Manuel, sujet 42476; guide des Premières Nations, article 10 (régime voisin)",
    exige=(*BORNES, CAS),
)
def criteres_remplis(evident: Evident, naissance: date | None, jour_demande: date, criteres: Mapping[str, Any]) -> bool:
    """Vrai si l'âge à la date de la demande et les critères déclarés satisfont la liste.

    Un critère absent, faux ou moindre n'est pas rempli.
    """
    if evident.age_min is not None and (naissance is None or age_a(naissance, jour_demande) < evident.age_min):
        return False
    if evident.sans_travail_annees is None:
        return True
    annees = criteres.get("sans_travail_depuis_annees")
    return isinstance(annees, int | float) and not isinstance(annees, bool) and annees >= evident.sans_travail_annees


def est_complet(*, a_rapport: bool, a_substitut: bool, severe: bool, diagnostic_evident: bool, a_sr2105: bool) -> bool:
    """Vrai si le dossier peut être déclaré complet.

    Un SR-2100 ou un substitut; et un SR-2105 si le rapport dit « sévère » sans diagnostic évident.
    """
    if not (a_rapport or a_substitut):
        return False
    return a_sr2105 or not (a_rapport and severe and not diagnostic_evident)
