"""Le SR-2100 en ligne : commencer, quatre pages, l'interruption, décliner. Chaque « Continuer » garde le brouillon.

Source : `ecrans-et-lettres.md` B6; `domaine.md` §2.1.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.models import Consentement
from dossiers.pages import entrer, soumettre
from formulaires import lecture, mesure
from formulaires.actes.brouillons import ConflitBrouillon
from formulaires.actes.mesure import noter
from formulaires.coherence import Constat
from formulaires.forms import PAGES, DeclinerForm, PageRapport
from formulaires.models import Brouillon
from formulaires.reperes import reperes
from formulaires.saisie import (
    TITRES,
    Saisie,
    brut_de,
    initial_de,
    meme_envoi,
    nom_du_champ,
    saisie_depuis,
    trop_long,
    valeur_lisible,
)
from formulaires.views import diagnostics
from formulaires.views.commun import (
    MANQUE,
    Travail,
    adresse_accueil,
    contexte_rapport,
    empechement,
    ouvrir,
    reponse_en_passant,
)
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
    contexte.update(ancien=ancien, expire=travail.expire, taches=_taches(travail), suite=url_reprise(travail))
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
            _a_confirmer(saisie, nom) or DIRE[nom],
        )
        for nom, titre in TITRES.items()
    ]


def _a_confirmer(saisie: Saisie, etape: str) -> str:
    """« À confirmer : 3 champs repris », ou une chaîne vide."""
    if etape not in saisie.a_confirmer:
        return ""
    nombre = len(saisie.champs_a_confirmer(etape))
    return f"À confirmer : {nombre} champ{'s' if nombre > 1 else ''} repris" if nombre else "À confirmer"


def url_suite(travail: Travail, saisie: Saisie | None = None) -> str:
    """Première page non finie, sinon la vérification."""
    reste = (saisie or travail.saisie).premiere_a_faire
    return travail.url("sr2100_page", reste) if reste else travail.url("sr2100_verifier")


def url_reprise(travail: Travail) -> str:
    """Là où l'on s'était arrêté : la première page non finie, au champ qui l'arrête."""
    reste = travail.saisie.premiere_a_faire
    champ = travail.saisie.a_finir(reste, travail.jour) if travail.saisie.pages.get(reste) else ""
    return f"{url_suite(travail)}#{champ}" if champ else url_suite(travail)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, reference: str, etape: str) -> HttpResponse:
    """Une des quatre pages; ce qui est écrit est gardé à « Continuer » comme à « Enregistrer et sortir »."""
    travail = ouvrir(request, reference)
    if etape not in PAGES:
        raise Http404
    ecrit = PAGES[etape](request.POST, jour=travail.jour) if request.method == "POST" else None
    if (arret := empechement(travail, ecrit)) is not None:
        return arret
    if request.method == "GET" and MANQUE in request.GET:
        return _montrer(travail, etape, travail.saisie.formulaire(etape, travail.jour, travail.version))
    if request.method == "GET":
        initial = initial_de(PAGES[etape], travail.saisie.pages.get(etape, {}), travail.version)
        return _montrer(travail, etape, PAGES[etape](initial=initial, jour=travail.jour))
    if etape == "diagnostics" and (cherchee := diagnostics.page_cherchee(request.POST, travail.jour)) is not None:
        return _montrer(travail, etape, cherchee)
    formulaire = PAGES[etape](request.POST, jour=travail.jour)
    if "auto" in request.POST:
        return _garder_en_passant(travail, etape, formulaire)
    sortir = "sortir" in request.POST or "joindre" in request.POST
    if not formulaire.is_valid() and (not sortir or trop_long(request.POST, formulaire.fields)):
        return _montrer(travail, etape, formulaire)
    return _garder(travail, etape, formulaire, sortir)


def _garder_en_passant(travail: Travail, etape: str, formulaire: PageRapport) -> JsonResponse:
    """Garde la page pendant que la personne écrit, sans la juger; « Continuer » la finira."""

    def garder() -> Brouillon:
        finie = formulaire.is_valid() and etape in travail.saisie.faites
        saisie = travail.saisie.avec(etape, brut_de(formulaire, travail.request.POST), finie=finie)
        return travail.garder(saisie, formulaire.cleaned_data.get("version"))

    return reponse_en_passant(
        garder,
        trop_long=trop_long(travail.request.POST, formulaire.fields),
        ailleurs="Ce rapport a changé ailleurs pendant que vous écriviez. « Continuer » montrera les deux textes.",
    )


