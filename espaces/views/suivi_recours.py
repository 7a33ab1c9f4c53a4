"""Les recours de la personne : révision, délai, observations, Tribunal.

Source : `ecrans-et-lettres.md` B8; `cas/LISEZMOI.md`, colonne « prestataire ».
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dossiers.etats import Etat
from dossiers.models import Demande, Dossier, Echeance
from espaces import suivi as lecture
from espaces.forms_revision import DepotRevisionForm
from espaces.forms_suivi import DelaiForm, RevisionForm, TexteForm
from espaces.suivi_recours import demande_en_recours
from espaces.views.suivi import commun, mien
from espaces.views.suivi_commun import jouer, lire_ou_envoyer, page
from socle import horloge


@lire_ou_envoyer
def revision(request: HttpRequest) -> HttpResponse:
    """Demander une révision : trois questions, une page chacune, puis vérifier. Rien n'est gardé en séance."""
    dossier, _ = mien(request, "revision.lire")
    visee = lecture.demande_contestable(dossier)
    if visee is None and request.method == "GET":
        return redirect("suivi")
    limite = lecture.echeance(visee, Echeance.Code.DEMANDER_REVISION)
    tardive = limite is not None and horloge.aujourd_hui() > limite.date
    etapes = ["desaccord", "raisons", *(["retard"] if tardive else []), "verifier"]
    forme, jeton = RevisionForm(request.POST or None), DepotRevisionForm(request.POST or None)
    etape = request.POST.get("etape", "")
    rang = etapes.index(etape) if etape in etapes else -1
    if request.method == "POST" and rang >= 0 and "retour" in request.POST:
        return _etape_revision(request, dossier, forme, jeton, etapes, max(rang - 1, 0), limite)
    if request.method == "POST" and rang >= 0 and not forme.is_valid():
        fautive = next((nom for nom in etapes if nom in forme.errors), etape)
        return _etape_revision(request, dossier, forme, jeton, etapes, etapes.index(fautive), limite)
    if etape == "verifier" and jeton.is_valid():
        suite = _deposer_revision(request, dossier, forme, jeton, tardive=tardive)
        if suite is not None:
            return suite
        rang -= 1
    return _etape_revision(request, dossier, forme, jeton, etapes, rang + 1, limite)


def _etape_revision(
    request: HttpRequest,
    dossier: Dossier,
    forme: RevisionForm,
    jeton: DepotRevisionForm,
    etapes: list[str],
    rang: int,
    limite: Echeance | None,
) -> HttpResponse:
    etape = etapes[min(rang, len(etapes) - 1)]
    autres = [forme[nom] for nom in etapes if nom not in (etape, "verifier")]
    return render(
        request,
        "espaces/suivi_revision.html",
        commun(
            dossier,
            form=forme,
            jeton=jeton,
            etape=etape,
            numero=etapes.index(etape) + 1,
            combien=len(etapes),
            champ_courant=forme[etape] if etape != "verifier" else None,
            autres=autres,
            reponses=[(champ.label, champ.value() or "") for champ in autres] if etape == "verifier" else [],
            limite=limite,
            premiere=etape == etapes[0],
        ),
    )


def _deposer_revision(
    request: HttpRequest, dossier: Dossier, forme: RevisionForm, jeton: DepotRevisionForm, *, tardive: bool
) -> HttpResponse | None:
    lu = forme.cleaned_data
    motifs = "\n\n".join(texte for texte in (lu["desaccord"].strip(), lu["raisons"].strip()) if texte)
    donnees: dict[str, Any] = {"motifs": motifs or None, "forme": "portail"}
    if jeton.cleaned_data["reduite"]:
        donnees["prestation_reduite_de_plus_de_moitie"] = "oui"
    if tardive and lu["retard"].strip():
        donnees["impossibilite_agir"] = lu["retard"]
    dit = "Nous avons reçu votre demande de révision. Une lettre le confirmera."
    return jouer(request, jeton, "demander_revision", dossier, dit, **donnees)


def _recours(dossier: Dossier) -> Demande:
    """La demande contestée; 404 s'il n'y a aucune demande."""
    contestee = demande_en_recours(dossier)
    if contestee is None:
        raise Http404
    return contestee


@lire_ou_envoyer
def delai(request: HttpRequest) -> HttpResponse:
    """Demander du temps pour compléter son dossier en révision."""
    dossier, _ = mien(request, "revision.lire")
    if _recours(dossier).etat != Etat.EN_REVISION and request.method == "GET":
        return redirect("suivi")
    forme = DelaiForm(request.POST or None)
    if forme.is_valid():
        dit = "C'est noté. Nous attendrons jusqu'à cette date."
        suite = jouer(request, forme, "demander_delai", dossier, dit, jusqu_au=forme.cleaned_data["jusqu_au"])
        if suite is not None:
            return suite
    intro = ["Nous attendrons vos documents. Les délais de la révision repartiront ensuite."]
    return page(request, dossier, forme, "Demander plus de temps", intro, "Demander ce délai", parler=True)


@lire_ou_envoyer
def observations(request: HttpRequest) -> HttpResponse:
    """Ajouter des observations à sa révision."""
    dossier, _ = mien(request, "revision.lire")
    if _recours(dossier).etat != Etat.EN_REVISION and request.method == "GET":
        return redirect("suivi")
    forme = TexteForm(request.POST or None, etiquette="Ce que l'équipe de révision doit savoir")
    if forme.is_valid():
        dit = "Nous avons reçu vos observations."
        suite = jouer(request, forme, "presenter_observations", dossier, dit, texte=forme.cleaned_data["texte"])
        if suite is not None:
            return suite
    intro = ["L'équipe de révision les lira avant de décider. Vous pouvez aussi demander une entrevue téléphonique."]
    return page(
        request,
        dossier,
        forme,
        "Ajouter des observations",
        intro,
        "Envoyer mes observations",
        parler=True,
        documents=True,
    )


@lire_ou_envoyer
def tribunal(request: HttpRequest) -> HttpResponse:
    """Noter le recours au Tribunal administratif du Québec."""
    dossier, _ = mien(request)
    contestee = demande_en_recours(dossier)
    if not lecture.peut_saisir_taq(contestee) and request.method == "GET":
        return redirect("suivi")
    forme = TexteForm(request.POST or None, etiquette="Pourquoi allez-vous au Tribunal ?", requis=False)
    if forme.is_valid():
        dit = "Votre recours au Tribunal est noté à votre dossier."
        texte = forme.cleaned_data["texte"] or None
        suite = jouer(request, forme, "saisir_taq", dossier, dit, motifs=texte)
        if suite is not None:
            return suite
    limite = lecture.echeance(contestee, Echeance.Code.SAISIR_TAQ)
    intro = [
        "Le Tribunal est indépendant de nous. C'est gratuit, et quelqu'un peut vous aider.",
        "Écrivez aussi au Tribunal : ce geste-ci prévient notre équipe et garde votre dossier prêt.",
    ]
    return page(
        request,
        dossier,
        forme,
        "S'adresser au Tribunal",
        intro,
        "Noter mon recours",
        avant=limite.date if limite is not None else None,
        parler=True,
    )
