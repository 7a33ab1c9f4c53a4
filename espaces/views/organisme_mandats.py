"""Obtenir un mandat (le demander, ou le prendre avec le code de la personne), et le passer à un collègue.

Une demande reçoit la même réponse, au même rythme, que la personne soit connue, inconnue ou mal nommée; un code qui
n'ouvre rien aussi. Source : `ecrans-et-lettres.md` B7.2, B7.3, B7.8, B7.10.
"""

from __future__ import annotations

import time
from datetime import date

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes import essais
from comptes.models import Compte, Role
from dossiers.actes.codes_confies import N_OUVRE_RIEN, prendre
from dossiers.actes.mandats import collegues
from dossiers.models import Dossier, Mandat
from dossiers.pages import entrer, personne_de, soumettre
from dossiers.porte import DejaFait, executer
from espaces.mandats_forms import DemandeMandatForm, PrendreMandatForm, TransmettreForm
from espaces.views.clinique_code import PLANCHER, adresse_de
from espaces.views.organisme import par_mandat
from referentiels.regles import plus_mois
from socle import horloge
from socle.pages import poser_refus
from socle.refus import Refus

ESSAIS_PAR_HEURE = 10
TROP = "Trop de demandes en une heure. Attendez un peu, ou appelez le bureau."


def attendre(debut: float) -> None:
    """Toute réponse prend au moins `PLANCHER` secondes : sa durée ne dit rien."""
    time.sleep(max(0.0, PLANCHER - (time.monotonic() - debut)))


@require_http_methods(["GET", "POST"])
def demander_mandat(request: HttpRequest) -> HttpResponse:
    """Demande un mandat. La réponse est la même que la personne soit connue, inconnue ou mal nommée."""
    personne, jour, debut = par_mandat(request), horloge.aujourd_hui(), time.monotonic()
    formulaire = DemandeMandatForm(request.POST if request.method == "POST" else None, jour=jour, personne=personne)
    if request.method == "POST" and personne.exerce and formulaire.is_valid():
        if _trop_d_essais(personne):
            formulaire.add_error(None, TROP)
        else:
            _proposer(personne, formulaire, jour)
            attendre(debut)
            return redirect("mandat_demande")
    return render(request, "espaces/organisme_mandat.html", {"form": formulaire, "exerce": personne.exerce})


def _trop_d_essais(personne: Compte) -> bool:
    """Freine qui chercherait un numéro et une date de naissance au hasard."""
    cle = f"mandat-essais-{personne.pk}"
    cache.add(cle, 0, 3600)
    return bool(cache.incr(cle) > ESSAIS_PAR_HEURE)


def _proposer(personne: Compte, formulaire: DemandeMandatForm, jour: date) -> None:
    """Propose le mandat si la personne existe; un refus reste muet, il est au journal du dossier."""
    lues = formulaire.cleaned_data
    # Hors de `visibles_par` : la personne-ressource ne voit rien de ce dossier, elle le nomme.
    vise = Dossier.objects.filter(reference=lues["reference"], naissance=lues["naissance"]).first()
    if vise is None:
        return
    fin = plus_mois(jour, int(lues["mois"]))
    try:
        executer(
            "proposer_mandat", acteur=personne, dossier=vise, cle=formulaire.jeton, jusqu_au=fin, **formulaire.donnees()
        )
    except (Refus, DejaFait):
        return


@require_http_methods(["GET"])
def mandat_demande(request: HttpRequest) -> HttpResponse:
    """Ce qui suit une demande de mandat, identique pour tous."""
    personne = par_mandat(request)
    return render(
        request, "espaces/organisme_mandat_demande.html", {"representant": personne.role == Role.REPRESENTANT}
    )


@require_http_methods(["GET", "POST"])
def prendre_avec_code(request: HttpRequest) -> HttpResponse:
    """Entrer le code que la personne a remis : le mandat qu'elle y a mis est donné d'un coup."""
    personne, jour, debut = par_mandat(request), horloge.aujourd_hui(), time.monotonic()
    forme = PrendreMandatForm(
        request.POST if request.method == "POST" else None, jour=jour, personne=personne, sans_ecrit=True
    )
    adresse = adresse_de(request)
    pause = essais.fin_de_pause(essais.sources("code-mandat", personne, adresse))
    if request.method == "POST" and pause is None and personne.exerce and forme.is_valid():
        lues = forme.cleaned_data
        issue = prendre(personne, lues["code"], adresse=adresse, cle=forme.jeton, titre=lues.get("titre"))
        if issue.dossier is not None:
            messages.success(request, "Le mandat est à vous. La personne peut y mettre fin quand elle veut.")
            return redirect("organisme_dossier", issue.dossier.reference)
        if issue.refus is not None:
            poser_refus(forme, issue.refus)
        else:
            forme.add_error("code", N_OUVRE_RIEN)
        pause = issue.pause
        attendre(debut)
    contexte = {"form": forme, "pause": pause, "exerce": personne.exerce}
    return render(request, "espaces/organisme_prendre.html", contexte, status=429 if pause is not None else 200)


@require_http_methods(["GET", "POST"])
def transmettre(request: HttpRequest, reference: str) -> HttpResponse:
    """Passer un mandat à un collègue de l'organisme; la personne l'apprend par lettre et peut refuser."""
    ouvert, _droits = entrer(request, reference, "mandat.transmettre")
    personne = personne_de(request)
    cedants = _cedants(ouvert, personne)
    offerts = [un for un in [personne, *collegues(personne)] if len(cedants) > 1 or un not in cedants]
    forme = TransmettreForm(
        request.POST if request.method == "POST" else None, cedants=cedants or [personne], collegues=offerts
    )
    valide = request.method == "POST" and forme.is_valid()
    if valide and soumettre(request, forme, "transmettre_mandat", ouvert, **forme.donnees())[0]:
        messages.success(request, "Le mandat est transmis. La personne reçoit une lettre; elle peut refuser.")
        return redirect("organisme_equipe" if personne.gestionnaire_organisme else "organisme")
    contexte = {"form": forme, "dossier": ouvert, "seul": not offerts, "sien": personne in cedants}
    return render(request, "espaces/organisme_transmettre.html", contexte)


def _cedants(dossier: Dossier, personne: Compte) -> list[Compte]:
    """Qui tient un mandat que cette personne peut passer : elle, ou ses collègues si elle gère l'organisme."""
    mandats = Mandat.objects.vivants(horloge.aujourd_hui()).filter(dossier=dossier).select_related("intervenant")
    tenus = {mandat.intervenant_id: mandat.intervenant for mandat in mandats.order_by("pk")}
    if personne.gestionnaire_organisme and personne.organisme_id is not None:
        return [un for un in tenus.values() if un.organisme_id == personne.organisme_id]
    return [un for un in tenus.values() if un.pk == personne.pk]
