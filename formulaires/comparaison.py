"""Ce qui a changé d'un rapport médical à un autre, en mots. Aucune base ici.

Les champs qui diffèrent sont ceux de `regles.comparer`, la règle même de la reconduction : l'ordre des lignes, les
espaces de bord et une case vide n'y comptent pas. Source : `ecrans-et-lettres.md` B1.4 et B6; `domaine.md` §2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from formulaires import regles
from referentiels.regles import libelles_identiques

Contenu = Mapping[str, Any]
# Les champs que compare la reconduction d'abord; les autres sont montrés, et n'y comptent pas.
CHAMPS = {
    "diagnostics": "Diagnostics",
    "limitations": "Limitations",
    "duree": "Durée des limitations",
    "contrainte": "Contrainte",
    "effet_cumulatif": "Effet cumulatif",
    "justification": "Justification",
    "deterioration": "Détérioration depuis le dernier rapport",
    "depuis": "Limitations présentes depuis",
    "traitements": "Traitements essayés",
    "evolution": "Évolution attendue",
    "suivi_depuis": "Suivi depuis",
    "contact": "Pour appeler le clinicien",
}
OUI_NON = ("effet_cumulatif", "deterioration")
TEXTES = ("justification", "traitements", "evolution")
NON_ECRIT = "Non écrit"
NON_EVALUE = "Non évalué"


@dataclass(frozen=True)
class Mots:
    """Les libellés en vigueur, par code : domaines, niveaux, contraintes, genres de durée."""

    domaines: Mapping[str, str]
    niveaux: Mapping[str, str]
    contraintes: Mapping[str, str]
    durees: Mapping[str, str]

    def domaine(self, code: Any) -> str:
        return self.domaines.get(str(code), "Libellé retiré depuis")

    def niveau(self, code: Any) -> str:
        return self.niveaux.get(str(code), "Libellé retiré depuis")


@dataclass(frozen=True)
class Changement:
    """Un point qui a changé : « Bouger : Légère → Grave », ou une note seule (« Ajouté »).

    `textes` : avant et maintenant sont des textes, à montrer l'un à côté de l'autre.
    """

    sujet: str
    avant: str = ""
    maintenant: str = ""
    note: str = ""
    textes: bool = False


@dataclass(frozen=True)
class Champ:
    """Un champ qui diffère, et chacun de ses changements. `compte` : la reconduction le compare aussi."""

    nom: str
    titre: str
    changements: list[Changement]
    compte: bool


def changements(nouveau: Contenu, ancien: Contenu, mots: Mots) -> list[Champ]:
    """Les champs qui diffèrent, dans l'ordre du rapport; vide si les deux rapports disent la même chose."""
    return [
        Champ(nom, CHAMPS[nom], _du_champ(nom, nouveau.get(nom), ancien.get(nom), mots), nom in regles.CHAMPS_COMPARES)
        for nom in regles.comparer(nouveau, ancien, tuple(CHAMPS))
    ]


def pareils(nouveau: Contenu, ancien: Contenu) -> list[str]:
    """Titres des champs remplis qui n'ont pas changé."""
    differe = regles.comparer(nouveau, ancien, tuple(CHAMPS))
    return [titre for nom, titre in CHAMPS.items() if nom not in differe and nouveau.get(nom)]


def _du_champ(nom: str, maintenant: Any, avant: Any, mots: Mots) -> list[Changement]:
    detail = DETAILS.get(nom)
    trouves = detail(maintenant or [], avant or [], mots) if detail else []
    entier = Changement(CHAMPS[nom], en_mots(nom, avant, mots), en_mots(nom, maintenant, mots), textes=nom in TEXTES)
    return trouves or [entier]


