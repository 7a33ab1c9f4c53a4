"""Du contenu figé d'une lettre aux phrases que la personne lit, en français ou en anglais.

Pur : ne lit ni la base ni l'horloge. Chaque fonction prend `anglais`, vrai si la lettre est en
anglais. Source : `ecrans-et-lettres.md` C0; rédaction du projet, à valider par le Ministère.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation

from correspondance.templatetags.lettres import en_lettres, jour
from referentiels.regles import PROUVEE, Echeance

LIMITE_LIBRE = 600  # signes d'un texte libre dans une lettre (C0)
_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")

QUI = {
    "clinique": ("Votre médecin ou votre infirmière peut l'écrire.", "Your doctor or nurse can write it."),
    "personne": ("Vous pouvez nous le dire vous-même, par téléphone.", "You can tell us yourself, by phone."),
}
METIERS = {
    "medecin": ("médecin", "physician"),
    "specialiste": (
        "spécialiste en évaluation socioprofessionnelle",
        "specialist in socio-vocational assessment",
    ),
    "agent": ("agent d'aide financière", "financial assistance agent"),
}
FERMETURE = {
    "desistement": ("Vous nous avez demandé de la retirer.", "You asked us to withdraw it."),
    "inactivite": (
        "Nous n'avons reçu aucune nouvelle depuis plusieurs mois.",
        "We have had no news for several months.",
    ),
    "transfert": ("Votre dossier passe à un autre bureau.", "Your file is moving to another office."),
}


def choisir(paire: tuple[str, str], anglais: bool) -> str:
    """Le texte de la paire (français, anglais) dans la langue de la lettre."""
    return paire[1] if anglais else paire[0]


def traduit(fige: Mapping[str, Any], champ: str, anglais: bool) -> str:
    """`champ` d'un contenu figé; sa version anglaise si la lettre est en anglais et qu'elle existe."""
    return str((fige.get(f"{champ}_en") if anglais else "") or fige.get(champ) or "")


def abreger(texte: str, limite: int = LIMITE_LIBRE) -> str:
    """Texte libre coupé au dernier mot entier avant `limite` signes, avec « … »."""
    propre = texte.strip()
    if len(propre) <= limite:
        return propre
    return propre[: limite - 1].rsplit(None, 1)[0].rstrip(" ,;:") + "…"


def sans_code(texte: str) -> str:
    """Un code resté dans un texte libre devient des mots (« hors_province » : « hors province »)."""
    return texte.replace("_", " ") if _CODE.fullmatch(texte.strip()) else texte


def elements(figes: Iterable[Mapping[str, Any]], anglais: bool) -> list[dict[str, str]]:
    """Ce qui manque : `quoi`, `pourquoi`, `qui` peut le donner, un `exemple`."""
    return [
        {
            "quoi": traduit(fige, "quoi", anglais),
            "pourquoi": traduit(fige, "pourquoi", anglais),
            "qui": choisir(QUI.get(str(fige.get("qui")), ("", "")), anglais),
            "exemple": traduit(fige, "exemple", anglais),
        }
        for fige in figes
    ]


def pieces(figees: Iterable[Mapping[str, Any]], anglais: bool) -> list[dict[str, str]]:
    """Ce qui a été lu : titre, auteur (« vous » pour la personne) et date."""
    vous = "You" if anglais else "Vous"
    return [
        {
            "titre": traduit(piece, "titre", anglais),
            "auteur": vous if piece.get("de_la_personne") else str(piece.get("auteur") or ""),
            "date": str(piece.get("date") or ""),
        }
        for piece in figees
    ]


def signataires(figes: Iterable[Mapping[str, str]], anglais: bool) -> list[dict[str, str]]:
    """Qui signe : nom et métier en toutes lettres."""
    return [{"nom": fige["nom"], "metier": choisir(METIERS.get(fige["metier"], ("", "")), anglais)} for fige in figes]


def motif_de_fermeture(motif: str, anglais: bool) -> str:
    """Pourquoi la demande se ferme, en une phrase; un texte libre est cité tel quel."""
    if motif in FERMETURE:
        return choisir(FERMETURE[motif], anglais)
    cite = abreger(sans_code(motif)).rstrip(".")
    if not cite:
        return ""
    return f"Reason noted on file: “{cite}”." if anglais else f"La raison notée au dossier : « {cite} »."


def nombre_de_mois(mois: int, anglais: bool) -> str:
    """« 6 mois », « 1 month », « 6 months »."""
    if not anglais:
        return f"{mois} mois"
    return f"{mois} month" if mois == 1 else f"{mois} months"


def calcul(echeance: Echeance | None, anglais: bool) -> str:
    """L'arithmétique d'une échéance en phrases : départ, délais ajoutés, report s'il y a lieu."""
    if echeance is None:
        return ""
    with translation.override("en" if anglais else "fr-ca"):
        return _calcul_en(echeance) if anglais else _calcul_fr(echeance)


def _calcul_fr(echeance: Echeance) -> str:
    morceaux = [f"le {jour(echeance.depart)}"]
    for etape in echeance.etapes:
        pour = " pour la poste" if etape.precision else ""
        morceaux.append(f"plus {etape.nombre} {'mois' if etape.unite == 'mois' else 'jours'}{pour}")
    debut = "lettre reçue " if echeance.precision == PROUVEE else ""
    texte = f"{debut}{', '.join(morceaux)}."
    if echeance.reportee:
        texte += f" Nous sommes fermés le {en_lettres(echeance.brute)}. La date passe au jour ouvert suivant."
    return texte


def _calcul_en(echeance: Echeance) -> str:
    morceaux = [jour(echeance.depart)]
    for etape in echeance.etapes:
        pour = " for the mail" if etape.precision else ""
        unite = "months" if etape.unite == "mois" else "days"
        morceaux.append(f"plus {etape.nombre} {unite}{pour}")
    debut = "letter received on " if echeance.precision == PROUVEE else ""
    texte = f"{debut}{', '.join(morceaux)}."
    if echeance.reportee:
        texte += f" We are closed on {en_lettres(echeance.brute)}. The date moves to the next open day."
    return texte
