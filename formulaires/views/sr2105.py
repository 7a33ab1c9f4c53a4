"""SR-2105 : la vie de la personne en six thèmes. « Je ne sais pas » est une réponse entière.

Le personnel et la personne-ressource ont une page dense; la personne, une question par page, ou la voie courte
(`sr2105_appels`). Source : `ecrans-et-lettres.md` B1.9; `domaine.md` §2.2.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.reauth import reauthentification_a_l_envoi
from formulaires.actes.brouillons import ConflitBrouillon, effacer_brouillon
from formulaires.saisie import trop_long
from formulaires.sr2105 import accords, lignes
from formulaires.sr2105.forms import SignerSR2105Form, ThemeForm
from formulaires.sr2105.textes import GROUPES, PERSONNES, THEMES
from formulaires.views.commun import MANQUE
from formulaires.views.sr2105_commun import (
    APPELS,
    QUESTIONS,
    Travail,
    conflit,
    contexte,
    en_lignes,
    garder,
    garder_en_passant,
    ouvrir,
    sortir,
)
from formulaires.views.sr2105_verser import Versement
from socle.composants import Ligne

SIGNER, REPARTIR = "signer", "repartir"
__all__ = ["THEMES", "debut", "dense", "question", "verifier"]


@require_http_methods(["GET"])
def debut(request: HttpRequest, reference: str) -> HttpResponse:
    """Choisir comment répondre : nommer des personnes à appeler, ou répondre aux six questions."""
    travail = ouvrir(request, reference)
    choix = {
        "url_appels": travail.url("sr2105_appels", GROUPES[0].code),
        "url_questions": premiere_question(travail),
        "url_papier": travail.url("sr2105_papier"),
    }
    return render(request, "formulaires/sr2105_debut.html", contexte(travail, **choix))


@require_http_methods(["GET", "POST"])
def dense(request: HttpRequest, reference: str) -> HttpResponse:
    """Les six thèmes sur une page, au comptoir, au téléphone, depuis le papier; la personne va à sa question."""
    travail = ouvrir(request, reference)
    if travail.calme or REPARTIR in request.POST:
        return redirect(_reprise(travail))
    if request.method == "GET":
        relire = MANQUE in request.GET
        return _montrer_dense(travail, travail.relu(THEMES) if relire else travail.formulaire(THEMES))
    formulaire = travail.formulaire(THEMES, request.POST, requis=True)
    if "auto" in request.POST:
        return garder_en_passant(travail, formulaire, voie=QUESTIONS)
    seulement = "sortir" in request.POST or request.POST.get("garder") in THEMES
    valide = formulaire.is_valid()
    if not valide and (not seulement or trop_long(request.POST, formulaire.fields)):
        return _montrer_dense(travail, formulaire)
    try:
        garder(travail, formulaire, confirmes=[] if seulement else list(THEMES), voie=QUESTIONS)
    except ConflitBrouillon as change:
        return conflit(travail, formulaire, change.garde)
    if "sortir" in request.POST:
        return sortir(travail)
    if seulement:
        return redirect(f"{travail.url('sr2105')}#{_ancre_suivante(request.POST['garder'])}")
    return redirect("sr2105_verifier", reference)


def _ancre_suivante(code: str) -> str:
    codes = list(THEMES)
    suivant = codes[min(codes.index(code) + 1, len(codes) - 1)]
    return f"theme-{suivant.replace('_', '-')}"


def _montrer_dense(travail: Travail, formulaire: ThemeForm) -> HttpResponse:
    liens = {
        "url_papier": travail.url("sr2105_papier"),
        "url_appels": travail.url("sr2105_appels", GROUPES[0].code),
        "url_liste": travail.url("sr2105_liste") if travail.droits.peut("dossier.traiter") else "",
    }
    return render(travail.request, "formulaires/sr2105.html", contexte(travail, form=formulaire, **liens))


def _reprise(travail: Travail) -> str:
    """Où l'on reprend : le choix si rien n'est commencé, sa voie sinon; un brouillon dépassé s'abandonne."""
    if REPARTIR in travail.request.POST:
        if travail.depassee and travail.brouillon is not None:
            effacer_brouillon(travail.brouillon)
            travail.dire(messages.SUCCESS, "reparti")
        return travail.url("sr2105")
    if not travail.brut:
        return travail.url("sr2105_debut")
    return etape_due(travail) if travail.voie == APPELS else suivante(travail)


def etape_due(travail: Travail) -> str:
    """Voie courte : le premier groupe ni écrit ni passé, sinon la signature."""
    ecrits = {lignes.groupe_du_rang(rang).code for rang in lignes.lignes_de(PERSONNES, travail.brut)}
    dues = [groupe.code for groupe in GROUPES if groupe.code not in ecrits | set(travail.confirmes)]
    return travail.url("sr2105_appels", dues[0] if dues else SIGNER)


