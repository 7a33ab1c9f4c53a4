"""Chercher une personne : par identifiant exact (empreintes), ou par les mots de son nom, fautes pardonnées.

Un nom se cherche dans l'ordre qu'on veut : le vocabulaire (`MotNom`) donne les mots connus proches de chaque mot
tapé, l'index des mots du nom donne les dossiers. Source : `docs/decisions/0017-recherche-des-personnes.md`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length

from dossiers.models import Dossier, MotNom
from dossiers.models.dossier import MOTS_DU_NOM
from dossiers.models.recherche import MOT_NOM_MAX, MOTS_DISTINCTS
from dossiers.regles_recherche import (
    FAUTE_MIN,
    Proximite,
    chiffres,
    cle_de_tri,
    lire_saisie,
    naissances_semblables,
    noms_semblables,
    proximite,
    sans_accent,
)
from dossiers.requetes import DossierQuerySet
from referentiels.regles_codes import replier, voisins, voisins_cherches
from socle.champs import empreinte

MOTIF_REFERENCE = re.compile(r"^[2-9B-DF-HJ-NP-TV-XZ]{4}-?[2-9B-DF-HJ-NP-TV-XZ]{4}$")
# Ce que tape un lecteur de codes QR devant la feuille SR-2100 : « SR2100 ABCD-2345 1/2 ». Branché à un clavier d'une
# autre langue, il tape d'autres signes pour le tiret et la barre.
MOTIF_FEUILLE = re.compile(r"^SR2100([2-9B-DF-HJ-NP-TV-XZ]{4}).?([2-9B-DF-HJ-NP-TV-XZ]{4})\d.?\d$")
MOTIF_NAM = re.compile(r"^[A-Z]{4}\d{8}$")
MOTIF_NAS = re.compile(r"^\d{9}$")
LOT = 2000  # mots écrits à la fois
RESULTATS = 25  # dossiers rendus par une recherche; un de plus dit qu'il y en a d'autres
FORMES_MAX = 50  # mots connus retenus pour un mot tapé
LUS_MAX = 400  # mots du vocabulaire examinés pour un mot tapé
CANDIDATS = 200  # dossiers comparés un à un pour dire les ressemblances
MONTRES = 10  # ressemblances montrées


def empreintes(identite: dict[str, Any]) -> dict[str, Any]:
    """Ajoute aux identifiants leur empreinte HMAC, qui seule permet la recherche exacte."""
    complete = dict(identite)
    for champ in ("nam", "nas"):
        valeur = complete.get(champ) or ""
        complete[f"{champ}_empreinte"] = empreinte(valeur) if valeur else ""
    return complete


def apprendre(cle_tri: str) -> None:
    """Ajoute au vocabulaire les mots d'une clé de tri qui n'y sont pas."""
    mots = sorted({mot[:MOT_NOM_MAX] for mot in cle_tri.split()})  # triés : deux ouvertures ne se croisent pas
    MotNom.objects.bulk_create([MotNom(mot=mot, voisins=voisins(replier(mot))) for mot in mots], ignore_conflicts=True)


def refaire_vocabulaire() -> int:
    """Ajoute au vocabulaire tous les mots des clés de tri, après un chargement en masse; rend leur nombre."""
    with connection.cursor() as curseur:
        curseur.execute(MOTS_DISTINCTS)
        mots = sorted({str(mot)[:MOT_NOM_MAX] for (mot,) in curseur.fetchall()})
    lignes = (MotNom(mot=mot, voisins=voisins(replier(mot))) for mot in mots)
    MotNom.objects.bulk_create(lignes, batch_size=LOT, ignore_conflicts=True)
    return len(mots)


def semblables(nom: str, prenom: str, *, naissance: date, nam: str = "", **_reste: Any) -> DossierQuerySet:
    """Dossiers de même NAM, ou de même nom et de même date de naissance, tous bureaux confondus."""
    memes = Q(cle_tri=cle_de_tri(nom, prenom), naissance=naissance)
    if nam:
        memes |= Q(nam_empreinte=empreinte(nam))
    return Dossier.objects.filter(memes).order_by("pk")


def chercher(dossiers: DossierQuerySet, saisie: str, limite: int = RESULTATS + 1) -> list[Dossier]:
    """Les dossiers, parmi ceux-ci, que nomme la saisie : référence, NAM, NAS, ou mots du nom; `limite` au plus.

    Un nom peut être suivi d'une date de naissance (AAAA-MM-JJ), qui choisit entre des homonymes.
    """
    exacts = _par_identifiant(dossiers, saisie)
    if exacts is not None:
        return list(exacts[:limite])
    mots, naissance = lire_saisie(saisie)
    if naissance is not None:
        dossiers = dossiers.filter(naissance=naissance)
    return _par_nom(dossiers.filter(fusionne_dans__isnull=True), mots, limite)


def _par_identifiant(dossiers: DossierQuerySet, saisie: str) -> DossierQuerySet | None:
    """Dossiers d'une référence, d'un NAM ou d'un NAS; `None` si la saisie n'en a pas la forme."""
    compacte = re.sub(r"[\s-]", "", saisie).upper()
    if feuille := MOTIF_FEUILLE.match(compacte):
        compacte = feuille[1] + feuille[2]
    if MOTIF_REFERENCE.match(compacte):
        trouve = dossiers.filter(reference=f"{compacte[:4]}-{compacte[4:]}")
        if not compacte.isalpha() or trouve.exists():
            return trouve
    if MOTIF_NAM.match(compacte):
        return dossiers.filter(nam_empreinte=empreinte(compacte))
    if MOTIF_NAS.match(compacte):
        return dossiers.filter(nas_empreinte=empreinte(compacte))
    return None


def proches(mot: str) -> dict[str, Proximite]:
    """Mots connus qui répondent à ce mot, les plus proches d'abord, `FORMES_MAX` au plus."""
    son = replier(mot)
    condition = Q(mot__startswith=mot)
    if len(son) >= FAUTE_MIN:
        condition |= Q(voisins__overlap=voisins_cherches(son))
    lus = MotNom.objects.filter(condition).order_by(Length("mot"), "mot").values_list("mot", flat=True)[:LUS_MAX]
    juges = [(rang, len(connu), connu) for connu in lus if (rang := proximite(mot, connu)) is not None]
    return {connu: rang for rang, _, connu in sorted(juges)[:FORMES_MAX]}


