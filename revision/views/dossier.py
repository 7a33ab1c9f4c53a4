"""Réviser : les pièces déjà lues et les nouvelles, les mêmes questions vierges, la recevabilité.

Les réponses de première instance ne s'ouvrent qu'après sa propre analyse enregistrée (`ecrans-et-lettres.md` B5.4).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.reauth import reauthentification_exigee
from dossiers.acces import Droits
from dossiers.models import Dossier, Echeance
from dossiers.pages import FormulaireActe, lecture_due, soumettre
from evaluation import documents
from evaluation import grille as grilles
from evaluation import lecture as evaluation
from evaluation.brouillons import empreintes
from evaluation.forms_lecture import LectureForm
from evaluation.regles import questions_sans_reponse
from evaluation.views import grille, liseuse
from evaluation.views.commun import questions_de_la_loi, volet_pieces
from evaluation.views.dossier import (
    avec_version,
    avis_en_clair,
    champs_en_conflit,
    lignes_des_questions,
)
from formulaires.views.commun import reponse_en_passant
from referentiels import lecture as referentiels
from revision import independance, lecture
from revision.actes.traitement import ConflitRevision, garder_brouillon_revision
from revision.forms import AnalyseForm, RecevabiliteForm
from revision.models import BrouillonRevision, Revision
from revision.views.commun import contexte_revision, entrer_en_revision
from socle import horloge
from socle.dates_en_mots import heure
from socle.pages import page_conflit


@require_http_methods(["GET", "POST"])
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Deux volets : la preuve à gauche, l'analyse du réviseur à droite."""
    ouvert, droits, revision = entrer_en_revision(request, reference, consigner=False)
    if request.method == "POST":
        return _recevoir(request, ouvert, droits, revision)
    return _page(request, ouvert, droits, revision)


def brouillon_de(revision: Revision, droits: Droits) -> BrouillonRevision | None:
    """L'analyse gardée par cette personne."""
    return BrouillonRevision.objects.filter(revision=revision, auteur=droits.personne).first()


def _page(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    formulaire: AnalyseForm | None = None,
    lecture_recue: LectureForm | None = None,
) -> HttpResponse:
    garde = brouillon_de(revision, droits)
    libelles = questions_de_la_loi(revision.demande.jour_depot)
    page = reverse("revision_dossier", args=[ouvert.reference])
    commun = contexte_revision(request, ouvert, droits, revision)
    modifiable = _modifiable(commun, revision, droits)
    signe = _a_signe(commun, droits)
    if formulaire is None:
        contenu, version = (garde.contenu, garde.version) if garde else ({}, 0)
        if garde is None and (signe or not commun["ouverte"]):
            contenu = revision.analyse  # la signature l'a portée : le brouillon n'existe plus
        formulaire = AnalyseForm(libelles=libelles, initial=AnalyseForm.initial_de(contenu, version))
    formulaire.marquer_exiges()
    questions = lignes_des_questions(formulaire, libelles)
    entendus = lecture.entendus(revision)
    analyse_gardee = independance.complete(garde) or signe or not commun["ouverte"]
    donnees = {
        **commun,
        **volet_pieces(
            request,
            revision.demande,
            droits,
            page=page,
            en_formulaire=modifiable,
            separer_le=revision.decision.scellee_le,
            due=lecture_due(request, "revision.lire"),
            garde=garde.contenu.get("lecture") if garde else None,
            lecture=lecture_recue,
        ),
        "form": formulaire,
        "questions": questions,
        "dites": not modifiable and any(une["dite"] for une in questions),
        "signe": signe,
        "garde": garde,
        "modifiable": modifiable,
        "citees": None,
        "observations": [une for une in entendus if not une.mode],
        "entrevues": [une for une in entendus if une.mode],
        "analyse_gardee": analyse_gardee,
        "prevue": commun["horloge"].entrevue,
        "desaccords": lecture.desaccords_de(revision) if analyse_gardee else [],
        "premiere": _premiere(revision, libelles, page)
        if analyse_gardee and request.GET.get("premiere") == "oui"
        else None,
    }
    return render(request, "revision/dossier.html", donnees)


