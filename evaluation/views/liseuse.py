"""Ce que la liseuse reçoit et rend, pour la grille du centre d'évaluation comme pour l'analyse d'une révision.

Les gestes de la liseuse sont des boutons du formulaire voisin : il s'enregistre d'abord, puis le geste se fait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest

from dossiers.models import Dossier, Piece
from dossiers.pages import FormulaireActe, soumettre
from evaluation import citations, documents, pages_pdf
from evaluation.citations import Ancrage
from evaluation.documents import DocumentLu
from evaluation.forms_lecture import PREFIXE, LectureForm
from evaluation.recherche_documents import preparer, texte_de
from evaluation.regles_documents import filtrer

ZOOMS = (100, 150, 200, 300)
# Gestes qui ne changent rien au dossier : permis aussi quand la grille ne s'écrit plus.
POUR_LIRE = ("filtrer", "chercher", "tout_montrer")


def entier(texte: str) -> int:
    """Le rang d'une page, tel qu'une adresse le dit; 1 s'il ne se lit pas."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 1


def zoom_de(request: HttpRequest) -> int:
    """L'agrandissement demandé, en pour cent."""
    voulu = entier(request.GET.get("zoom", "100"))
    return voulu if voulu in ZOOMS else ZOOMS[0]


def recevoir(request: HttpRequest, liste: Sequence[DocumentLu], questions: dict[str, str] | None = None) -> LectureForm:
    """Ce qui est envoyé à la liseuse, déjà jugé; les fautes ne se montrent que si le geste les concerne."""
    recu = LectureForm(request.POST, liste=liste, questions=questions)
    geste = geste_de(request)[0]
    recu.is_valid()
    if geste == "tout_montrer":
        return _vierge(liste, questions)
    if geste == "chercher" or cherche(request):
        recu.exiger_des_mots()
        if not recu.errors:
            preparer(filtrer(liste, recu.filtre()))
    if geste not in (*POUR_LIRE, "ancrer"):
        recu.errors.clear()
    return recu


def depuis_le_brouillon(
    garde: Mapping[str, Any] | None, liste: Sequence[DocumentLu], questions: dict[str, str] | None = None
) -> LectureForm:
    """La liseuse telle qu'on l'a laissée; ce qui ne vaut plus (un auteur disparu) est oublié."""
    choisi = {f"{PREFIXE}-{nom}": valeur for nom, valeur in (garde or {}).items()}
    lu = LectureForm(choisi, liste=liste, questions=questions)
    return lu if lu.is_valid() else _vierge(liste, questions)


def _vierge(liste: Sequence[DocumentLu], questions: dict[str, str] | None) -> LectureForm:
    lu = LectureForm({}, liste=liste, questions=questions)
    lu.is_valid()
    return lu


def geste_de(request: HttpRequest) -> tuple[str, str]:
    """Le geste demandé et sa valeur."""
    geste, _, valeur = request.POST.get("geste", "enregistrer").partition(":")
    return geste, valeur


def a_garder(request: HttpRequest, lecture: LectureForm) -> dict[str, str]:
    """Ce que le brouillon garde de la liseuse; une citation commencée reste tant qu'on ne quitte pas la page."""
    return lecture.choix(extrait=geste_de(request)[0] not in ("ancrer", "ouvrir", "page"))


def cherche(request: HttpRequest) -> bool:
    """Vrai si des mots sont à chercher : « Chercher », ou « Filtrer » (que la touche Entrée presse) avec des mots."""
    geste = geste_de(request)[0]
    mots = request.POST.get(f"{PREFIXE}-mots", "").strip()
    return geste in ("chercher", "filtrer") and bool(mots)


def ouvert_de(request: HttpRequest, liste: list[DocumentLu], role: str) -> DocumentLu | None:
    """Le document qui était ouvert quand le geste a été fait."""
    return documents.choisir(liste, request.GET.get("document", ""), role)


