"""Les lettres types à une clinique : choisir, relire, changer, imprimer ou envoyer dans l'application.

Source : `ecrans-et-lettres.md` B7.6; étude SOM, obstacle 8. Aucun champ médical ne s'y remplit seul.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from comptes.models import Compte
from dossiers import choix, gabarits
from dossiers.acces import Droits
from dossiers.models import Dossier
from dossiers.pages import personne_de, soumettre
from espaces.mandats_forms import LettreForm
from espaces.views.organisme import entrer_par_mandat
from referentiels import lecture as referentiels
from referentiels.models import GabaritClinicien
from socle import horloge, pdf
from socle.dates_en_mots import date_moyenne

LANGUES = (("fr", "Français"), ("en", "Anglais"))
# La lettre dit « appelez-moi » : jamais le numéro du Ministère, à défaut du sien.
NUMERO_A_ECRIRE = "___ ___-____"
PANNE = "La lettre n'a pas pu être imprimée. Réessayez dans un moment; ce que vous avez écrit est gardé ici."


@require_http_methods(["GET"])
def lettres(request: HttpRequest, reference: str) -> HttpResponse:
    """Les situations, chacune avec sa lettre."""
    ouvert, _droits, _mandat = entrer_par_mandat(request, reference, "clinicien.inviter")
    return render(
        request,
        "espaces/organisme_lettres.html",
        {"dossier": ouvert, "gabarits": referentiels.gabarits_clinicien(horloge.aujourd_hui())},
    )


@require_http_methods(["GET", "POST"])
def lettre(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Une lettre remplie, à changer; elle s'imprime, ou part à un clinicien déjà joint."""
    ouvert, droits, _mandat = entrer_par_mandat(request, reference, "clinicien.inviter")
    jour, personne = horloge.aujourd_hui(), personne_de(request)
    gabarit = next((un for un in referentiels.gabarits_clinicien(jour) if un.code == code), None)
    if gabarit is None:
        raise Http404
    langue = "en" if request.GET.get("langue") == "en" else "fr"
    cliniciens = _cliniciens(ouvert, droits)
    forme = LettreForm(
        request.POST if request.method == "POST" else None,
        cliniciens=cliniciens,
        initial={"texte": _rempli(gabarit, langue, ouvert, personne, cliniciens, jour)},
    )
    if request.method == "POST" and forme.is_valid():
        fait = _faire(request, ouvert, forme, gabarit, langue)
        if fait is not None:
            return fait
    contexte = {
        "dossier": ouvert, "form": forme, "gabarit": gabarit, "langue": langue, "langues": LANGUES,
        "cliniciens": cliniciens,
    }  # fmt: skip
    return render(request, "espaces/organisme_lettre.html", contexte)


def _cliniciens(dossier: Dossier, droits: Droits) -> list[Compte]:
    """À qui la lettre peut partir dans l'application : qui est au dossier, avec l'accord de la personne."""
    return choix.cliniciens(dossier) if droits.peut("echange.ecrire") else []


def _rempli(
    gabarit: GabaritClinicien, langue: str, dossier: Dossier, personne: Compte, cliniciens: list[Compte], jour: date
) -> str:
    anglais = langue == "en"
    neutre = "the health professional" if anglais else "la personne professionnelle de la santé"
    return gabarits.remplir(
        gabarit.dit("texte", langue),
        {
            "personne": dossier.prestataire.nom_complet,
            "reference": dossier.reference,
            "intervenant": personne.nom_complet,
            "organisme": personne.organisme.nom if personne.organisme else "",
            "telephone": personne.telephone
            or (personne.organisme.telephone if personne.organisme else "")
            or NUMERO_A_ECRIRE,
            "date": jour.isoformat() if anglais else date_moyenne(jour),
            "clinicien": cliniciens[0].nom_complet if len(cliniciens) == 1 else neutre,
        },
    )


def _faire(
    request: HttpRequest, dossier: Dossier, forme: LettreForm, gabarit: GabaritClinicien, langue: str
) -> HttpResponse | None:
    """Le PDF, ou la redirection après l'envoi; None si quelque chose est à corriger."""
    lues: dict[str, Any] = forme.cleaned_data
    if "envoyer" in request.POST:
        destinataire = forme.cliniciens.get(lues.get("a") or "")
        if destinataire is None:
            forme.add_error("a" if "a" in forme.fields else None, "Choisissez à qui l'envoyer.")
            return None
        if not soumettre(request, forme, "echanger", dossier, a=destinataire, texte=lues["texte"])[0]:
            return None
        messages.success(request, f"La lettre est envoyée à {destinataire.nom_complet}, et reste au dossier.")
        return redirect("dossier_echanges", dossier.reference)
    try:
        octets = pdf.rendre(page(lues["texte"], langue, gabarit.dit("libelle", langue)))
    except pdf.RenduImpossible:
        forme.add_error(None, PANNE)
        return None
    if not soumettre(request, forme, "ecrire_a_la_clinique", dossier, gabarit=gabarit.code, langue=langue)[0]:
        return None
    entetes = {"Content-Disposition": 'inline; filename="lettre.pdf"', "Cache-Control": "no-store, private"}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)


def page(texte: str, langue: str, titre: str) -> str:
    """La lettre en HTML, prête pour le moteur PDF; le texte n'est que du texte."""
    return render_to_string("espaces/lettre_clinicien.html", {"texte": texte, "langue": langue, "titre": titre})
