"""Du brouillon aux pages, et des pages au rapport : rien n'est perdu, rien n'est inventé.

Le brouillon garde, page par page, ce qui a été écrit tel quel; les formulaires le relisent à l'usage.
Source : `ecrans-et-lettres.md` B6.8 et B6.10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.forms import BaseForm, CheckboxInput, RadioSelect

from formulaires import coherence, regles
from formulaires.forms import PAGES, PageRapport
from socle.composants import Ligne

TITRES = {
    "patient": "Patient",
    "diagnostics": "Diagnostics",
    "limitations": "Limitations",
    "duree": "Durée et suivi",
}
BRUT_MAX = 6000
# Champs de page que lit une règle, quand ils ne portent pas le nom du champ du rapport.
RACINES = {
    "diagnostics": ("libelle_", "principal"),
    "limitations": ("niveau_", "exemple_"),
    "duree": ("duree_",),
}
Brut = dict[str, str]


@dataclass
class Saisie:
    """Ce que le brouillon retient : les pages écrites, les pages finies, ce qui reste à confirmer."""

    pages: dict[str, Brut] = field(default_factory=dict)
    faites: list[str] = field(default_factory=list)
    a_confirmer: list[str] = field(default_factory=list)
    maintenir: list[str] = field(default_factory=list)
    # Champs repris d'un autre rapport et pas encore touchés, par page à confirmer; une page absente les a tous.
    reprises: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def lire(cls, contenu: Mapping[str, Any]) -> Saisie:
        """Relit le contenu d'un brouillon; une page inconnue est laissée de côté."""
        pages = {nom: dict(brut) for nom, brut in (contenu.get("pages") or {}).items() if nom in PAGES}
        faites = [nom for nom in contenu.get("faites") or [] if nom in PAGES]
        a_confirmer = [nom for nom in contenu.get("a_confirmer") or [] if nom in PAGES]
        reprises = {nom: list(champs) for nom, champs in (contenu.get("reprises") or {}).items() if nom in a_confirmer}
        return cls(pages, faites, a_confirmer, _maintenus(contenu.get("maintenir")), reprises)

    def en_contenu(self) -> dict[str, Any]:
        """Forme gardée au brouillon."""
        return {
            "pages": self.pages,
            "faites": self.faites,
            "a_confirmer": self.a_confirmer,
            "maintenir": self.maintenir,
            **({"reprises": self.reprises} if self.reprises else {}),
        }

    def champs_a_confirmer(self, etape: str) -> frozenset[str]:
        """Champs repris d'un autre rapport, tant que leur page n'est pas confirmée et qu'ils n'ont pas changé."""
        if etape not in self.a_confirmer:
            return frozenset()
        return frozenset(self.reprises.get(etape, self.pages.get(etape, {})))

    def avec(self, etape: str, brut: Brut, *, finie: bool) -> Saisie:
        """La même saisie, cette page réécrite; un choix de garder tombe avec la réponse qui l'avait amené."""
        pages = {**self.pages, etape: sans_mois_perimes(self.pages.get(etape, {}), brut)}
        faites = [nom for nom in PAGES if (nom in self.faites and nom != etape) or (nom == etape and finie)]
        a_confirmer = [nom for nom in self.a_confirmer if nom != etape or not finie]
        gardes = [code for code in self.maintenir if champs_lus(self.pages, code) == champs_lus(pages, code)]
        reprises = {nom: champs for nom, champs in self.reprises.items() if nom in a_confirmer and nom != etape}
        if etape in a_confirmer:
            avant, repris = self.pages.get(etape, {}), self.champs_a_confirmer(etape)
            reprises[etape] = sorted(nom for nom in repris if avant.get(nom) == pages[etape].get(nom))
        return Saisie(pages, faites, a_confirmer, gardes, reprises)

    @property
    def premiere_a_faire(self) -> str:
        """Première page non finie, ou une chaîne vide si tout est prêt à vérifier."""
        return next((nom for nom in PAGES if nom not in self.faites), "")

    def a_finir(self, etape: str, jour: date) -> str:
        """Identifiant du premier champ qui empêche de finir la page, ou une chaîne vide."""
        formulaire = self.formulaire(etape, jour)
        nom = next((champ.name for champ in formulaire.visible_fields() if champ.errors), "")
        radio = nom and isinstance(formulaire.fields[nom].widget, RadioSelect)
        return f"id_{nom}_0" if radio else f"id_{nom}" if nom else ""

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
                rendre_les_mois(contenu, formulaire)
        return contenu

    def constats(self, parametres: coherence.Parametres) -> list[coherence.Constat]:
        """Les règles que déclenche ce qui est écrit; une page pas encore finie n'est pas jugée."""
        juges = coherence.juger(self.rapport(parametres.jour), parametres)
        return [un for un in juges if un.regle.page in self.faites]

    def a_trancher(self, parametres: coherence.Parametres) -> list[coherence.Constat]:
        """Les contradictions déclenchées que le signataire n'a pas encore choisi de garder."""
        return [un for un in coherence.interruptions(self.constats(parametres)) if un.code not in self.maintenir]