def suivante(travail: Travail) -> str:
    """Première question sans réponse, sinon la vérification."""
    for code in THEMES:
        if not travail.reponse(code).strip():
            return travail.url("sr2105_question", code)
    return travail.url("sr2105_verifier")


def premiere_question(travail: Travail) -> str:
    """Première question sans réponse; la première de toutes si rien ne manque."""
    return next(
        (travail.url("sr2105_question", code) for code in THEMES if not travail.reponse(code)),
        travail.url("sr2105_question", next(iter(THEMES))),
    )


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, reference: str, theme: str) -> HttpResponse:
    """Une question par page, pour la personne; le personnel peut aussi y corriger un seul thème."""
    travail = ouvrir(request, reference)
    if theme not in THEMES:
        raise Http404
    seul = {theme: THEMES[theme]}
    if request.method == "GET":
        return _montrer_question(travail, theme, travail.relu(seul) if MANQUE in request.GET else None)
    formulaire = travail.formulaire(seul, request.POST, requis=True)
    if "auto" in request.POST:
        return garder_en_passant(travail, formulaire, voie=QUESTIONS)
    sort = "sortir" in request.POST
    valide = formulaire.is_valid()
    if not valide and (not sort or trop_long(request.POST, formulaire.fields)):
        return _montrer_question(travail, theme, formulaire)
    try:
        garder(travail, formulaire, confirmes=[theme] if valide else [], voie=QUESTIONS)
    except ConflitBrouillon as change:
        return conflit(travail, formulaire, change.garde)
    if sort:
        return sortir(travail)
    return redirect(suivante(travail) if travail.calme else reverse("sr2105_verifier", args=[reference]))


def _montrer_question(travail: Travail, theme: str, formulaire: ThemeForm | None) -> HttpResponse:
    formulaire = formulaire or travail.formulaire({theme: THEMES[theme]})
    codes = list(THEMES)
    rang = codes.index(theme) + 1
    donnees: dict[str, Any] = {"form": formulaire, "rang": rang, "total": len(codes)}
    donnees["avant"] = travail.url("sr2105_question", codes[rang - 2]) if rang > 1 else ""
    donnees["url_appels"] = travail.url("sr2105_appels", GROUPES[0].code) if rang == 1 else ""
    return render(travail.request, "formulaires/sr2105_question.html", contexte(travail, **donnees))


def _reprendre(travail: Travail, manques: list[str]) -> HttpResponse:
    """Retour au formulaire, avec le nom de ce qui manque; rien n'est versé au dossier."""
    noms = ", ".join(THEMES[code].titre_dit(travail.langue) for code in manques)
    travail.dire(messages.WARNING, "manque", noms=noms)
    page = travail.url("sr2105_question", manques[0]) if travail.calme else travail.url("sr2105")
    return redirect(f"{page}?{MANQUE}")


@require_http_methods(["GET", "POST"])
def verifier(request: HttpRequest, reference: str) -> HttpResponse:
    """Relire les réponses, puis les verser au dossier : un brouillon, et une réponse à chaque thème, sinon rien."""
    travail = ouvrir(request, reference)
    if manques := travail.manques():
        return _reprendre(travail, manques)
    autorisation = accords.a_demander(travail.droits, travail.brut, travail.langue)
    formulaire = SignerSR2105Form(
        request.POST if request.method == "POST" else None,
        langue=travail.langue,
        a_autoriser=autorisation.a_donner,
        permis={},
        initial={"version": travail.version},
    )
    reponses = {code: lignes.reponse_de(theme, travail.brut) for code, theme in THEMES.items()}

    def montrer() -> HttpResponse:
        donnees = contexte(travail, form=formulaire, lignes=_recap(travail), autorisation=autorisation)
        return render(request, "formulaires/sr2105_verifier.html", donnees)

    versement = Versement(travail, formulaire, reponses, montrer)
    return versement.empeche() or (_confirme(request, versement) if versement.a_confirmer else versement.faire())


@reauthentification_a_l_envoi
def _confirme(request: HttpRequest, versement: Versement) -> HttpResponse:
    """Verse une fois l'identité confirmée."""
    return versement.faire()


def _recap(travail: Travail) -> list[Ligne]:
    codes = travail.deja(THEMES)
    return [
        Ligne(
            theme.titre_dit(travail.langue) + (f" ({travail.dites['deja'].lower()})" if code in codes else ""),
            en_lignes(travail.reponse(code)),
            travail.url("sr2105_question", code),
            travail.dites["modifier"],
        )
        for code, theme in THEMES.items()
    ]
