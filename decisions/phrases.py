"""D'une décision figée aux phrases de sa lettre : réponses et raisons. Pur.

Source : `ecrans-et-lettres.md` C4; Loi sur l'aide aux personnes et aux familles, art. 70.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from dossiers import phrases as communes
from dossiers.phrases import choisir

QUESTIONS = ("atteinte", "duree", "socioprofessionnel")
REPONSES = {
    "oui": ("Oui", "Yes"),
    "non": ("Non", "No"),
    "inconnu": ("Nous ne le savons pas", "We do not know"),
}
# Raison dite quand aucun motif signé ne porte sur la question.
RAISONS = {
    ("atteinte", "oui"): (
        "Les documents montrent que vos limitations sont importantes.",
        "The documents show that your limitations are significant.",
    ),
    ("atteinte", "non"): (
        "Les documents ne montrent pas que vos limitations sont importantes.",
        "The documents do not show that your limitations are significant.",
    ),
    ("atteinte", "inconnu"): (
        "Les documents ne disent pas assez comment votre santé vous limite.",
        "The documents do not say enough about how your health limits you.",
    ),
    ("duree", "oui"): (
        "Les documents montrent que vos limitations vont durer.",
        "The documents show that your limitations will last.",
    ),
    ("duree", "non"): (
        "Selon les documents, vos limitations ne vont pas durer assez longtemps.",
        "The documents say that your limitations will not last long enough.",
    ),
    ("duree", "inconnu"): (
        "Les documents ne disent pas assez clairement combien de temps vos limitations vont durer.",
        "The documents are not clear enough on how long your limitations will last.",
    ),
    ("socioprofessionnel", "oui"): (
        "Votre santé et votre parcours rendent un emploi très difficile.",
        "Your health and your background make a job very hard.",
    ),
    ("socioprofessionnel", "non"): (
        "Nous pensons que certains emplois restent possibles pour vous.",
        "We think that some jobs remain possible for you.",
    ),
    ("socioprofessionnel", "inconnu"): (
        "Nous n'en savons pas assez sur vos études ou vos emplois.",
        "We do not know enough about your studies or your jobs.",
    ),
}
DIVERGENCE = (
    "Les personnes qui ont étudié votre demande n'ont pas la même réponse.",
    "The people who studied your request do not have the same answer.",
)
# Élément dont une question dit déjà la réponse : (question, ce qui se dit à la place si la réponse est « non »).
DEJA_CONNU = {
    "duree_limitations": (
        "duree",
        (
            "Un nouveau rapport peut dire que vos limitations vont durer plus longtemps.",
            "A new report can say that your limitations will last longer.",
        ),
    ),
}


def _plie(texte: str) -> str:
    """Le texte sans casse, accents, espaces ni ponctuation; chiffres et symboles (« < », « + ») comptent."""
    plat = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(signe for signe in plat if unicodedata.category(signe)[0] not in "MPZC")


def sans_redite(textes: Iterable[str]) -> list[str]:
    """Chaque texte signé une fois : seul un texte identique, à l'écriture près, n'est pas redit.

    Deux raisons proches peuvent dire le contraire l'une de l'autre : aucune ne s'efface au profit de l'autre.
    """
    gardes: dict[str, str] = {}
    for texte in textes:
        gardes.setdefault(_plie(texte), texte)
    return list(gardes.values())


def _reponses(contenu: Mapping[str, Any]) -> dict[str, str]:
    """Les réponses aux questions de la loi; un refus reconduit n'en porte pas, celles du refus reconduit valent."""
    source = contenu if contenu.get("questions") else contenu.get("precedente") or {}
    return {figee["question"]: figee["reponse"] for figee in source.get("questions", [])}


def ce_qui_changerait(contenu: Mapping[str, Any], anglais: bool) -> list[dict[str, str]]:
    """Les éléments signés; « il nous manque » n'est dit que de ce que les réponses ne disent pas déjà savoir.

    Un élément qui ne peut plus rien changer (sa question a déjà « oui ») n'est pas dit.
    """
    figes = list(contenu.get("ce_qui_changerait", []))
    reponses, dites = _reponses(contenu), []
    for fige, ligne in zip(figes, communes.elements(figes, anglais), strict=True):
        question, autrement = DEJA_CONNU.get(str(fige.get("code")), ("", ("", "")))
        reponse = reponses.get(question)
        if reponse == "oui":
            continue
        dites.append({**ligne, "quoi": choisir(autrement, anglais)} if reponse == "non" else ligne)
    return dites


