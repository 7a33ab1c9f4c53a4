"""« Expliquer la décision » : la feuille d'appel, avec les mots mêmes de la lettre, et l'appel à trois.

Source : `ecrans-et-lettres.md` B1.8.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions import effet, forms, lecture, lettres, phrases
from decisions.actes import appel_a_trois
from decisions.contenus import age
from decisions.models import Decision
from decisions.views import GET_POST, de_l_agent
from dossiers.models import Dossier, Echeance, Tache
from dossiers.pages import contexte, soumettre
from referentiels import lecture as referentiels
from socle import horloge

TROIS = "trois"


@require_http_methods(GET_POST)
def expliquer(request: HttpRequest, reference: str) -> HttpResponse:
    """Feuille d'appel après une décision : les raisons en mots simples, le recours d'un ton neutre."""
    dossier, droits, _ = de_l_agent(request, reference)
    trois_envoye = request.POST.get("geste") == TROIS
    commun: dict[str, Any] = {"dossier": dossier, "personne": droits.personne}
    envoi = request.POST if request.method == "POST" and not trois_envoye else None
    form = forms.FormulaireExplication(envoi, **commun)
    decidee = appel_a_trois.decision_a_expliquer(dossier)
    evaluateurs = appel_a_trois.evaluateurs(decidee) if decidee is not None else []
    trois = forms.FormulaireAppelATrois(
        request.POST if trois_envoye else None, evaluateurs=evaluateurs, prefix=TROIS, **commun
    )
    if trois_envoye and trois.is_valid():
        fait, _resultat = soumettre(request, trois, "demander_appel_a_trois", dossier, **trois.donnees())
        if fait:
            messages.success(request, "L'appel à trois est prévu. L'évaluateur a reçu votre message.")
            return redirect("dossier_expliquer", dossier.reference)
    if request.method == "POST" and not trois_envoye and form.is_valid():
        fait, _resultat = soumettre(request, form, "expliquer_decision", dossier, **form.donnees())
        if fait:
            messages.success(request, "C'est noté : la décision a été expliquée.")
            return redirect("dossier_sommaire", dossier.reference)
    donnees = contexte(request, dossier, droits) | {
        "form": trois if trois_envoye else form,
        "explication": form,
        "trois": trois if evaluateurs else None,
        "prevu": _prevu(dossier),
        **_explication(_derniere(dossier)),
    }
    return render(request, "decisions/expliquer.html", donnees)


def _derniere(dossier: Dossier) -> Decision | None:
    """La dernière décision que la personne a reçue."""
    return (
        Decision.objects.filter(
            demande__dossier=dossier, scellee_le__isnull=False, demande__decision_emise_le__isnull=False
        )
        .select_related("demande", "projet")
        .order_by("-demande__rang")
        .first()
    )


def _prevu(dossier: Dossier) -> Tache | None:
    """L'appel à trois qui attend."""
    return Tache.objects.filter(dossier=dossier, code=Tache.Code.APPEL_A_TROIS, close_le__isnull=True).first()


def _explication(decision: Decision | None) -> dict[str, Any]:
    """Ce que la lettre a dit, repris de son contenu figé : mêmes mots au téléphone, raisons comprises."""
    lettre = lecture.lettre_de(decision) if decision is not None else None
    if decision is None or lettre is None:
        return {"decision": None}
    contenu = lettre.contenu
    source = contenu if contenu.get("questions") else contenu.get("precedente") or contenu
    posees = lettres.questions_posees(decision.demande.jour_depot, "fr")
    limite = Echeance.objects.filter(demande=decision.demande, code=Echeance.Code.DEMANDER_REVISION).first()
    return {
        "decision": decision,
        "lettre": lettre,
        "questions": phrases.questions(source.get("questions", []), source.get("motifs", []), posees, False),
        "raisons": [*phrases.motifs_a_dire(contenu, False), *_de_la_precedente(contenu)],
        "changerait": phrases.ce_qui_changerait(contenu, anglais=False)
        or phrases.ce_qui_changerait(contenu.get("precedente") or {}, anglais=False),
        "age": age.dire(contenu, anglais=False),
        "orientation": phrases.orientation_en_mots(contenu.get("orientation", []), False),
        "dates_effet": effet.histoire(decision),
        "limite": limite,
        "aides": referentiels.lignes_aide(horloge.aujourd_hui(), crise=False),
    }


def _de_la_precedente(contenu: dict[str, Any]) -> list[str]:
    """Les raisons du refus reconduit, qui valent encore."""
    precedente = contenu.get("precedente") or {}
    return phrases.motifs_a_dire(precedente, False) if precedente else []
