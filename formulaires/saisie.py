"""Du brouillon aux pages, et des pages au rapport : rien n'est perdu, rien n'est inventé.

Le brouillon garde, page par page, ce qui a été écrit tel quel; les formulaires le relisent à l'usage.
Source : `ecrans-et-lettres.md` B6.8 et B6.10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.forms import BaseForm, CheckboxInput

from formulaires import regles
from formulaires.forms import PAGES, LimitationsForm, PageRapport

TITRES = {
    "patient": "Patient",
    "diagnostics": "Diagnostics",
    "limitations": "Limitations",
    "duree": "Durée et suivi",
}
BRUT_MAX = 6000
Brut = dict[str, str]


@dataclass
class Saisie:
    """Ce que le brouillon retient : les pages écrites, les pages finies, ce qui reste à confirmer."""

    pages: dict[str, Brut] = field(default_factory=dict)
    faites: list[str] = field(default_factory=list)
    a_confirmer: list[str] = field(default_factory=list)
    maintenir: bool = False

    @classmethod
    def lire(cls, contenu: Mapping[str, Any]) -> Saisie:
        """Relit le contenu d'un brouillon; une page inconnue est laissée de côté."""
        pages = {nom: dict(brut) for nom, brut in (contenu.get("pages") or {}).items() if nom in PAGES}
        faites = [nom for nom in contenu.get("faites") or [] if nom in PAGES]
        a_confirmer = [nom for nom in contenu.get("a_confirmer") or [] if nom in PAGES]
        return cls(pages, faites, a_confirmer, bool(contenu.get("maintenir")))

    def en_contenu(self) -> dict[str, Any]:
        """Forme gardée au brouillon."""
        return {
            "pages": self.pages,
            "faites": self.faites,
            "a_confirmer": self.a_confirmer,
            "maintenir": self.maintenir,
        }

    def avec(self, etape: str, brut: Brut, *, finie: bool) -> Saisie:
        """La même saisie, cette page réécrite; une durée changée fait tomber le maintien."""
        change = self.pages.get(etape) != brut
        faites = [nom for nom in PAGES if (nom in self.faites and nom != etape) or (nom == etape and finie)]
        a_confirmer = [nom for nom in self.a_confirmer if nom != etape or not finie]
        garde = self.maintenir and not (etape == "duree" and change)
        return Saisie({**self.pages, etape: brut}, faites, a_confirmer, garde)

    @property
    def premiere_a_faire(self) -> str:
        """Première page non finie, ou une chaîne vide si tout est prêt à vérifier."""
        return next((nom for nom in PAGES if nom not in self.faites), "")

    def formulaire(self, etape: str, jour: date, version: int = 0) -> PageRapport:
        """La page relue du brouillon, comme si elle venait d'être envoyée."""
        return PAGES[etape]({**self.pages.get(etape, {}), "version": str(version)}, jour=jour)

    def a_reprendre(self, jour: date) -> list[str]:
        """Pages non finies, ou qui ne peuvent plus être signées telles quelles (un référentiel a pu changer)."""
        return [nom for nom in PAGES if nom not in self.faites or not self.formulaire(nom, jour).is_valid()]

    def rapport(self, jour: date) -> dict[str, Any]:
        """Le rapport que disent les pages valides; les autres n'y mettent rien."""
        contenu: dict[str, Any] = {}
        for nom in PAGES:
            formulaire = self.formulaire(nom, jour)
            if nom in self.pages and formulaire.is_valid():
                contenu.update(formulaire.contenu())
        return contenu


def trop_long(envoye: Mapping[str, Any], noms: Iterable[str]) -> bool:
    """Vrai si un de ces champs dépasse ce qu'un brouillon garde : mieux vaut le dire que couper."""
    return any(len(str(envoye.get(nom, "")).replace("\r\n", "\n")) > BRUT_MAX for nom in noms)


def brut_de(formulaire: PageRapport, envoye: Mapping[str, Any]) -> Brut:
    """Ce qui a été écrit, tel quel, pour les seuls champs de la page, sans le jeton ni la version."""
    gardes = {}
    for nom in formulaire.fields:
        valeur = envoye.get(nom)
        if nom != "version" and isinstance(valeur, str) and valeur:
            gardes[nom] = valeur.replace("\x00", "").replace("\r\n", "\n")[:BRUT_MAX]
    return gardes


def initial_de(formulaire_de: type[PageRapport], brut: Mapping[str, str], version: int) -> dict[str, Any]:
    """Valeurs de départ d'une page; une case absente d'une page déjà écrite est décochée."""
    return {**brut, "version": version} if brut else {"version": version}