def _a_signe(commun: dict[str, Any], droits: Droits) -> bool:
    """Vrai si cette personne a signé la révision; sa signature vaut encore."""
    return droits.personne.pk in commun["horloge"].signataires


def _modifiable(commun: dict[str, Any], revision: Revision, droits: Droits) -> bool:
    """Vrai tant que l'analyse de cette personne s'écrit : recevable, pas rendue, et pas encore signée par elle."""
    return bool(commun["ouverte"] and revision.recevable is True and not _a_signe(commun, droits))


def _premiere(revision: Revision, libelles: dict[str, str], page: str) -> dict[str, Any]:
    """La première instance : ses avis signés et sa décision; une citation rouvre la pièce dans `page`."""
    return {
        "avis": [avis_en_clair(avis, libelles, page=page) for avis in evaluation.avis_courants(revision.demande)],
        "decision": revision.decision,
    }


def _recevoir(request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision) -> HttpResponse:
    commun = contexte_revision(request, ouvert, droits, revision)
    lue = liseuse.recevoir(request, documents.lister(revision.demande, droits))
    if not _modifiable(commun, revision, droits):
        return _lire_seulement(request, ouvert, droits, revision, lue)
    libelles = questions_de_la_loi(revision.demande.jour_depot)
    formulaire = AnalyseForm(request.POST, libelles=libelles)
    contenu = {**formulaire.contenu(), "lecture": lue.choix()} if formulaire.is_valid() else None
    if grille.est_en_passant(request):
        return _en_passant(revision, droits, formulaire, contenu, request.POST.get("lu", ""))
    if contenu is None:
        return _page(request, ouvert, droits, revision, formulaire, lue)
    version, lu = formulaire.cleaned_data.get("version") or 0, formulaire.cleaned_data.get("lu")
    try:
        garde = garder_brouillon_revision(revision, droits.personne, contenu, version, lu)
    except ConflitRevision as conflit:
        return _conflit(request, ouvert, revision, contenu, conflit)
    geste = liseuse.geste_de(request)[0]
    for question in questions_sans_reponse(garde.contenu.get("questions")) if geste == "decider" else ():
        formulaire.add_error(f"reponse_{question}", "Répondez à cette question avant de passer à la décision.")
    if formulaire.errors or lue.errors:
        formulaire.data = {**avec_version(formulaire), "version": str(garde.version), "lu": empreintes(contenu)}
        return _page(request, ouvert, droits, revision, formulaire, lue)
    if geste == "illisible":
        _signaler(request, ouvert, droits, revision, formulaire)
    return redirect(_suite(request, ouvert.reference, geste))


def _en_passant(
    revision: Revision, droits: Droits, formulaire: AnalyseForm, contenu: dict[str, Any] | None, lu: str
) -> JsonResponse:
    """Garde l'analyse pendant la frappe, réponse par réponse; `contenu` vide si le formulaire est fautif."""
    version = formulaire.cleaned_data.get("version") or 0

    def garder() -> BrouillonRevision:
        return garder_brouillon_revision(revision, droits.personne, contenu or {}, version, lu)

    return reponse_en_passant(
        garder,
        trop_long=contenu is None,
        ailleurs=grille.CHANGEE_AILLEURS,
        dit_trop_long=grille.NE_SE_GARDE_PAS,
        dit=lambda garde: f"Brouillon enregistré à {heure(garde.modifie_le)}. Vous seul le voyez.",
        lu=empreintes(contenu or {}),
    )


def _conflit(
    request: HttpRequest, ouvert: Dossier, revision: Revision, contenu: dict[str, Any], conflit: ConflitRevision
) -> HttpResponse:
    """Page 409 : la réponse gardée ailleurs et celle-ci, côte à côte; les autres réponses sont gardées."""
    jour, garde = revision.demande.jour_depot, conflit.garde.contenu
    libelles = questions_de_la_loi(jour)
    champs = grille.champs_en_conflit(contenu, garde, libelles, grilles.definition(jour), conflit.reponses)
    return page_conflit(
        request,
        champs or champs_en_conflit(contenu, garde, libelles),
        reverse("revision_dossier", args=[ouvert.reference]),
        gardees=conflit.gardees,
    )