def _garder(travail: Travail, etape: str, formulaire: PageRapport, sortir: bool) -> HttpResponse:
    brut = brut_de(formulaire, travail.request.POST)
    finie = formulaire.is_valid()
    saisie = travail.saisie.avec(etape, brut, finie=finie)
    lue = formulaire.cleaned_data.get("version") if hasattr(formulaire, "cleaned_data") else None
    try:
        travail.garder(saisie, lue)
    except ConflitBrouillon as conflit:
        garde = Saisie.lire(conflit.garde.contenu)
        if not meme_envoi(garde.pages.get(etape, {}), brut):
            return _conflit(travail, etape, formulaire, brut, garde)
        saisie = garde
    else:
        if finie and not sortir:
            noter(etape, travail.request.POST.get(mesure.CHAMP, ""))
    if "joindre" in travail.request.POST:
        return redirect("sr2100_pieces", travail.reference)
    if sortir:
        messages.success(travail.request, "Votre brouillon est gardé. Vous pouvez le reprendre quand vous voulez.")
        return redirect(adresse_accueil())
    return redirect(_apres(travail, etape, saisie))


def _apres(travail: Travail, etape: str, saisie: Saisie) -> str:
    """La page qui suit : l'interruption si le rapport se contredit, sinon l'étape suivante ou la vérification."""
    if a_trancher(travail, saisie):
        return travail.url("sr2100_points")
    noms = list(PAGES)
    if "verifier" in travail.request.GET or etape == noms[-1]:
        return url_suite(travail, saisie)
    return travail.url("sr2100_page", noms[noms.index(etape) + 1])


def constats_de(travail: Travail, saisie: Saisie) -> list[Constat]:
    """Les règles de cohérence que déclenchent les pages finies."""
    return saisie.constats(lecture.parametres(travail.jour, travail.demande))


def a_trancher(travail: Travail, saisie: Saisie) -> list[Constat]:
    """Les contradictions que le signataire n'a ni corrigées ni choisi de garder."""
    return saisie.a_trancher(lecture.parametres(travail.jour, travail.demande))


def ou_corriger(travail: Travail, constat: Constat, saisie: Saisie | None = None) -> str:
    """Adresse du champ à corriger; le rapport fini, « Continuer » ramène à la vérification."""
    retour = "" if (saisie or travail.saisie).premiere_a_faire else "?verifier"
    return f"{travail.url('sr2100_page', constat.regle.page)}{retour}#{constat.ancre}"


def _ou_revoir(travail: Travail, constat: Constat, etape: str) -> str:
    """Sur la page montrée, le champ même : rien de ce qui s'y écrit ne se perd à suivre le lien."""
    return f"#{constat.ancre}" if constat.regle.page == etape else ou_corriger(travail, constat)


def bonnes_nouvelles(constats: list[Constat]) -> list[str]:
    """Ce qui est bon à savoir et n'appelle rien, par exemple un diagnostic de la liste."""
    return [un.message for un in constats if un.regle.favorable]


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
    constats = constats_de(travail, ecrite)
    formulaire.a_confirmer = ecrite.champs_a_confirmer(etape)
    contexte.update(
        form=formulaire,
        etape=etape,
        a_confirmer=etape in travail.saisie.a_confirmer,
        reperes=reperes(ecrite, constats, travail.jour, lambda un: _ou_revoir(travail, un, etape)),
        bonnes=bonnes_nouvelles(constats),
        peut_joindre=not travail.delegue and travail.droits.peut("piece.verser"),
        debut=mesure.jeton(travail.request.POST.get(mesure.CHAMP, "")),
    )
    if etape == "patient":
        contexte["consentement"] = (
            Consentement.vivants().filter(dossier=travail.dossier, objet="joindre_clinicien")
        ).first()
        contexte["texte_consentement"] = referentiels.objet_consentement("joindre_clinicien", travail.jour)
    return render(travail.request, f"formulaires/sr2100_{etape}.html", contexte)


@require_http_methods(["GET", "POST"])
def points(request: HttpRequest, reference: str) -> HttpResponse:
    """Interruption : « Vous avez écrit 6 mois. » Corriger, ou garder; un choix par contradiction."""
    travail = ouvrir(request, reference)
    if (arret := empechement(travail)) is not None:
        return arret
    saisie, ouverts = travail.saisie, a_trancher(travail, travail.saisie)
    if request.method == "POST" and request.POST.get("version") != str(travail.version):
        messages.warning(
            request, "Le rapport a changé dans un autre onglet. Rien n'est gardé : relisez, puis choisissez."
        )
    elif request.method == "POST":
        choisis = [un.code for un in ouverts if un.code == request.POST.get("garder")]
        if choisis:
            saisie.maintenir += choisis
            travail.garder(saisie, travail.version)
        ouverts = [un for un in ouverts if un.code not in saisie.maintenir]
        if ouverts:
            return redirect("sr2100_points", reference)
    if not ouverts:
        return redirect(url_suite(travail, saisie))
    contexte = contexte_rapport(travail)
    contexte["points"] = [(un, ou_corriger(travail, un)) for un in ouverts]
    contexte["version"] = travail.version
    contexte["titre"] = ouverts[0].titre if len(ouverts) == 1 else f"{len(ouverts)} points à vérifier"
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
