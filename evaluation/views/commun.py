"""Ce que partagent les écrans d'évaluation : le rôle exigé, les questions en mots, le volet des pièces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse

from comptes.models import ROLES_CSEMS, Compte
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lectures
from dossiers.models import Demande, Piece
from dossiers.pages import LECTURES, personne_de
from evaluation import attentes, documents, pages_pdf
from evaluation.forms_lecture import LectureForm
from evaluation.recherche_documents import Recherche, rechercher
from evaluation.regles import QUESTIONS
from evaluation.regles_documents import filtrer
from evaluation.views import liseuse
from formulaires.models import RapportMedical
from referentiels import lecture as referentiels
from socle import composants
from socle.dates_en_mots import date_courte

TITRES = {"atteinte": "Atteinte", "duree": "Durée", "socioprofessionnel": "Profil socioprofessionnel"}
# Au-delà, un document offre d'aller à ses bouts et par sauts.
PAGES_SANS_SAUT = 20
REPONSES = {"oui": "Oui", "non": "Non", "inconnu": "Renseignement insuffisant"}
REPONSES_LETTRE = {"oui": "Oui.", "non": "Non.", "inconnu": "Nous ne le savons pas."}


def evaluateur_de(request: HttpRequest) -> Compte:
    """Le compte connecté, s'il est du centre d'évaluation; sinon 404."""
    personne = personne_de(request)
    if personne.role not in ROLES_CSEMS:
        raise Http404
    return personne


def questions_de_la_loi(jour: date) -> dict[str, str]:
    """Les trois questions, dans les mots de la règle en vigueur à la date de la demande."""
    return {question: referentiels.vocabulaire(f"question_{question}", jour, "fr") for question in QUESTIONS}


def adresse(nom: str, *args: Any) -> str:
    """Adresse d'un écran, ou vide tant qu'il n'existe pas."""
    try:
        return reverse(nom, args=args)
    except NoReverseMatch:
        return ""


def volet_pieces(
    request: HttpRequest,
    demande: Demande,
    droits: Droits,
    *,
    page: str,
    en_formulaire: bool = False,
    separer_le: datetime | None = None,
    due: str = "",
    garde: Mapping[str, Any] | None = None,
    lecture: LectureForm | None = None,
) -> dict[str, Any]:
    """Contexte du volet gauche : la liste, le document ouvert, ses voisins, sa page si c'est un PDF.

    Ouvrir un document laisse sa ligne de consultation. `page` : adresse de l'écran. `en_formulaire` : la
    liste se parcourt par des boutons qui enregistrent d'abord ce qui est écrit dans la grille. `separer_le` :
    instant de la première décision; la révision montre à part ce qui est arrivé depuis. `due` : la lecture
    que la page doit encore au journal, écrite avec celle du document. `garde` : filtres et mots du brouillon;
    `lecture` : ceux qui viennent d'être envoyés.
    """
    renseignements = documents.renseignements(demande)
    liste = documents.lister(demande, droits, renseignements)
    if lecture is None:
        lecture = liseuse.depuis_le_brouillon(garde, liste, TITRES)
    montrees = filtrer(liste, lecture.filtre())
    recherche = _recherche(request, lecture, montrees)
    ouvert = documents.choisir(liste, request.GET.get("document", ""), droits.personne.role)
    lues = [(due, "")] if due else []
    if recherche is not None and droits.peut("piece.lire"):
        lues.append(("pieces", ""))
    if ouvert is not None and request.method in LECTURES:
        lues.append((ouvert.quoi, ouvert.cle))
    consigner_lectures(droits.personne, droits.dossier, lues)
    precedent, suivant = _voisins(montrees, ouvert)
    lecture.pour_montrer()
    return {
        "groupes": [
            {"titre": titre, "lus": lus, "liens": [_ligne(document, document == ouvert, page) for document in lus]}
            for titre, lus in _groupes(montrees, separer_le)
        ],
        "documents_lus": liste,
        "ouvert": ouvert,
        "sections": documents.sections(ouvert) if ouvert else [],
        "precedent": precedent,
        "suivant": suivant,
        "page_pdf": _page(request, demande, ouvert),
        "url_comparer": _comparer(demande, liste, ouvert),
        "note_pieces": _note(liste, ouvert),
        "en_formulaire": en_formulaire,
        "page": page,
        "attentes": attentes.de_la_demande(demande, renseignements),
        "attendus": [une for une in renseignements if une.demande_id == demande.pk and une.close_le is None],
        "lecture": lecture,
        "formulaire_lecture": "grille" if en_formulaire else "lecture",
        "filtre_actif": lecture.filtre().actif,
        "montrees": montrees,
        "recherche": recherche,
        "peut_signaler": droits.peut("piece.signaler"),
    }