def saisie_depuis(contenu: Mapping[str, Any], jour: date) -> Saisie:
    """Repart d'un rapport signé : chaque page reprise est « à confirmer », aucune n'est finie."""
    diagnostics: Brut = {}
    for rang, ligne in enumerate(contenu.get("diagnostics", [])[:6], start=1):
        diagnostics[f"libelle_{rang}"] = str(ligne.get("libelle", ""))
        if ligne.get("code"):
            diagnostics[f"code_{rang}"] = str(ligne["code"])
        if ligne.get("principal"):
            diagnostics["principal"] = str(rang)
    if contenu.get("effet_cumulatif"):
        diagnostics["effet_cumulatif"] = "on"
    limitations: Brut = {}
    for ligne in contenu.get("limitations", []):
        limitations[f"niveau_{ligne['domaine']}"] = str(ligne["niveau"])
        if ligne.get("exemple"):
            limitations[f"exemple_{ligne['domaine']}"] = str(ligne["exemple"])
    textes = ("contrainte", "depuis", "traitements", "evolution", "justification", "contact")
    duree: Brut = {nom: str(contenu[nom]) for nom in textes if contenu.get(nom)}
    duree["duree_type"] = str(contenu["duree"]["type"])
    if contenu["duree"].get("mois"):
        duree["duree_mois"] = str(contenu["duree"]["mois"])
    patient: Brut = {"suivi_depuis": str(contenu["suivi_depuis"])} if contenu.get("suivi_depuis") else {}
    pages = {"patient": patient, "diagnostics": diagnostics, "limitations": limitations, "duree": duree}
    return Saisie(pages, [], [nom for nom, brut in pages.items() if brut])


def valeur_lisible(formulaire: BaseForm, nom: str, brut: Mapping[str, Any]) -> str:
    """Ce qu'une personne lirait d'un champ : le libellé du choix, Oui ou Non, le texte."""
    champ = formulaire.fields[nom]
    valeur = brut.get(nom, "")
    if isinstance(champ.widget, CheckboxInput):
        return "Oui" if valeur else "Non"
    return str(dict(getattr(champ, "choices", ())).get(valeur, valeur))


def nom_du_champ(formulaire: BaseForm, nom: str) -> str:
    """L'étiquette du champ; un exemple dit aussi son domaine, car huit portent la même étiquette."""
    etiquette = str(formulaire.fields[nom].label)
    domaine = formulaire.fields.get(nom.replace("exemple_", "niveau_", 1)) if nom.startswith("exemple_") else None
    return f"{domaine.label} : {etiquette[:1].lower()}{etiquette[1:]}" if domaine is not None else etiquette


@dataclass(frozen=True)
class Repere:
    """Une ligne de « Ce que l'évaluateur cherchera »."""

    texte: str
    detail: str
    fait: bool = False
    a_voir: bool = False


def _reste(faite: bool, etape: int) -> str:
    return "Fait" if faite else f"À l'étape {etape}"


def reperes(saisie: Saisie, jour: date) -> list[Repere]:
    """Ce que l'évaluateur cherchera, coché par ce qui est déjà écrit."""
    diagnostics = saisie.pages.get("diagnostics", {})
    duree = saisie.pages.get("duree", {})
    a_diagnostic = bool(diagnostics.get("libelle_1", "").strip())
    a_duree = bool(duree.get("duree_type"))
    a_traitement = bool(duree.get("traitements", "").strip())
    cumul = "effet_cumulatif" in diagnostics
    return [
        Repere("Un diagnostic principal", _reste(a_diagnostic, 2), a_diagnostic),
        Repere("L'effet cumulatif, s'il y en a un", "Coché" if cumul else "Non coché", cumul),
        *_reperes_limitations(saisie.pages.get("limitations", {}), jour),
        Repere("La durée prévue : un nombre de mois, permanente ou indéterminée", _reste(a_duree, 4), a_duree),
        Repere("Les traitements essayés", _reste(a_traitement, 4), a_traitement),
    ]


def _reperes_limitations(brut: Brut, jour: date) -> list[Repere]:
    domaines = LimitationsForm(jour=jour).domaines
    donnes = sum(1 for domaine in domaines if brut.get(f"niveau_{domaine.code}"))
    marques = [domaine.code for domaine in domaines if brut.get(f"niveau_{domaine.code}") in LimitationsForm.OUVRE]
    montres = sum(1 for code in marques if brut.get(f"exemple_{code}", "").strip())
    tous = donnes == len(domaines)
    niveaux = f"{'Fait, ' if tous else ''}{donnes} sur {len(domaines)}" if donnes else "À l'étape 3"
    reste = len(marques) - montres
    exemples = (
        f"Fait, {montres} sur {len(marques)}" if not reste else f"Il en reste {reste} : {montres} sur {len(marques)}"
    )
    return [
        Repere("Un niveau par domaine", niveaux, tous),
        Repere(
            "Un exemple pour chaque niveau modéré ou grave",
            exemples if marques else ("Aucun n'est attendu" if donnes else "À l'étape 3"),
            bool(marques) and not reste,
            reste > 0,
        ),
    ]


def incoherente(contenu: Mapping[str, Any], mois_severe: int) -> bool:
    """Vrai si le rapport dit « sévère » et une durée plus courte que le seuil (`duree_incoherente`)."""
    return regles.duree_incoherente(contenu, mois_severe)
