"""Ce qu'un évaluateur ou un réviseur peut lire d'un dossier, et ce qu'il en a déjà ouvert.

Source : `ecrans-et-lettres.md` B2 et B3 (liste des pièces, non lu en gras, page rendue en texte).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from comptes.models import Role
from dossiers import echanges
from dossiers.acces import Droits
from dossiers.actes.lectures import documents_ouverts
from dossiers.models import Demande, DemandeRenseignement, Fil, Occasion, Piece
from evaluation.lecture_rapport import Section, sections_contribution, sections_rapport, sections_sr2105
from formulaires.lecture import contributions
from formulaires.models import SR2105, RapportMedical, Substitut
from referentiels import lecture as referentiels
from socle import horloge
from socle.dates_en_mots import date_heure

TITRE_SR2100 = "Rapport médical (SR-2100)"
TITRE_SR2105 = "Renseignements complémentaires (SR-2105)"
TITRES_CITABLES = {"sr2100": TITRE_SR2100, "sr2105": TITRE_SR2105, "substitut": "Rapport tenant lieu de SR-2100"}


@dataclass(frozen=True)
class DocumentLu:
    """Un document du dossier. `citable` : le code qu'un avis citerait, vide s'il ne se cite pas."""

    cle: str
    titre: str
    auteur: str
    recu_le: datetime
    quoi: str
    citable: str = ""
    lu: bool = False
    objet: Any = field(default=None, compare=False)

    @property
    def famille(self) -> str:
        """Genre du document : sr2100, sr2105, contribution, substitut, piece, reponse, occasion, echange."""
        return self.cle.partition("-")[0]

    @property
    def jour(self) -> date:
        """Jour civil de la réception."""
        return horloge.jour_civil(self.recu_le)


def renseignements(demande: Demande) -> list[DemandeRenseignement]:
    """Demandes de renseignement du dossier, attendues ou répondues, avec leurs personnes."""
    lues = DemandeRenseignement.objects.filter(demande__dossier_id=demande.dossier_id)
    return list(lues.select_related("destinataire", "demandeur", "repondue_par"))


def lister(
    demande: Demande, droits: Droits, demandes: Iterable[DemandeRenseignement] | None = None
) -> list[DocumentLu]:
    """Tous les documents que ces droits ouvrent, du plus récent au plus ancien.

    `demandes` : les renseignements du dossier, si la page les a déjà lus.
    """
    trouves: list[DocumentLu] = []
    if droits.peut("sr2100.lire"):
        trouves += _rapports(demande)
    if droits.peut("substitut.montrer"):
        trouves += _substituts(demande)
    if droits.peut("contribution.montrer"):
        trouves += _contributions(demande)
    if droits.peut("sr2105.lire"):
        trouves += _sr2105(demande)
    if droits.peut("piece.lire"):
        demandes = renseignements(demande) if demandes is None else demandes
        trouves += [*_pieces(demande), *_reponses(demandes), *_occasions(demande)]
    if droits.peut("echange.montrer"):
        trouves += _echanges(demande)
    lus = documents_ouverts(droits.personne, demande.dossier_id)
    marques = [replace(document, lu=document.cle in lus) for document in trouves]
    return sorted(marques, key=lambda document: (document.recu_le, document.cle), reverse=True)


def choisir(liste: list[DocumentLu], cle: str, role: str) -> DocumentLu | None:
    """Le document demandé; à défaut le SR-2100 (ou le SR-2105 pour le spécialiste), puis le premier."""
    familles = ("sr2105", "sr2100") if role in (Role.SPECIALISTE_CSEMS, Role.SPECIALISTE_DRRA) else ("sr2100",)
    candidats = [document for document in liste if document.cle == cle]
    for famille in familles:
        candidats += [document for document in liste if document.famille == famille]
    return next(iter([*candidats, *liste]), None)


def sections(document: DocumentLu) -> list[Section]:
    """Le document en sections lisibles; une pièce sans texte rend une liste vide."""
    objet = document.objet
    if document.famille == "sr2100":
        return sections_rapport(objet)
    if document.famille == "sr2105":
        return sections_sr2105(objet)
    if document.famille == "contribution":
        return sections_contribution(objet)
    if document.famille == "substitut":
        return [Section("Pourquoi il tient lieu de SR-2100", (("", objet.justification),))]
    if document.famille == "reponse":
        return _sections_reponse(objet)
    if document.famille == "echange":
        return _sections_echange(objet)
    if document.famille == "occasion":
        return [Section("Ce que la personne a répondu", (("", objet.reponse),))]
    return [Section("", (("", objet.texte),))] if objet.texte else []


def titre_cite(code: str) -> str:
    """Titre à montrer pour une pièce citée; une contribution ou un échange se nomme par son rang au dossier."""
    for prefixe, nom in (("contribution-", "Contribution"), ("echange-", "Échange")):
        rang = code.removeprefix(prefixe)
        if rang != code and rang.isdecimal():
            return f"{nom} {rang}"
    return TITRES_CITABLES.get(code, code)


def titres_cites(codes: Iterable[str]) -> list[str]:
    """Titres des pièces citées, dans l'ordre."""
    return [titre_cite(code) for code in codes]