def _lire_seulement(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, lue: LectureForm
) -> HttpResponse:
    """L'analyse ne s'écrit pas à cette étape; filtrer, chercher et signaler une pièce illisible restent permis."""
    geste = liseuse.geste_de(request)[0]
    if geste in liseuse.POUR_LIRE:
        return _page(request, ouvert, droits, revision, lecture_recue=lue)
    if geste == "illisible":
        _signaler(request, ouvert, droits, revision, FormulaireActe({}))
        return redirect(_suite(request, ouvert.reference, geste))
    messages.warning(request, "Cette analyse n'est pas modifiable à cette étape.")
    return redirect("revision_dossier", ouvert.reference)


def _signaler(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, formulaire: FormulaireActe
) -> None:
    liste = documents.lister(revision.demande, droits)
    liseuse.signaler(request, ouvert, liseuse.ouvert_de(request, liste, droits.personne.role), formulaire)


def _suite(request: HttpRequest, reference: str, geste: str) -> str:
    ici = reverse("revision_dossier", args=[reference])
    if (lue := liseuse.suite(request, ici)) is not None:
        return lue
    if geste == "premiere":
        return f"{ici}?premiere=oui#premiere"
    ailleurs = {
        "decider": "revision_decision",
        "entrevue": "revision_entrevue",
        "prevoir": "revision_prevoir",
        "renseignement": "evaluation_renseignement",
    }
    if geste in ailleurs:
        return reverse(ailleurs[geste], args=[reference])
    if geste != "illisible":
        messages.success(request, "C'est enregistré. Vous seul voyez ce brouillon.")
    return liseuse.adresse(request, ici)


@require_http_methods(["GET", "POST"])
def recevabilite(request: HttpRequest, reference: str) -> HttpResponse:
    """Reçue à temps? L'échéance et son calcul; tardive, elle se justifie, elle ne se bloque pas."""
    ouvert, droits, revision = entrer_en_revision(request, reference)
    commun = contexte_revision(request, ouvert, droits, revision)
    if not commun["ouverte"] or revision.recevable is not None:
        return redirect("revision_dossier", reference)
    formulaire = RecevabiliteForm(request.POST or None, hors_delai=commun["hors_delai"])
    if request.method == "POST" and formulaire.is_valid():
        return _juger(request, ouvert, droits, revision, formulaire)
    return _page_recevabilite(request, ouvert, droits, revision, formulaire)


def _page_recevabilite(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, formulaire: RecevabiliteForm
) -> HttpResponse:
    echeance = Echeance.objects.filter(demande=revision.demande, code=Echeance.Code.DEMANDER_REVISION).first()
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": formulaire,
        "echeance": echeance,
        "jours_taq": referentiels.regle("delai_taq_irrecevable_jours", horloge.aujourd_hui()),
        "ecart": (revision.recue_le - echeance.date).days if echeance else 0,
    }
    return render(request, "revision/recevabilite.html", donnees)


@reauthentification_exigee
def _juger(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, formulaire: RecevabiliteForm
) -> HttpResponse:
    recevable, justification = formulaire.cleaned_data["recevable"], formulaire.cleaned_data["justification"]
    reussi, _ = soumettre(
        request, formulaire, "juger_recevabilite", ouvert, recevable=recevable, justification=justification
    )
    if not reussi:
        return _page_recevabilite(request, ouvert, droits, revision, formulaire)
    if recevable == "oui":
        messages.success(request, "La demande est recevable. L'analyse peut commencer.")
    else:
        messages.success(request, "La demande est irrecevable. La lettre part au prochain envoi.")
    return redirect("revision_dossier", ouvert.reference)