def _recherche(request: HttpRequest, lecture: LectureForm, montrees: list[documents.DocumentLu]) -> Recherche | None:
    """Ce que les mots trouvent, quand la page vient d'être demandée pour cela; les relire à chaque page serait lent."""
    cherche = request.method == "POST" and liseuse.cherche(request)
    mots = lecture.cleaned_data.get("mots", "")
    if not mots or lecture.errors or not (cherche or request.GET.get("trouves") == "oui"):
        return None
    return rechercher(montrees, mots)


def _voisins(
    montrees: list[documents.DocumentLu], ouvert: documents.DocumentLu | None
) -> tuple[documents.DocumentLu | None, documents.DocumentLu | None]:
    """Le document d'avant et celui d'après, parmi ceux que le filtre montre."""
    if ouvert is None or ouvert not in montrees:
        return None, next(iter(montrees), None) if ouvert is not None else None
    rang = montrees.index(ouvert)
    return (montrees[rang - 1] if rang else None), (montrees[rang + 1] if rang + 1 < len(montrees) else None)


def _groupes(
    liste: list[documents.DocumentLu], separer_le: datetime | None
) -> list[tuple[str, list[documents.DocumentLu]]]:
    if separer_le is None:
        return [("", liste)]
    nouvelles = [document for document in liste if document.recu_le > separer_le]
    deja = [document for document in liste if document.recu_le <= separer_le]
    return [("Nouvelles pièces", nouvelles), ("Déjà lues en première instance", deja)]


def _ligne(document: documents.DocumentLu, actif: bool, page: str) -> composants.Document:
    detail = (
        f"{document.auteur} · {date_courte(document.recu_le)}" if document.auteur else date_courte(document.recu_le)
    )
    return composants.Document(
        document.titre,
        f"{page}?document={document.cle}#gauche",
        detail,
        actif=actif,
        non_lu=not document.lu and not actif,
    )


def _note(liste: list[documents.DocumentLu], ouvert: documents.DocumentLu | None) -> str:
    non_lus = sum(1 for document in liste if not document.lu and document != ouvert)
    nombre = f"{len(liste)} document{'s' if len(liste) > 1 else ''}"
    return f"{nombre}, {non_lus} non lu{'s' if non_lus > 1 else ''}" if non_lus else f"{nombre}, tous lus"


def _page(request: HttpRequest, demande: Demande, ouvert: documents.DocumentLu | None) -> dict[str, Any] | None:
    """La page PDF montrée : image et texte; ou la raison pour laquelle la pièce ne s'ouvre pas."""
    if ouvert is None or not isinstance(ouvert.objet, Piece):
        return None
    piece = ouvert.objet
    if piece.verification == Piece.Verification.SANS_FICHIER:
        return None
    if not pages_pdf.se_montre(piece):
        if piece.verification == Piece.Verification.EN_COURS:
            return {
                "raison": "La vérification de ce fichier n'est pas finie. Revenez dans quelques minutes.",
                "signaler": False,
            }
        return {"raison": "Ce fichier ne s'affiche pas ici. Demandez une autre copie au bureau.", "signaler": True}
    try:
        lue = pages_pdf.lire(piece, liseuse.entier(request.GET.get("page", "1")))
    except pages_pdf.PageIllisible:
        return {"raison": "Ce fichier ne se lit pas. Demandez une autre copie au bureau.", "signaler": True}
    url = reverse("evaluation_page_image", args=[demande.dossier.reference, piece.pk, lue.rang])
    return {
        "lue": lue,
        "image": url,
        "avant": lue.rang - 1,
        "apres": lue.rang + 1 if lue.rang < lue.total else 0,
        "sauts": _sauts(lue),
        "zoom": liseuse.zoom_de(request),
        "zooms": liseuse.ZOOMS,
    }


def _sauts(lue: pages_pdf.PageLue) -> list[tuple[str, int]]:
    """Où sauter dans un long document : ses bouts, et par dizaines ou centaines."""
    if lue.total <= PAGES_SANS_SAUT:
        return []
    pas = 100 if lue.total > 10 * PAGES_SANS_SAUT else 10
    offerts = [("Première page", 1), (f"Reculer de {pas} pages", lue.rang - pas)]
    if pas > 10:
        offerts += [("Reculer de 10 pages", lue.rang - 10), ("Avancer de 10 pages", lue.rang + 10)]
    offerts += [(f"Avancer de {pas} pages", lue.rang + pas), ("Dernière page", lue.total)]
    return [(mots, rang) for mots, rang in offerts if 1 <= rang <= lue.total and rang != lue.rang]


def _comparer(demande: Demande, liste: list[documents.DocumentLu], ouvert: documents.DocumentLu | None) -> str:
    """Adresse de la comparaison des rapports, si l'un d'eux est ouvert et qu'il y en a un autre."""
    rapports = [un for un in liste if isinstance(un.objet, RapportMedical)]
    if ouvert not in rapports or ouvert is None or len(rapports) < 2:
        return ""
    return f"{reverse('sr2100_comparer', args=[demande.dossier.reference])}?apres={ouvert.objet.pk}"
