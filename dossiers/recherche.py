"""Chercher une personne : par identifiant exact (empreintes), ou par les mots de son nom, fautes pardonnées.

Un nom se cherche dans l'ordre qu'on veut : le vocabulaire (`MotNom`) donne les mots connus proches de chaque mot
tapé, l'index des mots du nom donne les dossiers. Source : `docs/decisions/0017-recherche-des-personnes.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations
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
    a_deux_fautes_pres,
    autrement_ecrits,
    autres_coupes,
    chiffres,
    cle_de_tri,
    coupes,
    lire_saisie,
    naissances_semblables,
    noms_en_partie,
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
LUS_DE_LOIN = 4000  # mots examinés quand rien ne répond et que l'on cherche à deux fautes
DEBUT_SUR = 5  # lettres de tête où l'index admet une faute; la seconde est plus loin
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
    son, formes = replier(mot), autrement_ecrits(mot)
    condition = Q(mot__startswith=mot) | Q(mot__in=formes)
    if len(son) >= FAUTE_MIN:
        condition |= Q(voisins__overlap=voisins_cherches(son))
    lus = MotNom.objects.filter(condition).order_by(Length("mot"), "mot").values_list("mot", flat=True)[:LUS_MAX]
    juges = []
    for connu in lus:
        rang = Proximite.EXACT if connu in formes else proximite(mot, connu)
        if rang is not None:
            juges.append((rang, len(connu), connu))
    return {connu: rang for rang, _, connu in sorted(juges)[:FORMES_MAX]}


def de_loin(mot: str) -> dict[str, Proximite]:
    """Mots connus à deux fautes de ce mot : le dernier recours, quand rien ne répond."""
    tete = replier(mot)[:DEBUT_SUR]
    cherches = {voisin for taille in (DEBUT_SUR - 1, DEBUT_SUR) for voisin in voisins_cherches(tete[:taille])}
    tailles = MotNom.objects.alias(taille=Length("mot")).filter(Q(taille__range=(len(mot) - 3, len(mot) + 3)))
    lus = tailles.filter(voisins__overlap=sorted(cherches)).order_by("mot").values_list("mot", flat=True)
    trouves = [connu for connu in lus[:LUS_DE_LOIN] if a_deux_fautes_pres(mot, connu)]
    return dict.fromkeys(trouves[:FORMES_MAX], Proximite.DEUX_FAUTES)


def _par_nom(dossiers: DossierQuerySet, mots: list[str], limite: int) -> list[Dossier]:
    """Dossiers qui portent chaque mot; si rien ne répond, autrement coupés, puis à deux fautes."""
    # Une initiale ne choisit pas un mot du vocabulaire : elle trie ceux que les autres mots ont trouvés.
    longs = [mot for mot in mots if len(mot) >= FAUTE_MIN]
    for initiale in mots if longs else ():
        if initiale not in longs:
            dossiers = dossiers.filter(_commence_par(initiale))
    voulus = longs or mots
    trouves = _par_mots(dossiers, [proches(mot) for mot in voulus], limite)
    return trouves or next(filter(None, _autrement(dossiers, mots, voulus, limite)), [])


def _commence_par(initiale: str) -> Q:
    """Un mot du nom commence ainsi, abrégé ou en toutes lettres."""
    condition = Q()
    for forme in autrement_ecrits(initiale):
        condition |= Q(cle_tri__startswith=forme) | Q(cle_tri__contains=f" {forme}")
    return condition


def _par_mots(dossiers: DossierQuerySet, connus: list[dict[str, Proximite]], limite: int) -> list[Dossier]:
    """Dossiers qui portent un mot connu de chaque terme : entier d'abord, puis commencé, puis à une lettre près."""
    trouves: dict[int, Dossier] = {}
    faits: list[list[str]] = []
    for niveau in Proximite if connus else ():
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


def _autrement(dossiers: DossierQuerySet, mots: list[str], voulus: list[str], limite: int) -> Iterator[list[Dossier]]:
    """Les mots recollés, coupés, puis à deux fautes; chaque essai n'est fait que si le précédent n'a rien donné."""
    for recolles in autres_coupes(mots):
        yield _par_mots(dossiers, [proches(mot) for mot in recolles], limite)
    coupe = [moitie for mot in voulus for moitie in _coupe_connue(mot)]
    if coupe != voulus:
        yield _par_mots(dossiers, [proches(mot) for mot in coupe], limite)
    yield _par_mots(dossiers, [proches(mot) | de_loin(mot) for mot in voulus], limite)