def citation_demandee(request: HttpRequest, lecture: LectureForm, ouvert: DocumentLu | None) -> Ancrage | None:
    """La citation que « Citer » demande; rien pour un autre geste, ou si elle est fautive : `lecture` le dit."""
    if geste_de(request)[0] != "ancrer" or lecture.errors:
        return None
    if ouvert is None or not ouvert.citable:
        lecture.add_error("extrait", "Ce document ne se cite pas. Ouvrez-en un autre.")
        return None
    lue = _page_ouverte(request, ouvert)
    texte = lue.texte if lue is not None else texte_de(ouvert)
    donnees = lecture.cleaned_data
    try:
        return citations.ancrer(ouvert, lue, texte, donnees.get("question", ""), donnees.get("extrait", ""))
    except citations.ExtraitAbsent:
        lecture.add_error("extrait", "Ces mots ne sont pas dans cette page. Copiez-les de son texte, tels quels.")
        return None


def ancrages_apres(
    request: HttpRequest, lecture: LectureForm, neuf: Ancrage | None, gardes: list[Ancrage]
) -> list[Ancrage]:
    """Les citations gardées, après le geste : une de plus (`neuf`), ou une de moins."""
    geste, valeur = geste_de(request)
    if geste == "desancrer":
        return [un for un in gardes if citations.marque(un) != valeur]
    if neuf is None or neuf in gardes:
        return gardes
    if len(gardes) >= citations.CITATIONS_MAX:
        lecture.add_error("extrait", f"Un avis cite {citations.CITATIONS_MAX} pages au plus. Retirez-en une.")
        return gardes
    return [*gardes, neuf]


def _page_ouverte(request: HttpRequest, ouvert: DocumentLu) -> pages_pdf.PageLue | None:
    if not isinstance(ouvert.objet, Piece) or not pages_pdf.se_montre(ouvert.objet):
        return None
    try:
        return pages_pdf.lire(ouvert.objet, entier(request.GET.get("page", "1")))
    except pages_pdf.PageIllisible:
        return None


def suite(request: HttpRequest, page: str) -> str | None:
    """Où mène un geste de la liseuse; rien pour un autre geste. Aucun mot cherché n'entre dans l'adresse."""
    geste, valeur = geste_de(request)
    if geste == "ouvrir":
        return adresse(request, page, document=valeur, rang="", ancre="#gauche")
    if geste == "page":
        cle, _, rang = valeur.partition(":")
        return adresse(request, page, document=cle, rang=rang, ancre="#gauche")
    if geste == "zoom":
        return adresse(request, page, zoom=valeur, ancre="#page-lue")
    if cherche(request):
        return adresse(request, page, trouves=True, ancre="#trouves")
    if geste in POUR_LIRE:
        return adresse(request, page, ancre="#gauche")
    return None


def adresse(
    request: HttpRequest,
    page: str,
    *,
    document: str | None = None,
    rang: str | None = None,
    zoom: str | None = None,
    trouves: bool = False,
    ancre: str = "",
) -> str:
    """L'écran, ouvert au même document, à la même page et au même agrandissement, sauf ce qui change."""
    cle = request.POST.get("document", request.GET.get("document", "")) if document is None else document
    voulu = request.GET.get("page", "") if rang is None else rang
    agrandi = str(zoom_de(request)) if zoom is None else zoom
    dites = {
        "document": cle if cle.replace("-", "").isalnum() else "",
        "page": voulu if entier(voulu) > 1 else "",
        "zoom": agrandi if agrandi in map(str, ZOOMS[1:]) else "",
        "trouves": "oui" if trouves else "",
    }
    requete = urlencode({nom: valeur for nom, valeur in dites.items() if valeur})
    return f"{page}?{requete}{ancre}" if requete else f"{page}{ancre}"


def signaler(request: HttpRequest, dossier: Dossier, ouvert: DocumentLu | None, formulaire: FormulaireActe) -> None:
    """Dit à l'agent que la pièce ouverte ne se lit pas; le refus, s'il y en a un, se pose au formulaire."""
    if ouvert is None or not isinstance(ouvert.objet, Piece):
        messages.warning(request, "Ouvrez d'abord la pièce qui ne se lit pas.")
        return
    lue = _page_ouverte(request, ouvert)
    rang = lue.rang if lue is not None and lue.total > 1 else None
    reussi, _ = soumettre(request, formulaire, "signaler_piece_illisible", dossier, piece=ouvert.objet.pk, page=rang)
    if reussi:
        messages.success(request, "C'est signalé. Le bureau demandera une copie qui se lit.")
    else:
        messages.warning(request, "Cette pièce ne peut pas être signalée à cette étape.")
