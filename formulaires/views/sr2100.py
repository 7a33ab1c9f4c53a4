"""Le SR-2100 en ligne : commencer, quatre pages, l'interruption, décliner. Chaque « Continuer » garde le brouillon.

Source : `ecrans-et-lettres.md` B6; `domaine.md` §2.1.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.models import Consentement
from dossiers.pages import entrer, soumettre
from formulaires import lecture
from formulaires.actes.brouillons import ConflitBrouillon
from formulaires.forms import PAGES, DeclinerForm, DiagnosticsForm, PageRapport
from formulaires.saisie import (
    TITRES,
    Saisie,
    brut_de,
    incoherente,
    initial_de,
    nom_du_champ,
    reperes,
    saisie_depuis,
    trop_long,
    valeur_lisible,
)
from formulaires.views.commun import MANQUE, Travail, adresse_accueil, contexte_rapport, empechement, ouvrir
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import ChampConflit, Tache
from socle.pages import page_conflit

DIRE = {
    "patient": "Vérifier la personne et son autorisation.",
    "diagnostics": "Un à six diagnostics, dont un principal.",
    "limitations": "Huit domaines, un niveau chacun.",
    "duree": "La durée prévue et le suivi.",
}


@require_http_methods(["GET", "POST"])
def commencer(request: HttpRequest, reference: str) -> HttpResponse:
    """Commencer, reprendre à la première page non finie, ou repartir du dernier rapport de la même personne."""
    travail = ouvrir(request, reference)
    if (arret := empechement(travail)) is not None:
        return arret
    ancien = None
    if travail.droits.peut("sr2100.lire"):
        ancien = lecture.rapport_signe_par(travail.dossier, travail.clinicien)
    if request.method == "POST":
        if "repartir" in request.POST and ancien is not None:
            travail.garder(saisie_depuis(ancien.contenu, travail.jour), None)
            messages.success(request, "Le dernier rapport est repris. Confirmez chaque page.")
        return redirect("sr2100_page", reference, "patient")
    if ancien is None and not travail.saisie.pages and not travail.expire:
        return redirect("sr2100_page", reference, "patient")
    contexte = contexte_rapport(travail)
    contexte.update(ancien=ancien, expire=travail.expire, taches=_taches(travail), suite=url_suite(travail))
    return render(request, "formulaires/sr2100_commencer.html", contexte)


def _taches(travail: Travail) -> list[Tache]:
    saisie = travail.saisie
    statut = {
        nom: "termine" if nom in saisie.faites else "en_cours" if saisie.pages.get(nom) else "pas_commence"
        for nom in TITRES
    }
    return [
        Tache(
            titre,
            statut[nom],
            travail.url("sr2100_page", nom),
            "À confirmer" if nom in saisie.a_confirmer else DIRE[nom],
        )
        for nom, titre in TITRES.items()
    ]


def url_suite(travail: Travail, saisie: Saisie | None = None) -> str:
    """Première page non finie, sinon la vérification."""
    reste = (saisie or travail.saisie).premiere_a_faire
    return travail.url("sr2100_page", reste) if reste else travail.url("sr2100_verifier")


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, reference: str, etape: str) -> HttpResponse:
    """Une des quatre pages; ce qui est écrit est gardé à « Continuer » comme à « Enregistrer et sortir »."""
    travail = ouvrir(request, reference)
    if etape not in PAGES:
        raise Http404
    if (arret := empechement(travail)) is not None:
        return arret
    if request.method == "GET" and MANQUE in request.GET:
        return _montrer(travail, etape, travail.saisie.formulaire(etape, travail.jour, travail.version))
    if request.method == "GET":
        initial = initial_de(PAGES[etape], travail.saisie.pages.get(etape, {}), travail.version)
        return _montrer(travail, etape, PAGES[etape](initial=initial, jour=travail.jour))
    formulaire = PAGES[etape](request.POST, jour=travail.jour)
    sortir = "sortir" in request.POST
    if not formulaire.is_valid() and (not sortir or trop_long(request.POST, formulaire.fields)):
        return _montrer(travail, etape, formulaire)
    return _garder(travail, etape, formulaire, sortir)


def _garder(travail: Travail, etape: str, formulaire: PageRapport, sortir: bool) -> HttpResponse:
    brut = brut_de(formulaire, travail.request.POST)
    finie = formulaire.is_valid()
    saisie = travail.saisie.avec(etape, brut, finie=finie)
    lue = formulaire.cleaned_data.get("version") if hasattr(formulaire, "cleaned_data") else None
    try:
        travail.garder(saisie, lue)
    except ConflitBrouillon as conflit:
        garde = Saisie.lire(conflit.garde.contenu)
        if garde.pages.get(etape) != brut:
            return _conflit(travail, etape, formulaire, brut, garde)
        saisie = garde
    if sortir:
        messages.success(travail.request, "Votre brouillon est gardé. Vous pouvez le reprendre quand vous voulez.")
        return redirect(adresse_accueil())
    return redirect(_apres(travail, etape, saisie))


def _apres(travail: Travail, etape: str, saisie: Saisie) -> str:
    """La page qui suit : l'interruption si la durée se contredit, sinon l'étape suivante ou la vérification."""
    if etape == "duree" and contradiction(travail, saisie):
        return travail.url("sr2100_duree")
    noms = list(PAGES)
    if "verifier" in travail.request.GET or etape == noms[-1]:
        return url_suite(travail, saisie)
    return travail.url("sr2100_page", noms[noms.index(etape) + 1])


def contradiction(travail: Travail, saisie: Saisie) -> bool:
    """Vrai si « sévère » est dit avec une durée trop courte, et que le signataire ne l'a pas maintenu."""
    seuil = int(referentiels.regle("duree_severe_mois", travail.jour))
    return not saisie.maintenir and incoherente(saisie.rapport(travail.jour), seuil)


