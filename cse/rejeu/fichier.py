"""Lire un cas : YAML strict, avec fichier, ligne et clé pour chaque défaut. Source : `cas/LISEZMOI.md`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from comptes.models import Role, Unite
from dossiers.porte import ACTES
from socle.refus import MESSAGES

TORONTO = ZoneInfo("America/Toronto")
SYSTEME = "systeme"
ATTENDRE = "attendre"
CLES_CAS = {"cas", "titre", "source", "personnes", "evenements", "attendu"}
CLES_PERSONNE = {
    "role",
    "naissance",
    "region",
    "langue",
    "titre",
    "permis_expire_le",
    "unite",
    "organisme",
    "bureau",
    "nom",
    "prenom",
}
CLES_EVENEMENT = {"le", "par", "acte", "donnees", "refus"}
CLES_ATTENDU = {
    "etat",
    "statut_public",
    "voie",
    "decision",
    "revision",
    "echeances",
    "lettres",
    "retours_clinicien",
    "signaux_sans_donnees",
    "avertissements",
    "comparaison_rapports",
    "visible_par",
    "invisible_pour",
}
CLES_COMMUNES = {"preuve"}


class FichierMalForme(Exception):
    """Un fichier de cas mal formé : où, quelle clé, quoi faire."""

    def __init__(self, fichier: Path, ligne: int, cle: str, message: str) -> None:
        super().__init__(f"{fichier}, ligne {ligne}, clé « {cle} » : {message}")
        self.fichier, self.ligne, self.cle, self.message = fichier, ligne, cle, message


class Table(dict[str, Any]):
    """Objet YAML qui se souvient de la ligne de chaque clé."""

    def __init__(self) -> None:
        super().__init__()
        self.lignes: dict[str, int] = {}
        self.ligne = 0


class _Lecteur(yaml.SafeLoader):
    fichier: Path


def _construire_table(lecteur: _Lecteur, noeud: yaml.MappingNode) -> Iterator[Table]:
    table = Table()
    table.ligne = noeud.start_mark.line + 1
    yield table
    for noeud_cle, noeud_valeur in noeud.value:
        cle = lecteur.construct_object(noeud_cle, deep=True)
        ligne = noeud_cle.start_mark.line + 1
        if not isinstance(cle, str):
            raise FichierMalForme(lecteur.fichier, ligne, str(cle), "une clé est un mot.")
        if cle in table:
            raise FichierMalForme(lecteur.fichier, ligne, cle, "cette clé est écrite deux fois.")
        table[cle] = lecteur.construct_object(noeud_valeur, deep=True)
        table.lignes[cle] = ligne


_Lecteur.add_constructor("tag:yaml.org,2002:map", _construire_table)


@dataclass(frozen=True)
class Evenement:
    """Un événement daté du cas."""

    instant: datetime
    par: str
    acte: str
    donnees: dict[str, Any]
    refus: str
    ligne: int


@dataclass(frozen=True)
class Cas:
    """Un cas lu et bien formé."""

    fichier: Path
    code: str
    titre: str
    personnes: dict[str, dict[str, Any]]
    evenements: list[Evenement]
    attendu: dict[str, Any] = field(default_factory=dict)

    @property
    def prestataire(self) -> str:
        return next(cle for cle, une in self.personnes.items() if une["role"] == Role.PRESTATAIRE)


class _Verificateur:
    """Vérifie un document YAML et le rend en `Cas`."""

    def __init__(self, fichier: Path) -> None:
        self.fichier = fichier

    def defaut(self, ligne: int, cle: str, message: str) -> FichierMalForme:
        return FichierMalForme(self.fichier, ligne, cle, message)

    def table(self, valeur: Any, ligne: int, cle: str) -> Table:
        if not isinstance(valeur, Table):
            raise self.defaut(ligne, cle, "un objet (clé: valeur) est attendu.")
        return valeur

    def cles(self, table: Table, permises: set[str], requises: set[str]) -> None:
        for cle in table:
            if cle not in permises:
                raise self.defaut(table.lignes[cle], cle, "clé inconnue ici.")
        for cle in sorted(requises):
            if cle not in table:
                raise self.defaut(table.ligne, cle, "cette clé est exigée.")

    def cas(self, document: Any) -> Cas:
        racine = self.table(document, 1, "cas")
        self.cles(racine, CLES_CAS, {"cas", "personnes", "evenements"})
        personnes = self.personnes(self.table(racine["personnes"], racine.lignes["personnes"], "personnes"))
        evenements = racine["evenements"]
        if not isinstance(evenements, list):
            raise self.defaut(racine.lignes["evenements"], "evenements", "une liste d'événements est attendue.")
        lus = [self.evenement(une, racine.lignes["evenements"], personnes) for une in evenements]
        for avant, apres in pairwise(lus):
            if apres.instant < avant.instant:
                raise self.defaut(apres.ligne, "le", "les événements se suivent dans le temps.")
        brut = racine.get("attendu")
        attendu = self.table(brut, racine.lignes["attendu"], "attendu") if brut is not None else Table()
        self.cles(attendu, CLES_ATTENDU, set())
        return Cas(self.fichier, str(racine["cas"]), str(racine.get("titre", "")), personnes, lus, attendu)

    def personnes(self, table: Table) -> dict[str, dict[str, Any]]:
        roles = set(Role.values) - {Role.SYSTEME, Role.ADMINISTRATEUR}
        for cle, valeur in table.items():
            ligne = table.lignes[cle]
            une = self.table(valeur, ligne, cle)
            self.cles(une, CLES_PERSONNE, {"role"})
            if une["role"] not in roles:
                raise self.defaut(une.lignes["role"], "role", f"rôle inconnu : {une['role']}.")
            if une["role"] == Role.CHEF_EQUIPE and une.get("unite") not in Unite.values:
                raise self.defaut(ligne, "unite", "un chef d'équipe a une unité : bureau, csems ou drra.")
            if une["role"] == Role.CLINICIEN and not une.get("titre"):
                raise self.defaut(ligne, "titre", "un clinicien a un titre.")
            for champ in ("naissance", "permis_expire_le"):
                if une.get(champ) is not None:
                    une[champ] = self.date(une[champ], une.lignes[champ], champ)
        prestataires = [cle for cle, une in table.items() if une["role"] == Role.PRESTATAIRE]
        if len(prestataires) != 1:
            raise self.defaut(table.ligne, "personnes", "il faut exactement un prestataire.")
        return dict(table)

    def date(self, valeur: Any, ligne: int, cle: str) -> date:
        if isinstance(valeur, date) and not isinstance(valeur, datetime):
            return valeur
        try:
            return date.fromisoformat(str(valeur))
        except ValueError:
            raise self.defaut(ligne, cle, f"date illisible : {valeur}.") from None

    def instant(self, valeur: Any, ligne: int) -> datetime:
        try:
            lu = valeur if isinstance(valeur, datetime) else datetime.fromisoformat(str(valeur))
        except ValueError:
            raise self.defaut(ligne, "le", f"instant illisible : {valeur}.") from None
        return lu if lu.tzinfo else lu.replace(tzinfo=TORONTO)

    def evenement(self, valeur: Any, ligne: int, personnes: dict[str, Any]) -> Evenement:
        une = self.table(valeur, ligne, "evenements")
        self.cles(une, CLES_EVENEMENT, {"le", "par", "acte"})
        if une["par"] != SYSTEME and une["par"] not in personnes:
            raise self.defaut(une.lignes["par"], "par", f"personne inconnue : {une['par']}.")
        if une["acte"] != ATTENDRE and une["acte"] not in ACTES:
            raise self.defaut(une.lignes["acte"], "acte", f"acte inconnu : {une['acte']}.")
        refus = une.get("refus") or ""
        if refus and refus not in MESSAGES:
            raise self.defaut(une.lignes["refus"], "refus", f"code de refus inconnu : {refus}.")
        donnees = self.donnees(une)
        return Evenement(self.instant(une["le"], une.lignes["le"]), une["par"], une["acte"], donnees, refus, une.ligne)

    def donnees(self, une: Table) -> dict[str, Any]:
        if une.get("donnees") is None:
            return {}
        donnees = self.table(une["donnees"], une.lignes["donnees"], "donnees")
        connues = {p for acte in ACTES.values() for p in acte.parametres} | CLES_COMMUNES
        for cle in donnees:
            if cle not in connues:
                raise self.defaut(donnees.lignes[cle], cle, "donnée inconnue de tous les actes.")
        return dict(donnees)


def lire(fichier: Path) -> Cas:
    """Lit un fichier de cas; lève `FichierMalForme`."""
    try:
        texte = fichier.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as erreur:
        raise FichierMalForme(fichier, 1, "fichier", f"illisible : {erreur}.") from erreur
    try:
        lecteur = _Lecteur(texte)
        lecteur.fichier = fichier
        document = lecteur.get_single_data()
    except yaml.YAMLError as erreur:
        marque = getattr(erreur, "problem_mark", None)
        ligne = marque.line + 1 if marque else 1
        raise FichierMalForme(fichier, ligne, "yaml", getattr(erreur, "problem", None) or "YAML illisible.") from erreur
    return _Verificateur(fichier).cas(document)


def trouver(chemins: list[str]) -> list[Path]:
    """Fichiers YAML nommés, ou contenus dans les dossiers nommés, par ordre de nom."""
    trouves: list[Path] = []
    for chemin in map(Path, chemins):
        if chemin.is_dir():
            trouves.extend(sorted([*chemin.glob("*.yaml"), *chemin.glob("*.yml")]))
        elif chemin.exists():
            trouves.append(chemin)
        else:
            raise FichierMalForme(chemin, 1, "fichier", "introuvable.")
    if not trouves:
        raise FichierMalForme(Path(chemins[0] if chemins else "."), 1, "fichier", "aucun fichier .yaml ici.")
    return trouves
