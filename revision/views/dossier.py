"""Réviser : les pièces déjà lues et les nouvelles, les mêmes questions vierges, la recevabilité.

Les réponses de première instance ne s'ouvrent qu'après sa propre analyse enregistrée (`ecrans-et-lettres.md` B5.4).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.reauth import reauthentification_exigee
from dossiers.acces import Droits
from dossiers.models import Dossier, Echeance
from dossiers.pages import lecture_due, soumettre
from evaluation import lecture as evaluation
from evaluation.views.commun import questions_de_la_loi, volet_pieces
from evaluation.views.dossier import (
    avec_version,
    avis_en_clair,
    champs_en_conflit,
    lignes_des_questions,
)
from revision import independance, lecture
from revision.actes.traitement import ConflitRevision, garder_brouillon_revision
from revision.forms import AnalyseForm, RecevabiliteForm
from revision.models import BrouillonRevision, Revision
from revision.views.commun import contexte_revision, desaccords_de, entrer_en_revision
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
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, formulaire: AnalyseForm | None = None
) -> HttpResponse:
    garde = brouillon_de(revision, droits)
    libelles = questions_de_la_loi(revision.demande.jour_depot)
    if formulaire is None:
        contenu, version = (garde.contenu, garde.version) if garde else ({}, 0)
        formulaire = AnalyseForm(libelles=libelles, initial=AnalyseForm.initial_de(contenu, version))
    formulaire.marquer_exiges()
    page = reverse("revision_dossier", args=[ouvert.reference])
    commun = contexte_revision(request, ouvert, droits, revision)
    modifiable = commun["ouverte"] and revision.recevable is True
    entendus = lecture.entendus(revision)
    signe = droits.personne.pk in commun["horloge"].signataires
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
        ),
        "form": formulaire,
        "questions": lignes_des_questions(formulaire, libelles),
        "garde": garde,
        "modifiable": modifiable,
        "citees": None,
        "observations": [une for une in entendus if not une.mode],
        "entrevues": [une for une in entendus if une.mode],
        "analyse_gardee": analyse_gardee,
        "prevue": commun["horloge"].entrevue,
        "desaccords": desaccords_de(revision) if analyse_gardee else [],
        "premiere": _premiere(revision, libelles) if analyse_gardee and request.GET.get("premiere") == "oui" else None,
    }
    return render(request, "revision/dossier.html", donnees)


def _premiere(revision: Revision, libelles: dict[str, str]) -> dict[str, Any]:
    """La première instance : ses avis signés et sa décision."""
    return {
        "avis": [avis_en_clair(avis, libelles) for avis in evaluation.avis_courants(revision.demande)],
        "decision": revision.decision,
    }


def _recevoir(request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision) -> HttpResponse:
    commun = contexte_revision(request, ouvert, droits, revision)
    if not commun["ouverte"] or revision.recevable is not True:
        messages.warning(request, "Cette analyse n'est pas modifiable à cette étape.")
        return redirect("revision_dossier", ouvert.reference)
    libelles = questions_de_la_loi(revision.demande.jour_depot)
    formulaire = AnalyseForm(request.POST, libelles=libelles)
    if not formulaire.is_valid():
        return _page(request, ouvert, droits, revision, formulaire)
    contenu = formulaire.contenu()
    version = formulaire.cleaned_data.get("version") or 0
    try:
        garder_brouillon_revision(revision, droits.personne, contenu, version)
    except ConflitRevision as conflit:
        champs = champs_en_conflit(contenu, conflit.garde.contenu, libelles)
        return page_conflit(request, champs, reverse("revision_dossier", args=[ouvert.reference]))
    geste, _, valeur = request.POST.get("geste", "enregistrer").partition(":")
    if geste == "decider" and len(contenu["questions"]) < len(libelles):
        for question in libelles:
            if question not in contenu["questions"]:
                formulaire.add_error(f"reponse_{question}", "Répondez à cette question avant de passer à la décision.")
        formulaire.data = avec_version(formulaire)
        return _page(request, ouvert, droits, revision, formulaire)
    return redirect(_suite(request, ouvert.reference, geste, valeur))


def _suite(request: HttpRequest, reference: str, geste: str, valeur: str) -> str:
    ici = reverse("revision_dossier", args=[reference])
    if geste == "ouvrir":
        return f"{ici}?document={valeur}#gauche"
    if geste == "page":
        cle, _, rang = valeur.partition(":")
        return f"{ici}?document={cle}&page={rang}#gauche"
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
    messages.success(request, "C'est enregistré. Vous seul voyez ce brouillon.")
    return ici


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