def _des_diagnostics(maintenant: Any, avant: Any, mots: Mots) -> list[Changement]:
    """Ajoutés, retirés, reformulés sous le même code, recodés; puis le principal s'il a changé."""
    anciens, trouves = list(avant), []
    restants = []
    for diagnostic in maintenant:
        meme = next((un for un in anciens if _meme_libelle(un, diagnostic)), None)
        if meme is None:
            restants.append(diagnostic)
            continue
        anciens.remove(meme)
        if _code(meme) != _code(diagnostic):
            note = "Code CIM-10"
            trouves.append(
                Changement(diagnostic["libelle"], _code(meme) or "Aucun", _code(diagnostic) or "Aucun", note)
            )
    for diagnostic in restants:
        meme = next((un for un in anciens if _code(un) and _code(un) == _code(diagnostic)), None)
        if meme is None:
            trouves.append(Changement(_nomme(diagnostic), note="Ajouté"))
            continue
        anciens.remove(meme)
        trouves.append(Changement(f"Code {_code(meme)}", meme["libelle"], diagnostic["libelle"], "Autre libellé"))
    trouves += [Changement(_nomme(diagnostic), note="Retiré") for diagnostic in anciens]
    principaux = _principal(avant), _principal(maintenant)
    if not libelles_identiques(*principaux):
        trouves.append(Changement("Diagnostic principal", principaux[0] or "Aucun", principaux[1] or "Aucun"))
    return trouves


def _meme_libelle(un: Contenu, autre: Contenu) -> bool:
    return libelles_identiques(str(un.get("libelle", "")), str(autre.get("libelle", "")))


def _code(diagnostic: Contenu) -> str:
    return str(diagnostic.get("code") or "").strip()


def _nomme(diagnostic: Contenu) -> str:
    code = _code(diagnostic)
    return f"{diagnostic.get('libelle', '')} ({code})" if code else str(diagnostic.get("libelle", ""))


def _principal(diagnostics: Any) -> str:
    return next((str(un.get("libelle", "")) for un in diagnostics if un.get("principal")), "")


def _des_limitations(maintenant: Any, avant: Any, mots: Mots) -> list[Changement]:
    """Domaine par domaine : le niveau, puis l'exemple."""
    anciennes, nouvelles = ({un["domaine"]: un for un in lues} for lues in (avant, maintenant))
    codes = [code for code in mots.domaines if code in anciennes or code in nouvelles]
    codes += [code for code in (*anciennes, *nouvelles) if code not in mots.domaines]
    trouves = []
    for code in dict.fromkeys(codes):
        vieille, neuve = anciennes.get(code, {}), nouvelles.get(code, {})
        if vieille.get("niveau") != neuve.get("niveau"):
            avant_dit, apres_dit = (mots.niveau(une["niveau"]) if une else NON_EVALUE for une in (vieille, neuve))
            trouves.append(Changement(mots.domaine(code), avant_dit, apres_dit))
        vieil, neuf = (str(une.get("exemple") or "").strip() for une in (vieille, neuve))
        if vieil != neuf:
            sujet = f"{mots.domaine(code)}, exemple"
            trouves.append(Changement(sujet, vieil or NON_ECRIT, neuf or NON_ECRIT, textes=True))
    return trouves


DETAILS: dict[str, Callable[[Any, Any, Mots], list[Changement]]] = {
    "diagnostics": _des_diagnostics,
    "limitations": _des_limitations,
}


def duree_en_mots(duree: Contenu, durees: Mapping[str, str]) -> str:
    """« 6 mois », « Permanente » ou « Indéterminée »; des mois écrits à côté se disent aussi."""
    if duree.get("type") == "mois":
        return f"{duree.get('mois')} mois"
    dit = durees.get(str(duree.get("type")), "").split(" :")[0]
    return f"{dit}, et {duree['mois']} mois" if dit and duree.get("mois") else dit


def en_mots(champ: str, valeur: Any, mots: Mots) -> str:
    """Valeur d'un champ du rapport, lisible; jamais un code de la maison."""
    if champ in OUI_NON:
        return "Oui" if valeur else "Non"
    if not valeur:
        return NON_ECRIT
    if champ == "diagnostics":
        return "; ".join(f"{un.get('libelle', '')}{' (principal)' if un.get('principal') else ''}" for un in valeur)
    if champ == "limitations":
        return "; ".join(
            f"{mots.domaine(un.get('domaine'))} : {mots.niveau(un.get('niveau')).lower()}" for un in valeur
        )
    if champ == "duree":
        return duree_en_mots(valeur, mots.durees) or NON_ECRIT
    if champ == "contrainte":
        return mots.contraintes.get(str(valeur), NON_ECRIT)
    return str(valeur)
