"""`/dossiers/<référence>/decision/` : la signature à deux, ce que dira la lettre, puis ce qui part et quand.

Rien ne s'écrit avant la signature : la page d'interruption porte les choix en champs cachés.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.models import ROLES_CSEMS
from comptes.reauth import reauthentification_exigee
from correspondance.models import Lettre
from decisions import annexes, complements, effet, lecture, pieces
from decisions import connaissance as lus
from decisions import lettre_feinte as apercu
from decisions.actes.signature import QUALITES_SIGNATAIRES, occasion_offerte
from decisions.contenus import age
from decisions.forms_csems import DecisionForm, IssueForm, RouvrirForm, date_proposee
from decisions.models import Decision, Issue
from dossiers.acces import Droits
from dossiers.etats import Etat
from dossiers.models import Attribution, Demande, Dossier, Occasion
from dossiers.pages import contexte, entrer, soumettre
from referentiels import lecture as referentiels
from socle import horloge, score_lecture

REPONSES = {"oui": "Oui", "non": "Non", "inconnu": "Nous ne le savons pas"}
RECOMMANDATIONS = {
    "reconnaitre": "reconnaître",
    "ne_pas_reconnaitre": "ne pas reconnaître",
    "renseignement": "demander un renseignement",
}
SIGNEE_DEPUIS = "L'autre évaluateur vient de signer. Vous n'avez rien signé : relisez ce que la lettre dira."
METIERS = {"medecin": "le médecin", "specialiste": "le spécialiste"}


def _entrer(request: HttpRequest, reference: str, droit: str) -> tuple[Dossier, Droits, Demande]:
    ouvert, droits = entrer(request, reference, droit)
    demande = ouvert.courante_lue
    if demande is None or droits.personne.role not in ROLES_CSEMS:
        raise Http404
    saisi = Attribution.objects.filter(
        demande=demande, qui=droits.personne, qualite__in=QUALITES_SIGNATAIRES, au__isnull=True
    )
    if not saisi.exists():
        raise Http404
    return ouvert, droits, demande


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Choisir, motiver, relire la lettre, signer; ou adopter ce que le premier a signé."""
    ouvert, droits, demande = _entrer(request, reference, "decision.signer")
    en_cours = lecture.decision_du_tour(demande)
    a_signe = en_cours is not None and lecture.a_signe(demande, droits.personne)
    if a_signe and en_cours is not None:
        return _confirmation(request, ouvert, droits, en_cours)
    if demande.etat != Etat.EN_ATTENTE_SIGNATURE:
        messages.info(request, "Aucune décision n'attend de signature à cette étape.")
        return redirect("dossier_evaluation", reference)
    vivantes = lecture.signatures_vivantes(en_cours) if en_cours else []
    if en_cours is not None and vivantes:
        return _adopter(request, ouvert, droits, en_cours)
    etape = request.POST.get("etape", "") if request.method == "POST" else ""
    if etape in ("apercu", "signer", "corriger", "choisir"):
        return _preparer(request, ouvert, droits, demande, etape)
    return _choisir(request, ouvert, droits, demande, IssueForm())


def _choisir(
    request: HttpRequest, ouvert: Dossier, droits: Droits, demande: Demande, formulaire: IssueForm
) -> HttpResponse:
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "form": formulaire,
        **_resume(demande),
        "occasion": _occasion(demande),
    }
    return render(request, "evaluation/decision_choisir.html", donnees)


def _resume(demande: Demande) -> dict[str, Any]:
    """Ce que la concertation a conclu : les réponses, leurs raisons, les recommandations, la dissidence."""
    projet = lecture.projet_du_tour(demande)
    contenu = projet.contenu if projet else {}
    jour = demande.jour_depot
    return {
        "reponses": [
            {
                "question": referentiels.vocabulaire(f"question_{ligne['question']}", jour, "fr"),
                "reponse": REPONSES[ligne["reponse"]],
                "raisons": ligne.get("raisons", []),
            }
            for ligne in contenu.get("questions", [])
        ],
        "recommandations": [
            f"{qui} : {RECOMMANDATIONS[ligne['recommandation']]}"
            for ligne in contenu.get("recommandations", [])
            for qui in ["tiers avis" if ligne["tiers"] else METIERS[ligne["metier"]]]
        ],
        "age": age.dire({"age": contenu.get("age")}, anglais=False),
        "dissidence_par_question": [
            referentiels.vocabulaire(f"question_{question}", jour, "fr")
            for question in contenu.get("dissidence_par_question", [])
        ],
        "dissidence": [METIERS[metier] for metier in contenu.get("dissidence", [])],
    }