def _par_nom(dossiers: DossierQuerySet, mots: list[str], limite: int) -> list[Dossier]:
    """Dossiers qui portent chaque mot : entier d'abord, puis commencé, puis à une lettre près."""
    connus = [proches(mot) for mot in mots]
    trouves: dict[int, Dossier] = {}
    faits: list[list[str]] = []
    for niveau in Proximite if mots else ():
        termes = [[connu for connu, rang in un.items() if rang <= niveau] for un in connus]
        if termes == faits or not all(termes):
            continue
        faits = termes
        # Par nom, la base lirait et trierait tous les homonymes du bureau; par numéro, elle s'arrête aux premiers.
        lus = qui_portent(dossiers, termes).exclude(pk__in=list(trouves)).order_by("pk")[: limite - len(trouves)]
        trouves |= {un.pk: un for un in sorted(lus, key=lambda un: (un.cle_tri, un.pk))}
        if len(trouves) >= limite:
            break
    return list(trouves.values())


def qui_portent(dossiers: DossierQuerySet, termes: list[list[str]]) -> DossierQuerySet:
    """Dossiers dont le nom porte, pour chaque terme, l'un de ses mots."""
    dossiers = dossiers.alias(mots=MOTS_DU_NOM)
    for terme in termes:
        dossiers = dossiers.filter(mots__overlap=terme)
    return dossiers


def ressemblances(
    nom: str,
    prenom: str,
    *,
    naissance: date | None,
    nam: str = "",
    nas: str = "",
    telephone: str = "",
    adresse: str = "",
    sauf: int | None = None,
) -> list[tuple[Dossier, list[str]]]:
    """Dossiers qui sont peut-être à cette personne, tous bureaux confondus, et pourquoi; les plus sûrs d'abord.

    Un identifiant égal suffit. Un nom (inversé, ou à une lettre près) ne suffit qu'avec une date de naissance égale
    ou proche, un téléphone ou une adresse. `sauf` : le dossier que l'on compare.
    """
    cle = cle_de_tri(nom, prenom)
    identifiants = {champ: empreinte(valeur) for champ, valeur in (("nam", nam), ("nas", nas)) if valeur}
    candidats = _candidats(cle, identifiants).exclude(pk=sauf).select_related("prestataire", "agent", "bureau")
    trouves = []
    for dossier in candidats:
        raisons = [
            f"même {champ.upper()}"
            for champ, valeur in identifiants.items()
            if getattr(dossier, f"{champ}_empreinte") == valeur
        ]
        du_nom = noms_semblables(cle, dossier.cle_tri)
        autres = _autres_raisons(dossier, naissance, telephone, adresse) if du_nom else []
        if raisons or autres:
            trouves.append((dossier, [*raisons, *([du_nom] if du_nom else []), *autres]))
    trouves.sort(key=lambda un: (-len(un[1]), un[0].pk))
    return trouves[:MONTRES]


def _candidats(cle: str, identifiants: dict[str, str]) -> DossierQuerySet:
    vivants = Dossier.objects.filter(fusionne_dans__isnull=True)
    par_nom: DossierQuerySet = vivants.none()
    connus = [proches(mot) for mot in cle.split()]
    voulus = (Proximite.EXACT, Proximite.FAUTE)
    termes = [[connu for connu, rang in un.items() if rang in voulus] for un in connus]
    if termes and all(termes):
        par_nom = qui_portent(vivants, termes).order_by("pk")[:CANDIDATS]
    memes = Q(pk__in=list(par_nom.values_list("pk", flat=True)))
    for champ, valeur in identifiants.items():
        memes |= Q(**{f"{champ}_empreinte": valeur})
    trouves: DossierQuerySet = vivants.filter(memes)
    return trouves


def _autres_raisons(dossier: Dossier, naissance: date | None, telephone: str, adresse: str) -> list[str]:
    raisons = [naissances_semblables(naissance, dossier.naissance)]
    personne = dossier.prestataire
    numero = chiffres(telephone)
    if numero and numero in (chiffres(personne.telephone), chiffres(personne.telephone_texto)):
        raisons.append("même téléphone")
    if adresse.strip() and sans_accent(adresse) == sans_accent(personne.adresse):
        raisons.append("même adresse")
    return [une for une in raisons if une]


__all__ = [
    "Dossier",
    "apprendre",
    "chercher",
    "cle_de_tri",
    "empreintes",
    "proches",
    "refaire_vocabulaire",
    "ressemblances",
    "sans_accent",
    "semblables",
]
