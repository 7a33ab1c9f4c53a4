"""Vérifier, signer, et garder une copie du SR-2100."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.models import Role
from comptes.reauth import reauthentification_exigee
from dossiers.delais import delai_habituel
from dossiers.models import Dossier
from dossiers.pages import entrer, personne_de, soumettre, suite
from formulaires import coherence, lecture, presentation
from formulaires.forms import SignerForm
from formulaires.models import RapportMedical
from formulaires.reperes import notes
from formulaires.saisie import TITRES
from formulaires.views.commun import (
    MANQUE,
    Travail,
    adresse_accueil,
    base_de,
    contexte_rapport,
    empechement,
    ouvrir,
)
from formulaires.views.sr2100 import a_trancher, bonnes_nouvelles, constats_de, ou_corriger
from socle import pdf


def _pret(travail: Travail) -> HttpResponse | None:
    """Ce qui empêche de vérifier : page à finir, contradiction à trancher, autorisation ou titre."""
    if (arret := empechement(travail)) is not None:
        return arret
    if reste := travail.saisie.a_reprendre(travail.jour):
        noms = ", ".join(TITRES[etape] for etape in reste)
        messages.warning(travail.request, f"Rien n'est signé : il reste à remplir ou à confirmer {noms}.")
        return redirect(f"{travail.url('sr2100_page', reste[0])}?{MANQUE}")
    if a_trancher(travail, travail.saisie):
        return redirect("sr2100_points", travail.reference)
    return None


@require_http_methods(["GET", "POST"])
def verifier(request: HttpRequest, reference: str) -> HttpResponse:
    """Relire tout le rapport, modifier une partie, puis signer."""
    travail = ouvrir(request, reference)
    if (arret := _pret(travail)) is not None:
        return arret
    if request.method == "GET":
        return _montrer(travail, SignerForm())
    if travail.delegue:
        return _signer(travail)
    return _signer_confirme(request, reference)


@reauthentification_exigee
def _signer_confirme(request: HttpRequest, reference: str) -> HttpResponse:
    """Signe une fois l'identité confirmée; le dossier est relu, le temps a passé."""
    travail = ouvrir(request, reference)
    return _pret(travail) or _signer(travail)


def _montrer(travail: Travail, formulaire: SignerForm) -> HttpResponse:
    rapport = travail.saisie.rapport(travail.jour)
    sections = presentation.sections(
        rapport, travail.jour, lambda etape: f"{travail.url('sr2100_page', etape)}?verifier"
    )
    constats = constats_de(travail, travail.saisie)
    contexte: dict[str, Any] = contexte_rapport(travail)
    contexte.update(
        form=formulaire,
        sections=sections,
        bonnes=bonnes_nouvelles(constats),
        gardes=[(un, ou_corriger(travail, un)) for un in constats if un.code in travail.saisie.maintenir],
        notes=[(un, ou_corriger(travail, un)) for un in notes(constats)],
    )
    return render(travail.request, "formulaires/sr2100_verifier.html", contexte)


def _signer(travail: Travail) -> HttpResponse:
    """Signe au nom de la personne connectée seulement; un délégué est refusé par l'acte comme par l'écran."""
    formulaire = SignerForm(travail.request.POST)
    if not formulaire.is_valid():
        return _montrer(travail, formulaire)
    reussi, _ = soumettre(
        travail.request,
        formulaire,
        "signer_sr2100",
        travail.dossier,
        maintenir_malgre=travail.saisie.maintenir or None,
        **travail.saisie.rapport(travail.jour),
    )
    if not reussi:
        return _montrer(travail, formulaire)
    return redirect("sr2100_signe", travail.reference)


def _rapport_lisible(request: HttpRequest, reference: str) -> tuple[Dossier, RapportMedical]:
    """Le rapport que la personne peut lire : le sien si elle est clinicienne, sinon le dernier de la demande."""
    dossier, droits = entrer(request, reference, "sr2100.lire")
    personne = personne_de(request)
    if personne.role == Role.CLINICIEN:
        rapport = lecture.rapport_signe_par(dossier, personne)
    else:
        rapport = lecture.dernier_rapport(dossier.courante_lue) if dossier.courante_lue else None
    if rapport is None or not droits.peut("sr2100.lire"):
        raise Http404
    return dossier, rapport


@require_http_methods(["GET"])
def signe(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirmation, adresse durable : la référence, la suite, la copie, le résumé à coller."""
    dossier, rapport = _rapport_lisible(request, reference)
    personne = personne_de(request)
    if personne.role != Role.CLINICIEN:
        return redirect("sr2100_rapport", reference)
    contexte = {
        "dossier": dossier,
        "rapport": rapport,
        "suite": suite(dossier, personne),
        "delai": delai_habituel(dossier.courante_lue, dossier.region),
        "resume": presentation.resume_texte(rapport, dossier.reference),
        "url_accueil": adresse_accueil(),
    }
    return render(request, "formulaires/sr2100_signe.html", contexte)


@require_http_methods(["GET"])
def lire(request: HttpRequest, reference: str) -> HttpResponse:
    """Lire le rapport signé, section par section."""
    dossier, rapport = _rapport_lisible(request, reference)
    clinicien = personne_de(request).role == Role.CLINICIEN
    return render(
        request,
        "formulaires/sr2100_rapport.html",
        {
            **contexte_copie(dossier, rapport),
            "base": "base_clinicien.html" if clinicien else "base_personnel.html",
            "a_comparer": lecture.se_comparent(dossier, personne_de(request)),
        },
    )


def contexte_copie(dossier: Dossier, rapport: RapportMedical) -> dict[str, Any]:
    """Ce que disent la page de lecture et la copie PDF."""
    return {
        "dossier": dossier,
        "rapport": rapport,
        "sections": presentation.sections(rapport.contenu, rapport.signe_le),
        "signature": presentation.signature_en_mots(rapport),
        "accord_retire_le": lecture.accord_retire_le(rapport),
        "gardes": coherence.en_mots(rapport.avertissements, lecture.constats(rapport)),
        "donnees_fictives": bool(getattr(settings, "DEMONSTRATION", False)),
    }


@require_http_methods(["GET"])
def copie(request: HttpRequest, reference: str) -> HttpResponse:
    """Copie PDF du rapport signé; si le rendu manque, la version à lire reste."""
    dossier, rapport = _rapport_lisible(request, reference)
    try:
        octets = pdf.rendre(render_to_string("formulaires/sr2100_copie.html", contexte_copie(dossier, rapport)))
    except (pdf.RenduImpossible, pdf.RessourceInterdite):
        url_lire = reverse("sr2100_rapport", args=[reference])
        contexte = {"dossier": dossier, "url_lire": url_lire, "base": base_de(personne_de(request))}
        return render(request, "formulaires/copie_impossible.html", contexte, status=503)
    return HttpResponse(
        octets,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="rapport-{dossier.reference}.pdf"'},
    )