def _occasion(demande: Demande) -> dict[str, Any]:
    """Où en est l'occasion de compléter : offerte et valable, offerte et attendue, ou pas offerte."""
    derniere = Occasion.objects.filter(demande=demande).order_by("-pk").first()
    return {"valable": occasion_offerte(demande), "derniere": derniere}


def _preparer(request: HttpRequest, ouvert: Dossier, droits: Droits, demande: Demande, etape: str) -> HttpResponse:
    issue = request.POST.get("issue", "")
    if issue not in (Issue.RECONNUE, Issue.NON_RECONNUE):
        choix = IssueForm(request.POST)
        choix.is_valid()
        return _choisir(request, ouvert, droits, demande, choix)
    if etape == "choisir":
        return _formulaire(request, ouvert, droits, demande, DecisionForm(issue=issue, demande=demande))
    formulaire = DecisionForm(request.POST, issue=issue, demande=demande)
    valide = formulaire.is_valid()
    if etape == "corriger" or not valide:
        return _formulaire(request, ouvert, droits, demande, formulaire)
    connaissance = _connaissance(request, droits, demande, signe=etape == "signer")
    if etape == "signer" and connaissance.est_acquise():
        return _signer(request, ouvert, droits, demande, formulaire, connaissance)
    return _apercu(request, ouvert, droits, demande, formulaire, connaissance)


def _connaissance(request: HttpRequest, droits: Droits, demande: Demande, *, signe: bool) -> lus.Connaissance:
    """Ce que la lettre dira avoir lu et que le signataire n'a pas ouvert; chaque document s'ouvre dans le volet."""
    page = reverse("dossier_evaluation", args=[demande.dossier.reference])

    def ou_lire(une: pieces.Lue) -> str:
        return f"{page}?document={une.cle}#gauche"

    return lus.lire(request, droits.personne, demande, ou_lire, signe=signe)


def _formulaire(
    request: HttpRequest, ouvert: Dossier, droits: Droits, demande: Demande, formulaire: DecisionForm
) -> HttpResponse:
    issue = str(formulaire["issue"].value())
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "form": formulaire,
        "favorable": issue == Issue.RECONNUE,
        "proposee": date_proposee(demande),
        "calcul": effet.proposition(demande, horloge.aujourd_hui()) if issue == Issue.RECONNUE else None,
        "occasion": _occasion(demande),
    }
    return render(request, "evaluation/decision_formulaire.html", donnees)


def _apercu(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    demande: Demande,
    formulaire: DecisionForm,
    connaissance: lus.Connaissance,
) -> HttpResponse:
    """La page d'interruption : la lettre entière, avant le geste qui ne se reprend pas."""
    feinte = apercu.decision_feinte(demande, formulaire.donnees())
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        **connaissance.contexte(),
        "caches": _caches(request),
        "lettre": apercu.lettre_de_decision(feinte),
        "en_verification": annexes.en_verification(demande, feinte.issue),
        "favorable": feinte.issue == Issue.RECONNUE,
        "occasion": _occasion(demande),
        **_a_relire(feinte),
    }
    return render(request, "evaluation/decision_apercu.html", donnees)


def _a_relire(decision: Decision) -> dict[str, Any]:
    """À côté de la lettre : le score des raisons écrites, et les dates d'effet déjà retenues pour cette décision."""
    raisons = [
        texte
        for une in (decision.projet.contenu if decision.projet else {}).get("questions", [])
        for texte in une.get("raisons", [])
    ]
    textes = [*raisons, *complements.lire_phrases(decision).values()]
    return {
        "mesures": score_lecture.mesures("\n".join(texte.strip() for texte in textes if texte.strip())),
        "dates_effet": effet.histoire(decision),
    }


def _caches(request: HttpRequest) -> list[tuple[str, str]]:
    """Les choix déjà faits, tels quels; l'étape et le jeton de sécurité ne se recopient pas."""
    return [
        (nom, str(valeur))
        for nom, valeurs in request.POST.lists()
        if nom not in ("etape", "csrfmiddlewaretoken", *lus.CHAMPS)
        for valeur in valeurs
    ]