def sans_objet(contenu: Mapping[str, Any]) -> set[str]:
    """Codes des éléments qui ne peuvent plus rien changer : la question qu'ils touchent a déjà « oui ».

    La lettre ne les dirait pas; l'écran ne les offre donc pas.
    """
    reponses = _reponses(contenu)
    return {code for code, (question, _) in DEJA_CONNU.items() if reponses.get(question) == "oui"}


def _partagee(question: Mapping[str, Any]) -> bool:
    """Vrai si les avis qui comptent (le tiers l'emporte) ne donnent pas la même réponse."""
    avis = question.get("avis", [])
    comptent = [un for un in avis if un.get("tiers")] or avis
    return len({un.get("reponse") for un in comptent}) > 1


def questions(
    figees: Iterable[Mapping[str, Any]], motifs: Iterable[Mapping[str, Any]], posees: Mapping[str, str], anglais: bool
) -> list[dict[str, Any]]:
    """Chaque question de la loi, sa réponse et ses raisons.

    `raison` : les motifs signés, sinon la phrase d'usage. `libres` : ce que les évaluateurs ont écrit
    pour la personne, puis la phrase de chaque motif, en texte, 600 signes au plus; il remplace la phrase d'usage.
    """
    motifs = list(motifs)
    textes: dict[str, list[str]] = {}
    dites: dict[str, list[str]] = {}
    for motif in motifs:
        de = str(motif.get("question", ""))
        textes.setdefault(de, []).append(communes.traduit(motif, "texte", anglais))
        dites.setdefault(de, []).append(str(motif.get("phrase", "")))
    lignes = []
    for figee in figees:
        code, reponse = figee["question"], figee["reponse"]
        raison = "" if reponse == "oui" else " ".join(sans_redite(textes.get(code, ())))
        ecrites = [*figee.get("raisons", []), *(() if reponse == "oui" else dites.get(code, ()))]
        libres = [communes.abreger(texte) for texte in sans_redite(ecrites) if texte.strip()]
        if not raison and not libres:
            raison = choisir(DIVERGENCE if _partagee(figee) else RAISONS[code, reponse], anglais)
        lignes.append(
            {
                "question": posees[code],
                "reponse": choisir(REPONSES[reponse], anglais),
                "raison": raison,
                "libres": libres,
            }
        )
    return lignes


class Ecrite(str):
    """Une phrase écrite par le signataire : la lettre la marque, comme tout texte libre."""

    __slots__ = ()
    libre = True


def motifs_a_dire(contenu: Mapping[str, Any], anglais: bool) -> list[str]:
    """Les motifs signés qu'aucune question ne porte déjà dans la lettre, chacun suivi de sa phrase."""
    dits = {figee["question"] for figee in contenu.get("questions", []) if figee["reponse"] != "oui"}
    textes = [
        texte
        for motif in contenu.get("motifs", [])
        if motif.get("question", "") not in dits
        for texte in (communes.traduit(motif, "texte", anglais), Ecrite(communes.abreger(str(motif.get("phrase", "")))))
    ]
    return sans_redite(texte for texte in textes if texte.strip())


def orientation_en_mots(figee: Iterable[Mapping[str, str]], anglais: bool) -> list[dict[str, str]]:
    """Les programmes nommés par la décision : `{nom, quoi, telephone}` dans la langue de la lettre."""
    fin = "_en" if anglais else ""
    return [{"nom": un[f"nom{fin}"], "quoi": un[f"quoi{fin}"], "telephone": un["telephone"]} for un in figee]


def en_phrase(texte: str) -> str:
    """Le texte, fini par un point s'il n'a pas déjà sa ponctuation."""
    propre = texte.strip()
    return f"{propre}." if propre and propre[-1] not in ".!?…" else propre


def decision(contenu: Mapping[str, Any], posees: Mapping[str, str], anglais: bool) -> dict[str, Any]:
    """Les variables de lettre d'une décision figée; `precedente` est dite de la même façon."""
    mois = contenu.get("contrainte_temporaire_mois")
    precedente = contenu.get("precedente")
    return {
        "raisons": motifs_a_dire(contenu, anglais),
        "justification_date": en_phrase(str(contenu.get("justification_date") or "")),
        "questions": questions(contenu.get("questions", []), contenu.get("motifs", []), posees, anglais),
        "ce_qui_changerait": ce_qui_changerait(contenu, anglais),
        "pieces": communes.pieces(contenu.get("pieces_lues", []), anglais),
        "signataires": communes.signataires(contenu.get("signataires", []), anglais),
        "annexes": list(contenu.get("annexes") or []),  # une lettre née avant ce champ ne l'a pas
        "orientation": orientation_en_mots(contenu.get("orientation", []), anglais),
        "duree_temporaire": communes.nombre_de_mois(mois, anglais) if mois else "",
        "precedente": {**precedente, **decision(precedente, posees, anglais)} if precedente else {},
    }
