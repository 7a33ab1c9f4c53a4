"""« Toujours valable ? » : la clinique confirme en une minute une contrainte temporaire qui arrive à sa fin.

Source : étude SOM, obstacle 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.lecture import peut_signer_rapport
from comptes.models import Compte
from comptes.reauth import reauthentification_exigee
from correspondance.signaux import telephone
from decisions import temporaires
from decisions.actes.renouvellement import contenu_confirme
from decisions.forms_renouvellement import CHANGE, ToujoursValableForm
from decisions.models import Renouvellement
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.actes.lectures import consigner_lecture
from dossiers.models import Dossier
from dossiers.pages import entrer, lecture_due, personne_de, soumettre
from formulaires import presentation
from formulaires.models import RapportMedical
from formulaires.views.commun import adresse_accueil
from referentiels import lecture as referentiels
from socle import horloge

TOUJOURS = Renouvellement.Reponse.TOUJOURS
DUREE = "Durée prévue"


@dataclass
class Question:
    """La question posée à ce clinicien, et le rapport qu'elle vise; None si plus rien n'est à confirmer."""

    request: HttpRequest
    dossier: Dossier
    personne: Compte
    propose: Renouvellement
    rapport: RapportMedical | None = field(init=False)

    def __post_init__(self) -> None:
        ouverte = temporaires.peut_suivre(self.propose)
        self.rapport = temporaires.rapport_a_confirmer(self.propose) if ouverte else None

    @property
    def repondue(self) -> bool:
        """Vrai si la réponse se montre; un non se change tant que la question reste ouverte."""
        if self.propose.reponse == TOUJOURS:
            return True
        changer = "changer" in self.request.GET and self.rapport is not None
        return bool(self.propose.reponse) and not changer


def _ouvrir(request: HttpRequest, reference: str) -> Question:
    """La question posée à la personne connectée, ou 404."""
    dossier, droits = entrer(request, reference, "sr2100.lire", consigner=False)
    personne = personne_de(request)
    propose = temporaires.pour_clinicien(dossier, personne) if droits.peut("temporaire.confirmer") else None
    if propose is None:
        raise Http404
    return Question(request, dossier, personne, propose)


@require_http_methods(["GET", "POST"])
def toujours_valable(request: HttpRequest, reference: str) -> HttpResponse:
    """Le rapport d'avant en mots, une question; ensuite, ce qui a été répondu et la suite."""
    question = _ouvrir(request, reference)
    if not consentement_vivant(question.dossier, JOINDRE):
        contexte = {"reference": reference, "url_accueil": adresse_accueil()}
        return render(request, "formulaires/sr2100_sans_consentement.html", contexte)
    if request.method != "POST":
        if due := lecture_due(request, "sr2100.lire"):
            consigner_lecture(question.personne, question.dossier, due)
        return _montrer(question, ToujoursValableForm(initial=_initial(question)))
    if question.propose.reponse == TOUJOURS or question.rapport is None:
        return redirect("toujours_valable", reference)
    formulaire = ToujoursValableForm(request.POST)
    if not formulaire.is_valid():
        return _montrer(question, formulaire)
    reponse = formulaire.cleaned_data["reponse"]
    if reponse == CHANGE:
        return redirect("sr2100", reference)
    if reponse == TOUJOURS:
        return _confirmer(request, reference)
    return _envoyer(question, formulaire, "ne_pas_confirmer_temporaire", raison=reponse)


@reauthentification_exigee
def _confirmer(request: HttpRequest, reference: str) -> HttpResponse:
    """Signe une fois l'identité confirmée; le dossier est relu, le temps a passé."""
    question, formulaire = _ouvrir(request, reference), ToujoursValableForm(request.POST)
    if not formulaire.is_valid():
        return _montrer(question, formulaire)
    return _envoyer(
        question,
        formulaire,
        "renouveler_temporaire",
        mois=formulaire.cleaned_data["mois"],
        rapport_vu=request.POST.get("rapport_vu", ""),
    )


def _envoyer(question: Question, formulaire: ToujoursValableForm, acte: str, **donnees: object) -> HttpResponse:
    reussi, _ = soumettre(question.request, formulaire, acte, question.dossier, **donnees)
    if reussi:
        return redirect("toujours_valable", question.dossier.reference)
    return _montrer(_ouvrir(question.request, question.dossier.reference), formulaire)


def _initial(question: Question) -> dict[str, object]:
    return {"mois": question.propose.decision.contrainte_temporaire_mois}


def _montrer(question: Question, formulaire: ToujoursValableForm) -> HttpResponse:
    """La question, ou la réponse déjà donnée, ou ce qui fait qu'il n'y a plus rien à confirmer."""
    propose, rapport, jour = question.propose, question.rapport, horloge.aujourd_hui()
    contexte = {
        "dossier": question.dossier,
        "propose": propose,
        "form": formulaire,
        "rapport": rapport,
        "repondue": question.repondue,
        "confirmee": propose.reponse == TOUJOURS,
        "passee": jour > propose.fin,
        "telephone": telephone(),
        "url_accueil": adresse_accueil(),
    }
    if rapport is not None and not question.repondue:
        contenu = contenu_confirme(rapport, None)
        del contenu["duree"]
        sections = presentation.sections(contenu, rapport.signe_le)
        for section in sections:
            section.lignes[:] = [ligne for ligne in section.lignes if ligne.cle != DUREE and ligne.valeur]
        contexte |= {
            "sections": [section for section in sections if section.lignes],
            "avant": presentation.duree_en_mots(rapport.contenu.get("duree") or {}),
            "disait_severe": rapport.contrainte == "severe",
            "permis_manque": not peut_signer_rapport(question.personne, jour),
            "seuil": int(referentiels.regle("duree_severe_mois", jour)),
            "repetees": temporaires.a_evaluer(question.dossier, propose.decision.demande),
        }
    return render(question.request, "decisions/toujours_valable.html", contexte)
