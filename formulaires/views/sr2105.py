"""SR-2105 : la vie de la personne en six thèmes. « Je ne sais pas » est une réponse entière.

Le personnel et la personne-ressource ont une page dense; la personne, une question par page.
Source : `ecrans-et-lettres.md` B1.9; `domaine.md` §2.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.models import Compte, Role
from dossiers.acces import Droits
from dossiers.models import Demande, Dossier
from dossiers.pages import contexte as contexte_dossier
from dossiers.pages import entrer, personne_de, soumettre
from dossiers.porte import deja_recue
from formulaires import lecture
from formulaires.actes.brouillons import ConflitBrouillon, garder_brouillon
from formulaires.forms import SignerForm, ThemeForm
from formulaires.models import Brouillon
from formulaires.saisie import BRUT_MAX, trop_long
from formulaires.views.commun import MANQUE
from formulaires.views.reponses import adresse_retour
from socle import horloge
from socle.composants import ChampConflit, Etape, Ligne
from socle.pages import page_conflit

SR2105 = Brouillon.Formulaire.SR2105
NE_SAIT_PAS = "ne_sait_pas"
DEJA_VERSEES = "Ces réponses sont déjà au dossier. Modifiez-en une pour en envoyer d'autres."


@dataclass(frozen=True)
class Theme:
    """Un thème du SR-2105 : son nom, la question à la personne, celle au personnel."""

    titre: str
    question: str
    aide: str


THEMES: dict[str, Theme] = {
    "scolarite": Theme(
        "Scolarité", "Quelle est la dernière année d'école terminée?", "Le niveau, et si ce fut difficile."
    ),
    "emplois": Theme("Emplois", "Quels emplois avez-vous essayés?", "Même courts. Dites pourquoi ils ont pris fin."),
    "hospitalisations": Theme(
        "Hospitalisations", "Y a-t-il eu des séjours à l'hôpital?", "L'année et la raison, en gros."
    ),
    "suivis": Theme("Suivis", "Qui vous suit, ou vous a suivi?", "Psychologue, ergothérapeute, éducateur, organisme…"),
    "situation": Theme("Situation", "Comment vivez-vous en ce moment?", "Logement, famille, soutien, déplacements."),
    "personnes_a_joindre": Theme(
        "Personnes à joindre",
        "Qui pouvons-nous appeler avec vous?",
        "Un nom, un lien, un numéro. Rien sans votre accord.",
    ),
}


@dataclass
class Travail:
    """Un SR-2105 en cours et son brouillon."""

    request: HttpRequest
    dossier: Dossier
    droits: Droits
    demande: Demande
    personne: Compte
    brut: dict[str, str]
    version: int
    brouillon: Brouillon | None
    reprise: bool

    @property
    def calme(self) -> bool:
        """Vrai pour la personne elle-même : une question par page."""
        return self.personne.role == Role.PRESTATAIRE

    def formulaire(self, themes: dict[str, Theme], donnees: Any = None, *, requis: bool = False) -> ThemeForm:
        """La page de ces thèmes, remplie du brouillon, ou de ce qui est envoyé."""
        return ThemeForm(donnees, themes=themes, requis=requis, initial={**self.brut, "version": self.version})

    def complet(self) -> ThemeForm:
        """Toutes les réponses gardées, relues comme un envoi : chaque thème attend la sienne."""
        formulaire = self.relu(THEMES)
        formulaire.is_valid()
        return formulaire

    def relu(self, themes: dict[str, Theme]) -> ThemeForm:
        """La page de ces thèmes telle que gardée, avec ce qui lui manque près de chaque champ."""
        return ThemeForm({**self.brut, "version": self.version}, themes=themes, requis=True)


def ouvrir(request: HttpRequest, reference: str) -> Travail:
    """Le SR-2105 en cours, prérempli du brouillon, sinon de la dernière version déposée."""
    dossier, droits = entrer(request, reference, "sr2105.lire")
    demande, personne = dossier.courante_lue, personne_de(request)
    if demande is None or not droits.peut("sr2105.deposer"):
        raise Http404
    brouillon = lecture.brouillon_de(demande, SR2105, personne)
    garde = brouillon is not None and not brouillon.est_expire(horloge.aujourd_hui())
    deposee = lecture.dernier_sr2105(dossier)
    brut: dict[str, str] = {}
    if brouillon is not None and garde:
        brut = dict(brouillon.contenu.get("brut") or {})
    elif deposee is not None:
        brut = _brut_de_reponses(deposee.contenu)
    version = brouillon.version if brouillon else 0
    gardee = brouillon if garde else None
    return Travail(request, dossier, droits, demande, personne, brut, version, gardee, deposee is not None)


def _brut_de_reponses(reponses: dict[str, Any]) -> dict[str, str]:
    brut = {}
    for code in THEMES:
        valeur = str(reponses.get(code) or "")
        if valeur == NE_SAIT_PAS:
            brut[f"inconnu_{code}"] = "on"
        elif valeur:
            brut[f"texte_{code}"] = valeur
    return brut


def _garder(travail: Travail, formulaire: ThemeForm) -> dict[str, str]:
    """Garde au brouillon ce qui vient d'être écrit; lève `ConflitBrouillon` si un autre l'a changé."""
    brut = {nom: valeur for nom, valeur in travail.brut.items() if nom not in formulaire.fields}
    for nom in formulaire.fields:
        valeur = travail.request.POST.get(nom, "")
        if nom != "version" and valeur:
            brut[nom] = valeur.replace("\x00", "").replace("\r\n", "\n")[:BRUT_MAX]
    lue = formulaire.cleaned_data.get("version") if hasattr(formulaire, "cleaned_data") else None
    try:
        garder_brouillon(
            travail.demande,
            SR2105,
            pour=travail.personne,
            par=travail.personne,
            contenu={"brut": brut},
            version_lue=lue,
        )
    except ConflitBrouillon as conflit:
        autre = conflit.garde.contenu.get("brut") or {}
        if any(brut.get(nom, "") != autre.get(nom, "") for nom in formulaire.fields if nom != "version"):
            raise
    return brut


def _conflit(travail: Travail, formulaire: ThemeForm, garde: Brouillon) -> HttpResponse:
    autre = garde.contenu.get("brut") or {}
    champs = []
    for code, theme in formulaire.themes.items():
        ecrit = _dire(travail.request.POST, code)
        actuel = _dire(autre, code)
        if ecrit != actuel:
            champs.append(ChampConflit(theme.titre, ecrit, actuel))
    return page_conflit(travail.request, champs, travail.request.path)


def _dire(brut: Any, code: str) -> str:
    return "Je ne sais pas" if brut.get(f"inconnu_{code}") else str(brut.get(f"texte_{code}", ""))


def _contexte(travail: Travail, **autres: Any) -> dict[str, Any]:
    base = "base_prestataire.html" if travail.calme else "base_personnel.html"
    contexte: dict[str, Any] = {"dossier": travail.dossier, "suite": None, "etiquettes": [], "onglets": []}
    if travail.droits.peut("sommaire.lire"):
        contexte = contexte_dossier(travail.request, travail.dossier, travail.droits)
    contexte.update(base=base, travail=travail, calme=travail.calme)
    return {**contexte, "url_retour": adresse_retour(travail.personne, travail.dossier), **autres}


@require_http_methods(["GET", "POST"])
def dense(request: HttpRequest, reference: str) -> HttpResponse:
    """Les six thèmes sur une page, au comptoir ou au téléphone; la personne va à sa première question."""
    travail = ouvrir(request, reference)
    if travail.calme:
        return redirect(_suite(travail, travail.brut))
    if request.method == "GET":
        formulaire = travail.relu(THEMES) if MANQUE in request.GET else travail.formulaire(THEMES)
    else:
        formulaire = travail.formulaire(THEMES, request.POST, requis=True)
    garder = "sortir" in request.POST and not trop_long(request.POST, formulaire.fields)
    if request.method == "GET" or (not formulaire.is_valid() and not garder):
        return render(request, "formulaires/sr2105.html", _contexte(travail, form=formulaire))
    try:
        _garder(travail, formulaire)
    except ConflitBrouillon as conflit:
        return _conflit(travail, formulaire, conflit.garde)
    if "sortir" in request.POST:
        messages.success(request, "Les réponses sont gardées. Rien n'est encore versé au dossier.")
        return redirect(adresse_retour(travail.personne, travail.dossier))
    return redirect("sr2105_verifier", reference)


def _suite(travail: Travail, brut: dict[str, str]) -> str:
    """Première question sans réponse, sinon la vérification."""
    for code in THEMES:
        if not _dire(brut, code).strip():
            return reverse("sr2105_question", args=[travail.dossier.reference, code])
    return reverse("sr2105_verifier", args=[travail.dossier.reference])


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, reference: str, theme: str) -> HttpResponse:
    """Une question par page, pour la personne; le personnel peut aussi y corriger un seul thème."""
    travail = ouvrir(request, reference)
    if theme not in THEMES:
        raise Http404
    envoye = request.POST if request.method == "POST" else None
    seul = {theme: THEMES[theme]}
    if envoye is None and MANQUE in request.GET:
        formulaire = travail.relu(seul)
    else:
        formulaire = travail.formulaire(seul, envoye, requis=True)
    sortir = envoye is not None and "sortir" in envoye
    if envoye is None or (not formulaire.is_valid() and (not sortir or trop_long(envoye, formulaire.fields))):
        etapes = [Etape(t.titre, "", bool(_dire(travail.brut, code))) for code, t in THEMES.items()]
        rang = list(THEMES).index(theme) + 1
        contexte = _contexte(travail, form=formulaire, theme=THEMES[theme], etapes=etapes, rang=rang)
        return render(request, "formulaires/sr2105_question.html", contexte)
    try:
        brut = _garder(travail, formulaire)
    except ConflitBrouillon as conflit:
        return _conflit(travail, formulaire, conflit.garde)
    if sortir:
        messages.success(request, "Vos réponses sont gardées. Vous pouvez revenir quand vous voulez.")
        return redirect(adresse_retour(travail.personne, travail.dossier))
    return redirect(_suite(travail, brut) if travail.calme else reverse("sr2105_verifier", args=[reference]))


def _manques(complet: ThemeForm) -> list[str]:
    """Thèmes sans réponse entière, dans l'ordre du formulaire."""
    return [code for code in THEMES if f"texte_{code}" in complet.errors or f"inconnu_{code}" in complet.errors]