def _conflit(
    travail: Travail, etape: str, formulaire: PageRapport, brut: dict[str, str], garde: Saisie
) -> HttpResponse:
    """409 : les champs qui diffèrent, côte à côte; rien n'a été enregistré."""
    autre = garde.pages.get(etape, {})
    champs = [
        ChampConflit(
            nom_du_champ(formulaire, nom),
            valeur_lisible(formulaire, nom, brut),
            valeur_lisible(formulaire, nom, autre),
        )
        for nom in formulaire.fields
        if nom != "version" and brut.get(nom, "") != autre.get(nom, "")
    ]
    return page_conflit(travail.request, champs, travail.url("sr2100_page", etape))


def _montrer(travail: Travail, etape: str, formulaire: PageRapport) -> HttpResponse:
    contexte: dict[str, Any] = contexte_rapport(travail, etape)
    ecrite = travail.saisie
    if formulaire.is_bound:
        ecrite = ecrite.avec(etape, brut_de(formulaire, formulaire.data), finie=False)
    contexte.update(
        form=formulaire,
        etape=etape,
        a_confirmer=etape in travail.saisie.a_confirmer,
        reperes=reperes(ecrite, travail.jour),
        evident=evident_ecrit(travail),
    )
    if etape == "patient":
        contexte["consentement"] = (
            Consentement.objects.filter(dossier=travail.dossier, objet="joindre_clinicien", retire_le__isnull=True)
        ).first()
        contexte["texte_consentement"] = referentiels.objet_consentement("joindre_clinicien", travail.jour)
    return render(travail.request, f"formulaires/sr2100_{etape}.html", contexte)


def evident_ecrit(travail: Travail) -> str:
    """Libellé de la liste de démonstration que le brouillon porte à l'identique, ou une chaîne vide."""
    formulaire = DiagnosticsForm(travail.saisie.pages.get("diagnostics", {}), jour=travail.jour)
    if not formulaire.is_valid():
        return ""
    trouve = lecture.evident_au_rapport(travail.demande, formulaire.contenu())
    return trouve.libelle if trouve else ""


@require_http_methods(["GET", "POST"])
def duree_a_confirmer(request: HttpRequest, reference: str) -> HttpResponse:
    """Interruption : « Vous avez écrit 6 mois. » Corriger, ou garder."""
    travail = ouvrir(request, reference)
    if (arret := empechement(travail)) is not None:
        return arret
    if not contradiction(travail, travail.saisie):
        return redirect(url_suite(travail))
    if request.method == "POST":
        saisie = travail.saisie
        saisie.maintenir = True
        travail.garder(saisie, None)
        return redirect(url_suite(travail, saisie))
    contexte = contexte_rapport(travail)
    mois = travail.saisie.rapport(travail.jour)["duree"]["mois"]
    contexte["titre"], contexte["garder"] = f"Vous avez écrit {mois} mois", f"Garder {mois} mois"
    contexte["url_corriger"] = travail.url("sr2100_page", "duree")
    contexte["exigee"] = referentiels.vocabulaire("duree_exigee", travail.jour)
    return render(request, "formulaires/sr2100_interruption.html", contexte)


@require_http_methods(["GET", "POST"])
def decliner(request: HttpRequest, reference: str) -> HttpResponse:
    """Décliner l'invitation : l'agent est avisé, rien n'est fermé, la personne ne perd rien."""
    dossier, _droits = entrer(request, reference, "rapport.decliner")
    formulaire = DeclinerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        reussi, _ = soumettre(request, formulaire, "decliner_rapport", dossier, motif=formulaire.cleaned_data["motif"])
        if reussi:
            messages.success(request, "C'est noté. L'agent cherchera une autre personne avec votre patient.")
            return redirect(adresse_accueil())
    contexte = {"form": formulaire, "reference": reference, "jour": horloge.aujourd_hui()}
    return render(request, "formulaires/decliner.html", {**contexte, "url_accueil": adresse_accueil()})