@reauthentification_exigee
def _signer(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    demande: Demande,
    formulaire: DecisionForm,
    connaissance: lus.Connaissance,
) -> HttpResponse:
    donnees = {**formulaire.donnees(), "attestes": connaissance.attestes()}
    reussi, _ = soumettre(request, formulaire, "signer_decision", ouvert, **donnees)
    if not reussi:
        return _formulaire(request, ouvert, droits, demande, formulaire)
    return redirect("decision_csems", ouvert.reference)


def _adopter(request: HttpRequest, ouvert: Dossier, droits: Droits, en_cours: Decision) -> HttpResponse:
    """La seconde signature adopte ce que la première a porté, et scelle."""
    # Un choix d'issue vient de la page de la première signature : l'autre a signé depuis.
    perimee = "issue" in request.POST
    if perimee:
        messages.warning(request, SIGNEE_DEPUIS)
    signe = request.method == "POST" and request.POST.get("etape") == "signer" and not perimee
    connaissance = _connaissance(request, droits, en_cours.demande, signe=signe)
    if signe and connaissance.est_acquise():
        return _sceller(request, ouvert, droits, en_cours, connaissance)
    return _page_adopter(request, ouvert, droits, en_cours, connaissance)


@reauthentification_exigee
def _sceller(
    request: HttpRequest, ouvert: Dossier, droits: Droits, en_cours: Decision, connaissance: lus.Connaissance
) -> HttpResponse:
    donnees = {"issue": en_cours.issue, "attestes": connaissance.attestes()}
    reussi, _ = soumettre(request, connaissance.signature, "signer_decision", ouvert, **donnees)
    if not reussi:
        return _page_adopter(request, ouvert, droits, en_cours, connaissance)
    return redirect("decision_csems", ouvert.reference)


def _page_adopter(
    request: HttpRequest, ouvert: Dossier, droits: Droits, en_cours: Decision, connaissance: lus.Connaissance
) -> HttpResponse:
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        **connaissance.contexte(),
        "decision": en_cours,
        "premiere": lecture.signatures_vivantes(en_cours)[0],
        "lettre": apercu.lettre_de_decision(en_cours),
        "en_verification": annexes.en_verification(en_cours.demande, en_cours.issue),
        "favorable": en_cours.issue == Issue.RECONNUE,
        **_a_relire(en_cours),
    }
    return render(request, "evaluation/decision_adopter.html", donnees)


def _confirmation(request: HttpRequest, ouvert: Dossier, droits: Droits, en_cours: Decision) -> HttpResponse:
    """Ce qui est fait, ce qui part et quand. L'adresse reste bonne et montre l'état du jour."""
    lettre = Lettre.objects.filter(
        cause_type=lecture.CAUSE, cause_id=en_cours.pk, copie_de__isnull=True, annulee_le__isnull=True
    ).first()
    jour = en_cours.demande.jour_depot
    donnees = {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "decision": en_cours,
        "signatures": lecture.signatures_vivantes(en_cours),
        "lettre": lettre,
        "motifs": [referentiels.motif(code, jour).libelle for code in en_cours.motifs],
        "rouvrable": en_cours.scellee_le is None,
        "dates_effet": effet.histoire(en_cours),
        "form": None,
    }
    return render(request, "evaluation/decision_confirmation.html", donnees)


@require_http_methods(["GET", "POST"])
def rouvrir(request: HttpRequest, reference: str) -> HttpResponse:
    """Revenir à la concertation, avec la raison; les signatures du tour tombent."""
    ouvert, droits, demande = _entrer(request, reference, "evaluation.rouvrir")
    if demande.etat != Etat.EN_ATTENTE_SIGNATURE:
        messages.info(request, "Cette évaluation ne se rouvre pas à cette étape.")
        return redirect("dossier_evaluation", reference)
    formulaire = RouvrirForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        motif = formulaire.cleaned_data["motif"]
        reussi, _ = soumettre(request, formulaire, "rouvrir_evaluation", ouvert, motif=motif)
        if reussi:
            messages.success(request, "L'évaluation est rouverte. Les signatures de ce tour sont annulées.")
            return redirect("evaluation_concertation", reference)
    donnees = {**contexte(request, ouvert, droits, "dossier_evaluation"), "form": formulaire}
    return render(request, "evaluation/decision_rouvrir.html", donnees)