def _reprendre(travail: Travail, manques: list[str]) -> HttpResponse:
    """Retour au formulaire, avec le nom de ce qui manque; rien n'est versé au dossier."""
    noms = ", ".join(THEMES[code].titre for code in manques)
    messages.warning(
        travail.request, f"Rien n'est envoyé : il manque une réponse à {noms}. « Je ne sais pas » est une réponse."
    )
    reference = travail.dossier.reference
    page = (
        reverse("sr2105_question", args=[reference, manques[0]])
        if travail.calme
        else reverse("sr2105", args=[reference])
    )
    return redirect(f"{page}?{MANQUE}")


@require_http_methods(["GET", "POST"])
def verifier(request: HttpRequest, reference: str) -> HttpResponse:
    """Relire les réponses, puis les verser au dossier : un brouillon, et une réponse à chaque thème, sinon rien."""
    travail = ouvrir(request, reference)
    complet = travail.complet()
    if manques := _manques(complet):
        return _reprendre(travail, manques)
    formulaire = SignerForm(request.POST if request.method == "POST" else None)
    if formulaire.is_valid() and travail.brouillon is None and not deja_recue(formulaire.jeton):
        formulaire.add_error(None, DEJA_VERSEES)
    if formulaire.is_valid():
        reussi, _ = soumettre(request, formulaire, "deposer_sr2105", travail.dossier, **complet.reponses())
        if reussi:
            messages.success(request, "Les renseignements complémentaires sont au dossier.")
            return redirect(adresse_retour(travail.personne, travail.dossier))
    lignes = [
        Ligne(theme.titre, _dire(travail.brut, code), reverse("sr2105_question", args=[reference, code]))
        for code, theme in THEMES.items()
    ]
    contexte = _contexte(travail, form=formulaire, lignes=lignes)
    return render(request, "formulaires/sr2105_verifier.html", contexte)