def _maintenus(garde: Any) -> list[str]:
    """Codes gardés; un brouillon d'avant la table disait seulement vrai, pour la durée."""
    codes = garde if isinstance(garde, list) else [regles.DUREE_INCOHERENTE] if garde else []
    return [code for code in codes if code in coherence.PAR_CODE]


def champs_lus(pages: Mapping[str, Brut], code: str) -> Brut:
    """Ce qui a été écrit dans les champs que lit cette règle."""
    debuts = tuple(debut for champ in coherence.PAR_CODE[code].champs for debut in RACINES.get(champ, (champ,)))
    return {nom: valeur for brut in pages.values() for nom, valeur in brut.items() if nom.startswith(debuts)}


def sans_mois_perimes(avant: Brut, brut: Brut) -> Brut:
    """La page sans les mois d'une durée que l'on vient de remplacer par « permanente » ou « indéterminée »."""
    remplacee = avant.get("duree_type") == "mois" and brut.get("duree_type") in ("permanente", "indeterminee")
    if not remplacee or avant.get("duree_mois") != brut.get("duree_mois"):
        return brut
    return {nom: valeur for nom, valeur in brut.items() if nom != "duree_mois"}


def meme_envoi(garde: Brut, brut: Brut) -> bool:
    """Vrai si le brouillon gardé est cet envoi-ci, reçu deux fois."""
    attendu = dict(brut)
    if "duree_mois" not in garde and brut.get("duree_type") == garde.get("duree_type") != "mois":
        attendu.pop("duree_mois", None)
    return garde == attendu


def rendre_les_mois(contenu: dict[str, Any], formulaire: PageRapport) -> None:
    """Des mois écrits à côté d'une autre durée restent au rapport : rien d'écrit ne se perd en silence."""
    mois = formulaire.cleaned_data.get("duree_mois")
    if mois and contenu.get("duree", {}).get("type") in ("permanente", "indeterminee"):
        contenu["duree"] = {**contenu["duree"], "mois": mois}


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


def incoherente(contenu: Mapping[str, Any], mois_severe: int) -> bool:
    """Vrai si le rapport dit « sévère » et une durée plus courte que le seuil (`duree_incoherente`)."""
    return regles.duree_incoherente(contenu, mois_severe)


def lignes_ecrites(formulaire: BaseForm) -> list[Ligne]:
    """Ce que porte un envoi, en mots : les champs visibles où quelque chose est écrit."""
    lignes = (
        Ligne(nom_du_champ(formulaire, champ.name), valeur_lisible(formulaire, champ.name, formulaire.data))
        for champ in formulaire.visible_fields()
        if formulaire.data.get(champ.name)
    )
    return [ligne for ligne in lignes if ligne.valeur]
