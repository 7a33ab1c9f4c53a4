"""Ce que la personne décide : comment la joindre, qui l'aide, ce qu'elle permet.

Source : `ecrans-et-lettres.md` B8; `cas/LISEZMOI.md`, colonne « prestataire ».
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comptes.reauth import reauthentification_a_l_envoi
from dossiers.models import Consentement, Dossier, Mandat
from dossiers.pages import soumettre
from espaces import suivi as lecture
from espaces.forms_suivi import ConfirmationForm, ConsentementForm, CoordonneesForm, MandatForm
from espaces.views.suivi import commun, mien
from espaces.views.suivi_commun import exiger, jouer, lire_ou_envoyer, page
from referentiels import lecture as referentiels
from socle import horloge

RAPPORT = "voir_rapport_medical"


@lire_ou_envoyer
def coordonnees(request: HttpRequest) -> HttpResponse:
    """Changer comment on joint la personne; un code est demandé avant."""
    dossier, droits = mien(request)
    exiger(droits, "consentement.ecrire")
    return _coordonnees(request, dossier)


@reauthentification_a_l_envoi
def _coordonnees(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    personne = dossier.prestataire
    noms = ("canal_prefere", "adresse", "telephone", "telephone_texto", "email", "contact_sur")
    depart = {nom: getattr(personne, nom, "") or "" for nom in noms} | {"contact_sur": dossier.contact_sur}
    forme = CoordonneesForm(request.POST or None, personne=personne, initial=depart)
    if forme.is_valid():
        donnees = {nom: forme.cleaned_data[nom] for nom in noms}
        suite = jouer(request, forme, "changer_coordonnees", dossier, "Vos coordonnées sont à jour.", **donnees)
        if suite is not None:
            return suite
    intro = ["Aucun message ne dira de quoi il s'agit. Choisissez ce qui est sûr pour vous."]
    return page(request, dossier, forme, "Comment me joindre", intro, "Enregistrer mes coordonnées")


@lire_ou_envoyer
def personnes(request: HttpRequest) -> HttpResponse:
    """Dire oui à une personne-ressource, ajouter la lecture du rapport, ou mettre fin à son accès."""
    dossier, droits = mien(request, "mandat.lire")
    if request.method == "POST":
        exiger(droits, "mandat.confirmer")
    return _personnes(request, dossier)


@reauthentification_a_l_envoi
def _personnes(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    forme = MandatForm(request.POST or None)
    if request.method == "POST" and forme.is_valid():
        mandat = get_object_or_404(Mandat, pk=forme.cleaned_data["mandat"], dossier=dossier)
        if _changer_mandat(request, dossier, forme, mandat):
            return redirect("suivi_personnes")
    jour = horloge.aujourd_hui()
    return render(
        request,
        "espaces/suivi_personnes.html",
        commun(dossier, form=forme, mandats=[_fiche(un, jour) for un in lecture.mandats_de(dossier)]),
    )


def _changer_mandat(request: HttpRequest, dossier: Dossier, forme: MandatForm, mandat: Mandat) -> bool:
    geste = forme.cleaned_data["geste"]
    if geste == "finir":
        reussi, _ = soumettre(request, forme, "revoquer_mandat", dossier, intervenant=mandat.intervenant)
        dit = "L'accès est terminé, tout de suite."
    else:
        ajoutees = [RAPPORT] if geste == "ajouter" or forme.cleaned_data["rapport"] else []
        reussi, _ = soumettre(
            request, forme, "confirmer_mandat", dossier, intervenant=mandat.intervenant, portees_ajoutees=ajoutees
        )
        dit = "C'est confirmé. Vous pouvez y mettre fin quand vous voulez."
    if reussi:
        messages.success(request, dit)
    return reussi


def _fiche(mandat: Mandat, jour: Any) -> dict[str, Any]:
    """Un mandat en mots : qui, ce que la personne peut faire, jusqu'à quand, et ce qui reste possible."""
    fini = mandat.revoque_le is not None or mandat.est_echu(jour)
    portees = [referentiels.portee(code, jour) for code in mandat.toutes_portees]
    titre = referentiels.type_representant(mandat.titre, jour) if mandat.titre else None
    return {
        "mandat": mandat,
        "portees": [portee.dit("description") for portee in portees if portee is not None],
        "titre": titre.dit("libelle") if titre is not None else "",
        "propose": mandat.confirme_le is None and not fini,
        "vivant": mandat.est_vivant(jour),
        "fini_le": horloge.jour_civil(mandat.revoque_le) if mandat.revoque_le is not None else mandat.jusqu_au,
        "fini": fini,
        "rapport": RAPPORT in mandat.toutes_portees,
        "cles": [ConfirmationForm()["cle"].value() for _ in range(3)],
    }


@lire_ou_envoyer
def autorisations(request: HttpRequest) -> HttpResponse:
    """Donner ou retirer un accord; l'effet est expliqué avant le geste."""
    dossier, droits = mien(request)
    exiger(droits, "consentement.ecrire")
    return _autorisations(request, dossier)


@reauthentification_a_l_envoi
def _autorisations(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    forme = ConsentementForm(request.POST or None)
    if request.method == "POST" and forme.is_valid() and dossier.courante_lue is not None:
        donner = forme.cleaned_data["geste"] == "donner"
        acte = "consentir" if donner else "retirer_consentement"
        reussi, _ = soumettre(request, forme, acte, dossier, objet=forme.cleaned_data["objet"])
        if reussi:
            messages.success(request, "Votre accord est noté." if donner else "Votre accord est retiré, tout de suite.")
            return redirect("suivi_autorisations")
    vivants = {un.objet: un for un in Consentement.vivants().filter(dossier=dossier)}
    objets = [
        {"objet": objet, "donne": vivants.get(objet.code), "cle": ConfirmationForm()["cle"].value()}
        for objet in referentiels.objets_consentement(horloge.aujourd_hui())
    ]
    return render(
        request,
        "espaces/suivi_autorisations.html",
        commun(dossier, form=forme, objets=objets, sans_demande=dossier.courante_lue is None),
    )
