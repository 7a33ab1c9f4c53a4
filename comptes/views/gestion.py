"""Administration des comptes et des lieux. Aucun renseignement d'un dossier n'y paraît.

Source : `ecrans-et-lettres.md` B9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from comptes import actes
from comptes.forms import CompteForm, LieuForm, PermisForm, RechercheCompteForm
from comptes.models import Bureau, Clinique, Compte, Organisme, Permis, Role
from comptes.reauth import reauthentification_exigee
from referentiels import lecture as referentiels
from socle import horloge
from socle.pages import PageParCle, paginer_par_cle, poser_refus
from socle.refus import Refus

RESULTATS = 50
LIEUX: dict[str, type[Bureau | Organisme | Clinique]] = {
    "bureau": Bureau,
    "organisme": Organisme,
    "clinique": Clinique,
}
GESTES: dict[str, tuple[Callable[[Compte, Compte], None], str]] = {
    "fermer": (actes.desactiver_compte, "Le compte est fermé, et toutes ses séances avec lui."),
    "retirer-organisme": (
        actes.retirer_de_l_organisme,
        "La personne n'est plus de cet organisme. Ses accès et ses mandats ont pris fin.",
    ),
    "gestionnaire": (actes.changer_gestionnaire, "C'est changé."),
    "rouvrir": (actes.reactiver_compte, "Le compte est rouvert."),
    "second-facteur": (actes.retirer_second_facteur, "Le second facteur est remis à zéro."),
}


def administrateur(request: HttpRequest) -> Compte:
    """La personne connectée, si elle administre; 404 sinon."""
    if not isinstance(request.user, Compte) or request.user.role != Role.ADMINISTRATEUR:
        raise Http404
    return request.user


def _geres() -> Any:
    """Comptes que l'administration tient : jamais ceux des prestataires."""
    return Compte.objects.exclude(role__in=(Role.PRESTATAIRE, Role.SYSTEME))


@require_http_methods(["GET", "HEAD", "POST"])
def comptes(request: HttpRequest) -> HttpResponse:
    """Chercher un compte du personnel, d'un clinicien ou d'une personne-ressource.

    La liste d'un rôle se lit par GET et se coupe en pages. Un nom cherché ne voyage que par POST : une adresse
    reste aux journaux du serveur et à l'historique du navigateur.
    """
    administrateur(request)
    forme = RechercheCompteForm(request.POST if request.method == "POST" else {"role": request.GET.get("role", "")})
    lisible, lu = forme.is_valid(), forme.cleaned_data
    role, q = lu.get("role", ""), lu.get("q", "")
    if request.method == "POST" and lisible and not q:
        return redirect(f"{reverse('gestion_comptes')}?role={role}")
    trouves = _geres().select_related("bureau", "organisme", "clinique")
    if role:
        trouves = trouves.filter(role=role)
    contexte: dict[str, Any] = {"form": forme, "q": q}
    if q:
        voulus = trouves.filter(Q(nom__icontains=q) | Q(prenom__icontains=q) | Q(email__icontains=q))
        lus = list(voulus.order_by("nom", "prenom", "pk")[: RESULTATS + 1])
        contexte |= {"page": PageParCle(lus[:RESULTATS]), "encore": len(lus) > RESULTATS}
    else:
        contexte["page"] = paginer_par_cle(trouves, request.GET.get("apres", ""), ordre=("nom", "prenom", "pk"))
    return render(request, "comptes/comptes.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: HttpRequest) -> HttpResponse:
    """Créer un compte et son rôle."""
    return _creer(request, administrateur(request))


@reauthentification_exigee
def _creer(request: HttpRequest, acteur: Compte) -> HttpResponse:
    forme = CompteForm(request.POST or None)
    if request.method == "POST" and forme.is_valid():
        try:
            compte = actes.creer_compte(acteur, **forme.cleaned_data)
            messages.success(request, "Le compte est créé. La personne choisit son mot de passe à sa première visite.")
            return redirect("gestion_compte", compte.pk)
        except Refus as refus:
            poser_refus(forme, refus)
    return render(request, "comptes/compte_creer.html", {"form": forme})


@require_http_methods(["GET", "POST"])
def compte(request: HttpRequest, numero: int) -> HttpResponse:
    """Un compte : son rôle, ses lieux, ses permis, et les gestes possibles."""
    acteur = administrateur(request)
    vise = get_object_or_404(_geres().select_related("bureau", "organisme", "clinique"), pk=numero)
    clinicien = vise.role == Role.CLINICIEN
    forme = PermisForm(request.POST or None) if clinicien else None
    if request.method == "POST" and forme is not None and forme.is_valid():
        try:
            actes.ajouter_permis(acteur, vise, **forme.cleaned_data)
            messages.success(request, "Le permis est inscrit.")
            return redirect("gestion_compte", vise.pk)
        except Refus as refus:
            poser_refus(forme, refus)
    jour = horloge.aujourd_hui()
    permis = [
        (un, titre.libelle if (titre := referentiels.titre(un.titre, jour)) else "Titre hors liste")
        for un in Permis.objects.filter(compte=vise)
    ]
    contexte = {
        "vise": vise,
        "form": forme,
        "permis": permis,
        "facteur": is_mfa_enabled(vise),
        "soi": vise.pk == acteur.pk,
    }
    return render(request, "comptes/compte.html", contexte)


@require_POST
def geste(request: HttpRequest, numero: int, nom: str) -> HttpResponse:
    """Fermer, rouvrir, ou remettre le second facteur à zéro."""
    acteur = administrateur(request)
    vise = get_object_or_404(_geres(), pk=numero)
    if nom not in GESTES:
        raise Http404
    return _jouer(request, acteur, vise, nom)


@reauthentification_exigee
def _jouer(request: HttpRequest, acteur: Compte, vise: Compte, nom: str) -> HttpResponse:
    fonction, dit = GESTES[nom]
    try:
        fonction(acteur, vise)
        messages.success(request, dit)
    except Refus as refus:
        messages.error(request, refus.message)
    return redirect("gestion_compte", vise.pk)


@require_http_methods(["GET", "POST"])
def lieux(request: HttpRequest) -> HttpResponse:
    """Bureaux, organismes et cliniques; en inscrire un."""
    acteur = administrateur(request)
    forme = LieuForm(request.POST or None)
    if request.method == "POST" and forme.is_valid():
        lu = forme.cleaned_data
        genre = LIEUX[lu["genre"]]
        champs: dict[str, Any] = {"nom": lu["nom"], "telephone": lu["telephone"]}
        if genre is Bureau:
            champs |= {"code": slugify(lu["nom"])[:40] or "bureau", "region": lu["region"]}
        else:
            champs["ville"] = lu["ville"]
        if genre is Organisme:
            champs["adresse_postale"] = lu["adresse_postale"]
        try:
            actes.creer_lieu(acteur, genre, **champs)
            messages.success(request, "Le lieu est inscrit.")
            return redirect("gestion_lieux")
        except Refus as refus:
            poser_refus(forme, refus)
    listes = [(titre, list(modele.objects.order_by("nom")[:200])) for titre, modele in _titres()]
    return render(request, "comptes/lieux.html", {"form": forme, "listes": listes})


def _titres() -> list[tuple[str, type[Bureau | Organisme | Clinique]]]:
    return [("Bureaux", Bureau), ("Organismes", Organisme), ("Cliniques", Clinique)]