def _coupe_connue(mot: str) -> list[str]:
    """Le mot, ou ses deux moitiés si toutes deux sont connues : « mariepaule », « stpierre »."""
    essais = coupes(mot)
    formes = {forme for essai in essais for moitie in essai for forme in autrement_ecrits(moitie)}
    connus = set(MotNom.objects.filter(mot__in=formes).values_list("mot", flat=True))
    # La coupe la plus égale d'abord : « l » et « ecuyer » passent après « marie » et « paule ».
    for un, autre in sorted(essais, key=lambda essai: abs(len(essai[0]) - len(essai[1]))):
        if all(connus.intersection(autrement_ecrits(moitie)) for moitie in (un, autre)):
            return [un, autre]
    return [mot]


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
    ou proche, un téléphone ou une adresse; une partie du nom, qu'avec la même naissance. `sauf` : le dossier que
    l'on compare.
    """
    cle = cle_de_tri(nom, prenom)
    identifiants = {champ: empreinte(valeur) for champ, valeur in (("nam", nam), ("nas", nas)) if valeur}
    candidats = (
        _candidats(cle, naissance, identifiants).exclude(pk=sauf).select_related("prestataire", "agent", "bureau")
    )
    trouves = []
    for dossier in candidats:
        raisons = [
            f"même {champ.upper()}"
            for champ, valeur in identifiants.items()
            if getattr(dossier, f"{champ}_empreinte") == valeur
        ]
        du_nom = noms_semblables(cle, dossier.cle_tri)
        if not du_nom and naissance is not None and naissance == dossier.naissance:
            du_nom = noms_en_partie(cle, dossier.cle_tri)
        autres = _autres_raisons(dossier, naissance, telephone, adresse) if du_nom else []
        if raisons or autres:
            trouves.append((dossier, [*raisons, *([du_nom] if du_nom else []), *autres]))
    trouves.sort(key=lambda un: (-len(un[1]), un[0].pk))
    return trouves[:MONTRES]


def _candidats(cle: str, naissance: date | None, identifiants: dict[str, str]) -> DossierQuerySet:
    """Dossiers de même identifiant, ou de nom proche : ceux de naissance proche d'abord, les homonymes étant légion."""
    vivants = Dossier.objects.filter(fusionne_dans__isnull=True)
    mots = cle.split()
    connus = [proches(mot) for mot in [mot for mot in mots if len(mot) >= FAUTE_MIN] or mots]
    voulus = (Proximite.EXACT, Proximite.FAUTE)
    termes = [[connu for connu, rang in un.items() if rang in voulus] for un in connus]
    numeros: set[int] = set()
    if termes and all(termes):
        du_nom = qui_portent(vivants, termes)
        for lus in (du_nom, *([du_nom.filter(_naissance_proche(naissance))] if naissance else [])):
            numeros.update(lus.order_by("pk").values_list("pk", flat=True)[:CANDIDATS])
    if naissance is not None:
        nes_ce_jour = vivants.filter(naissance=naissance)
        lots = [
            qui_portent(nes_ce_jour, list(paire)).order_by("pk").values_list("pk", flat=True)[:MONTRES]
            for paire in combinations([terme for terme in termes[:4] if terme], 2)
        ]
        # Une lecture pour toutes les paires : un nom composé n'en coûte pas plus.
        numeros.update(lots[0].union(*lots[1:]) if lots else ())
    memes = Q(pk__in=numeros)
    for champ, valeur in identifiants.items():
        memes |= Q(**{f"{champ}_empreinte": valeur})
    trouves: DossierQuerySet = vivants.filter(memes)
    return trouves


def _naissance_proche(jour: date) -> Q:
    """Même date, un seul des trois nombres différent, ou jour et mois inversés (`naissances_semblables`)."""
    parts = {"naissance__year": jour.year, "naissance__month": jour.month, "naissance__day": jour.day}
    proche = Q(naissance__year=jour.year, naissance__month=jour.day, naissance__day=jour.month)
    for deux in combinations(parts.items(), 2):
        proche |= Q(**dict(deux))
    return proche


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
