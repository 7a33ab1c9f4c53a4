"""Rendre la révision : maintenir, modifier ou infirmer; la lettre relue, deux signatures."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from comptes.models import Compte, Role
from comptes.reauth import reauthentification_exigee
from correspondance.models import Lettre
from decisions import connaissance as lus
from decisions import lettre_feinte as apercu
from decisions import pieces
from decisions.forms_csems import date_proposee
from dossiers.acces import Droits
from dossiers.models import Attribution, Dossier
from dossiers.pages import soumettre
from evaluation import lisible
from evaluation.regles import questions_sans_reponse
from revision import lecture, lettres, regles
from revision.actes.traitement import METIER
from revision.forms import ISSUES, DecisionRevisionForm
from revision.models import BrouillonRevision, Revision, SignatureRevision
from revision.views.commun import contexte_revision, entrer_en_revision
from revision.views.dossier import brouillon_de

SIGNEE_DEPUIS = "L'autre réviseur vient de signer. Vous n'avez rien signé : relisez ce que la lettre dira."


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
    # Adopter, c'est décider : les réponses d'un autre ne se lisent qu'après les siennes.
    garde = brouillon_de(revision, droits)
    if garde is None or questions_sans_reponse(garde.contenu.get("questions")):
        messages.info(request, "Répondez d'abord aux questions de la loi : votre analyse précède la décision.")
        return redirect("revision_dossier", reference)
    if signatures:
        return _adopter(request, ouvert, droits, revision, signatures[0])
    return _preparer(request, ouvert, droits, revision, garde)


def _connaissance(request: HttpRequest, droits: Droits, revision: Revision, *, signe: bool) -> lus.Connaissance:
    """Ce que la lettre dira avoir lu et que ce réviseur n'a pas ouvert; chaque document s'ouvre dans le volet."""
    page = reverse("revision_dossier", args=[revision.demande.dossier.reference])

    def ou_lire(une: pieces.Lue) -> str:
        return f"{page}?document={une.cle}#gauche"

    return lus.lire(request, droits.personne, revision.demande, ou_lire, signe=signe)


def _preparer(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, garde: BrouillonRevision
) -> HttpResponse:
    if request.method != "POST":
        initial = {"date_effet": date_proposee(revision.demande)}
        return _formulaire(request, ouvert, droits, revision, DecisionRevisionForm(initial=initial))
    formulaire = DecisionRevisionForm(request.POST)
    etape = request.POST.get("etape", "apercu")
    if not formulaire.is_valid() or etape == "corriger":
        return _formulaire(request, ouvert, droits, revision, formulaire)
    connaissance = _connaissance(request, droits, revision, signe=etape == "signer")
    relue = request.POST.get("analyse", "") == str(garde.version)
    if etape == "signer" and relue and connaissance.est_acquise():
        donnees = {**portee(garde), "attestes": connaissance.attestes()}
        return _signer(request, ouvert, droits, revision, formulaire, donnees)
    if etape == "signer" and not relue:
        messages.warning(request, "Votre analyse a changé depuis la lecture de la lettre. Relisez-la avant de signer.")
    return _apercu(request, ouvert, droits, revision, formulaire, garde, connaissance)


def portee(garde: BrouillonRevision) -> dict[str, Any]:
    """Ce que la première signature porte de l'analyse de son auteur : ses réponses et leurs raisons."""
    return {nom: garde.contenu.get(nom, {}) for nom in ("questions", "raisons")}


def _apercu(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    formulaire: DecisionRevisionForm,
    garde: BrouillonRevision,
    connaissance: lus.Connaissance,
) -> HttpResponse:
    """La lettre telle qu'elle partirait, avec les réponses de l'analyse gardée."""
    caches = [
        (nom, str(valeur))
        for nom, valeurs in request.POST.lists()
        if nom not in ("etape", "csrfmiddlewaretoken", "analyse", *lus.CHAMPS)
        for valeur in valeurs
    ]
    issue, analyse = formulaire.cleaned_data["issue"], portee(garde)
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        **connaissance.contexte(),
        "caches": [*caches, ("analyse", str(garde.version))],
        "lettre": lettre_feinte(
            revision, {**formulaire.donnees(), "analyse_json": json.dumps(analyse)}, premier=droits.personne
        ),
        "issue": dict(ISSUES)[issue],
        "contredite": regles.contredite(issue, revision.decision.issue, analyse["questions"]),
        "mesures": lisible.mesures(_ecrit(formulaire, analyse)),
    }
    return render(request, "revision/apercu.html", donnees)


