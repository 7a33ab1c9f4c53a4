"""Rendre la révision : maintenir, modifier ou infirmer; la lettre relue, deux signatures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from comptes.reauth import reauthentification_exigee
from correspondance.models import Lettre
from decisions import lettre_feinte as apercu
from decisions.forms_csems import date_proposee
from dossiers.acces import Droits
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, soumettre
from revision import lecture, lettres
from revision.forms import ISSUES, DecisionRevisionForm
from revision.models import Revision, SignatureRevision
from revision.views.commun import contexte_revision, entrer_en_revision
from revision.views.dossier import brouillon_de


def _signatures(revision: Revision) -> list[SignatureRevision]:
    return list(revision.signatures.filter(annulee_le__isnull=True).select_related("signataire").order_by("pk"))


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Le formulaire, la lettre à relire, la signature; ou l'adoption, ou ce qui est fait."""
    ouvert, droits, revision = entrer_en_revision(request, reference)
    signatures = _signatures(revision)
    if revision.rendue_le or any(une.signataire_id == droits.personne.pk for une in signatures):
        return _confirmation(request, ouvert, droits, revision, signatures)
    if lecture.revision_ouverte(revision.demande) is None or revision.recevable is not True:
        messages.info(request, "La recevabilité se juge avant la décision.")
        return redirect("revision_recevabilite", reference)
    if signatures:
        return _adopter(request, ouvert, droits, revision, signatures[0])
    if brouillon_de(revision, droits) is None:
        messages.info(request, "Répondez d'abord aux questions de la loi : votre analyse précède la décision.")
        return redirect("revision_dossier", reference)
    return _preparer(request, ouvert, droits, revision)


def _preparer(request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision) -> HttpResponse:
    if request.method != "POST":
        initial = {"date_effet": date_proposee(revision.demande)}
        return _formulaire(request, ouvert, droits, revision, DecisionRevisionForm(initial=initial))
    formulaire = DecisionRevisionForm(request.POST)
    etape = request.POST.get("etape", "apercu")
    if not formulaire.is_valid() or etape == "corriger":
        return _formulaire(request, ouvert, droits, revision, formulaire)
    if etape == "signer":
        return _signer(request, ouvert, droits, revision, formulaire)
    caches = [
        (nom, str(valeur))
        for nom, valeurs in request.POST.lists()
        if nom not in ("etape", "csrfmiddlewaretoken")
        for valeur in valeurs
    ]
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": formulaire,
        "caches": caches,
        "lettre": lettre_feinte(revision, formulaire.donnees()),
        "issue": dict(ISSUES)[formulaire.cleaned_data["issue"]],
    }
    return render(request, "revision/apercu.html", donnees)


def lettre_feinte(revision: Revision, donnees: dict[str, Any]) -> SafeString:
    """La lettre que donneraient ces choix, sans rien écrire."""
    feinte = Revision.objects.select_related("demande__dossier", "decision").get(pk=revision.pk)
    for champ, valeur in donnees.items():
        setattr(feinte, champ, valeur)
    modele = f"decision_{feinte.issue}"
    return apercu.lettre(modele, feinte.demande, feinte, lettres.contenu_revision(feinte))


def _formulaire(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, formulaire: DecisionRevisionForm
) -> HttpResponse:
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": formulaire,
        "sans_entrevue": not revision.entrevues.exists(),
    }
    return render(request, "revision/decision.html", donnees)


@reauthentification_exigee
def _signer(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, formulaire: DecisionRevisionForm
) -> HttpResponse:
    reussi, _ = soumettre(request, formulaire, "rendre_revision", ouvert, **formulaire.donnees())
    if not reussi:
        return _formulaire(request, ouvert, droits, revision, formulaire)
    return redirect("revision_decision", ouvert.reference)


def _adopter(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, premiere: SignatureRevision
) -> HttpResponse:
    formulaire = FormulaireActe(request.POST or None)
    if request.method == "POST":
        return _sceller(request, ouvert, droits, revision, premiere, formulaire)
    return _page_adopter(request, ouvert, droits, revision, premiere, formulaire)


@reauthentification_exigee
def _sceller(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    premiere: SignatureRevision,
    formulaire: FormulaireActe,
) -> HttpResponse:
    formulaire = FormulaireActe(request.POST)
    formulaire.is_valid()
    reussi, _ = soumettre(request, formulaire, "rendre_revision", ouvert, issue=revision.issue)
    if reussi:
        return redirect("revision_decision", ouvert.reference)
    return _page_adopter(request, ouvert, droits, revision, premiere, formulaire)


def _page_adopter(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    premiere: SignatureRevision,
    formulaire: FormulaireActe,
) -> HttpResponse:
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": formulaire,
        "premiere": premiere,
        "lettre": lettre_feinte(revision, {}),
    }
    return render(request, "revision/adopter.html", donnees)


def _confirmation(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    signatures: list[SignatureRevision],
) -> HttpResponse:
    lettre = Lettre.objects.filter(
        cause_type=lecture.CAUSE,
        cause_id=revision.pk,
        modele__in=lecture.MODELES_DE_DECISION,
        copie_de__isnull=True,
        annulee_le__isnull=True,
    ).first()
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        "signatures": signatures,
        "lettre": lettre,
        "form": None,
    }
    return render(request, "revision/confirmation.html", donnees)