def _rapports(demande: Demande) -> Iterable[DocumentLu]:
    rapports = RapportMedical.objects.filter(demande__dossier_id=demande.dossier_id).select_related(
        "signataire", "demande"
    )
    plusieurs = len(rapports) > 1
    for rapport in rapports:
        titre = TITRE_SR2100 + (f", version {rapport.version}" if plusieurs else "")
        if rapport.demande_id != demande.pk:
            titre += f" (demande {rapport.demande.rang})"
        auteur = rapport.signataire.nom_complet
        yield DocumentLu(f"sr2100-{rapport.pk}", titre, auteur, rapport.recu_le, "sr2100", "sr2100", objet=rapport)


def _substituts(demande: Demande) -> Iterable[DocumentLu]:
    for une in Substitut.objects.filter(demande=demande).select_related("par"):
        yield DocumentLu(
            f"substitut-{une.pk}",
            une.get_nature_display(),
            une.par.nom_complet,
            une.recu_le,
            "sr2100",
            "substitut",
            objet=une,
        )


def _contributions(demande: Demande) -> Iterable[DocumentLu]:
    for une in contributions(demande.dossier_id):
        auteur = une.auteur.nom_complet
        yield DocumentLu(f"contribution-{une.pk}", une.nom, auteur, une.recue_le, "contribution", une.code, objet=une)


def _sr2105(demande: Demande) -> Iterable[DocumentLu]:
    lus = SR2105.objects.filter(dossier_id=demande.dossier_id).select_related("depose_par")
    plusieurs = len(lus) > 1
    for un in lus:
        titre = TITRE_SR2105 + (f", version {un.version}" if plusieurs else "")
        yield DocumentLu(
            f"sr2105-{un.pk}", titre, un.depose_par.nom_complet, un.depose_le, "sr2105", "sr2105", objet=un
        )


def _pieces(demande: Demande) -> Iterable[DocumentLu]:
    pieces = Piece.objects.filter(dossier_id=demande.dossier_id).select_related("versee_par")
    for piece in pieces.exclude(verification=Piece.Verification.REFUSEE):
        yield DocumentLu(
            f"piece-{piece.pk}",
            piece.titre,
            piece.versee_par.nom_complet,
            piece.versee_le,
            "pieces",
            piece.titre,
            objet=piece,
        )


def _reponses(demandes: Iterable[DemandeRenseignement]) -> Iterable[DocumentLu]:
    for faite in demandes:
        auteur = faite.repondue_par.nom_complet if faite.repondue_par else ""
        if faite.repondue_le is not None:
            yield DocumentLu(
                f"reponse-{faite.pk}",
                "Réponse à votre demande de renseignement",
                auteur,
                faite.repondue_le,
                "pieces",
                objet=faite,
            )


def _occasions(demande: Demande) -> Iterable[DocumentLu]:
    offertes = Occasion.objects.filter(demande__dossier_id=demande.dossier_id, repondue_le__isnull=False)
    for une in offertes.select_related("repondue_par"):
        auteur = une.repondue_par.nom_complet if une.repondue_par else ""
        if une.repondue_le is not None:
            yield DocumentLu(
                f"occasion-{une.pk}",
                "Réponse à l'occasion de compléter",
                auteur,
                une.repondue_le,
                "pieces",
                objet=une,
            )


def _echanges(demande: Demande) -> Iterable[DocumentLu]:
    """Un fil est un document; un message de plus le rend non lu, et ce qui le cite reste le même."""
    fils = Fil.objects.filter(dossier_id=demande.dossier_id, dernier__isnull=False).select_related("dernier__auteur")
    for un in fils:
        if un.dernier is not None:
            titre = f"Échange {un.rang}" + (f" : {un.sujet}" if un.sujet else "")
            auteur, le = un.dernier.auteur.nom_complet, un.dernier.le
            yield DocumentLu(un.cle, titre, auteur, le, "echanges", un.code, objet=un)


def _sections_echange(fil: Fil) -> list[Section]:
    """Chaque message, sous son auteur, sa date et à qui il s'adresse."""
    lus = []
    for un in echanges.messages_du_fil(fil).order_by("pk"):
        a = f", à {un.a.nom_complet}" if un.a is not None else ""
        lus.append(Section(f"{un.auteur.nom_complet}{a}, {date_heure(un.le)}", (("", un.texte),)))
    return lus


def _sections_reponse(faite: DemandeRenseignement) -> list[Section]:
    demandee = horloge.jour_civil(faite.demandee_le)
    recue = horloge.jour_civil(faite.repondue_le or faite.demandee_le)
    reponses: dict[str, str] = json.loads(faite.reponses) if faite.reponses else {}
    questions = tuple((referentiels.element(code, demandee).libelle, "") for code in faite.elements)
    # Un élément donné sans avoir été demandé n'est au dictionnaire, à coup sûr, que le jour de la réponse.
    donnees = tuple(
        (referentiels.element(code, demandee if code in faite.elements else recue).libelle, texte)
        for code, texte in reponses.items()
    )
    lues = donnees or (("", "La réponse a modifié le rapport médical : voyez sa dernière version."),)
    return [Section("Ce qui était demandé", questions), Section("Réponse", lues)]