def _ecrit(formulaire: DecisionRevisionForm, analyse: dict[str, Any]) -> str:
    """Ce que la personne lira des mots des réviseurs : ce qui diffère, puis leurs raisons."""
    differe = formulaire.donnees().get("ce_qui_differe") or ""
    return "\n".join(texte for texte in (differe, *analyse["raisons"].values()) if texte)


def lettre_feinte(revision: Revision, donnees: dict[str, Any], *, premier: Compte) -> SafeString:
    """La lettre que donneraient ces choix, sans rien écrire; `premier` : qui signe la première fois."""
    feinte = Revision.objects.select_related("demande__dossier", "decision").get(pk=revision.pk)
    for champ, valeur in donnees.items():
        setattr(feinte, champ, valeur)
    modele = f"decision_{feinte.issue}"
    contenu = {**lettres.contenu_revision(feinte), "signataires": _signataires_prevus(revision, premier)}
    return apercu.lettre(modele, feinte.demande, feinte, contenu)


def _signataires_prevus(revision: Revision, premier: Compte) -> list[dict[str, str]]:
    """Les réviseurs affectés, dans l'ordre où la lettre les nommera."""
    affectes = Attribution.objects.filter(
        demande=revision.demande_id, qualite=Attribution.Qualite.REVISEUR, au__isnull=True
    ).select_related("qui")
    ordre = sorted((un.qui for un in affectes), key=lambda qui: qui.pk != premier.pk)
    return [{"nom": qui.nom_complet, "metier": METIER[Role(qui.role)]} for qui in ordre]


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
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    formulaire: DecisionRevisionForm,
    de_plus: dict[str, Any],
) -> HttpResponse:
    reussi, _ = soumettre(request, formulaire, "rendre_revision", ouvert, **formulaire.donnees(), **de_plus)
    if not reussi:
        return _formulaire(request, ouvert, droits, revision, formulaire)
    return redirect("revision_decision", ouvert.reference)


def _adopter(
    request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision, premiere: SignatureRevision
) -> HttpResponse:
    # Un choix d'issue vient de la page de la première signature : l'autre a signé depuis.
    perimee = "issue" in request.POST
    if perimee:
        messages.warning(request, SIGNEE_DEPUIS)
    signe = request.method == "POST" and not perimee
    connaissance = _connaissance(request, droits, revision, signe=signe)
    if signe and connaissance.est_acquise():
        return _sceller(request, ouvert, droits, revision, premiere, connaissance)
    return _page_adopter(request, ouvert, droits, revision, premiere, connaissance)


@reauthentification_exigee
def _sceller(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    premiere: SignatureRevision,
    connaissance: lus.Connaissance,
) -> HttpResponse:
    donnees = {"issue": revision.issue, "attestes": connaissance.attestes()}
    reussi, _ = soumettre(request, connaissance.signature, "rendre_revision", ouvert, **donnees)
    if reussi:
        return redirect("revision_decision", ouvert.reference)
    return _page_adopter(request, ouvert, droits, revision, premiere, connaissance)


def _page_adopter(
    request: HttpRequest,
    ouvert: Dossier,
    droits: Droits,
    revision: Revision,
    premiere: SignatureRevision,
    connaissance: lus.Connaissance,
) -> HttpResponse:
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        **connaissance.contexte(),
        "premiere": premiere,
        "arrivees": lecture.arrivees_depuis(revision, premiere.le),
        "desaccords": lecture.desaccords_de(revision),
        "lettre": lettre_feinte(revision, {}, premier=premiere.signataire),
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
