"""La voie courte du SR-2105 : nommer qui appeler, dire oui ou non, signer. Trois questions et une signature.

Les autres thèmes valent « ne sait pas », sauf ceux déjà répondus. Source : étude SOM (« on aurait seulement besoin
d'une lettre » : coordonnées, autorisation, signature), `domaine.md` solution 59.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.porte import deja_recue
from formulaires.actes.brouillons import ConflitBrouillon
from formulaires.saisie import trop_long
from formulaires.sr2105 import accords, lignes
from formulaires.sr2105.forms import GroupeForm, SignerSR2105Form
from formulaires.sr2105.textes import GROUPES, NE_SAIT_PAS, PERSONNES, THEMES, Groupe, dire
from formulaires.views.reponses import adresse_retour
from formulaires.views.sr2105 import premiere_question, verser
from formulaires.views.sr2105_commun import (
    APPELS,
    Travail,
    conflit,
    contexte,
    garder,
    garder_en_passant,
    ouvrir,
    sortir,
)

SIGNER = "signer"
PAR_CODE = {groupe.code: groupe for groupe in GROUPES}


@require_http_methods(["GET", "POST"])
def etape(request: HttpRequest, reference: str, etape: str) -> HttpResponse:
    """Une étape de la voie courte : un groupe de personnes, ou la signature."""
    travail = ouvrir(request, reference)
    if etape == SIGNER:
        return _signer(travail)
    if etape not in PAR_CODE:
        raise Http404
    return _groupe(travail, PAR_CODE[etape])


def _formulaire(travail: Travail, groupe: Groupe, donnees: Any = None) -> GroupeForm:
    initial = {**travail.montre, "version": travail.version}
    return GroupeForm(donnees, groupe=groupe, langue=travail.langue, initial=initial)


def _groupe(travail: Travail, groupe: Groupe) -> HttpResponse:
    request = travail.request
    if request.method == "GET":
        return _montrer(travail, groupe, _formulaire(travail, groupe))
    formulaire = _formulaire(travail, groupe, request.POST)
    if "auto" in request.POST:
        return garder_en_passant(travail, formulaire, voie=APPELS)
    sort = "sortir" in request.POST
    if not formulaire.is_valid() and (not sort or trop_long(request.POST, formulaire.fields)):
        return _montrer(travail, groupe, formulaire)
    try:
        _garder(travail, groupe, formulaire)
    except ConflitBrouillon as change:
        return conflit(travail, formulaire, change.garde)
    return sortir(travail) if sort else redirect(travail.url("sr2105_appels", _suivante(groupe)))


def _garder(travail: Travail, groupe: Groupe, formulaire: GroupeForm) -> None:
    """Garde le groupe; l'accord déjà connu d'un professionnel offert suit sa ligne, pour être confirmé."""
    offert = travail.offert.get(PERSONNES.code, {})
    travail.brut.pop(f"inconnu_{PERSONNES.code}", None)
    for rang in groupe.rangs:
        nom, accord = (lignes.nom_de(PERSONNES.code, rang, colonne) for colonne in ("nom", "permis"))
        ecrit = formulaire.brut[nom]
        if not ecrit:
            travail.brut.pop(accord, None)
        elif offert.get(nom) == ecrit and accord in offert:
            travail.brut.setdefault(accord, offert[accord])
    garder(travail, formulaire, voie=APPELS)


def _suivante(groupe: Groupe) -> str:
    codes = [*PAR_CODE, SIGNER]
    return codes[codes.index(groupe.code) + 1]


def _montrer(travail: Travail, groupe: Groupe, formulaire: GroupeForm) -> HttpResponse:
    rang = list(PAR_CODE).index(groupe.code) + 1
    offertes = travail.offert.get(PERSONNES.code, {})
    donnees = {
        "form": formulaire,
        "titre": dire(groupe.questions, travail.langue),
        "aide": dire(groupe.aides, travail.langue),
        "rang": rang,
        "total": len(PAR_CODE) + 1,
        "deja": any(nom in offertes or (travail.deposee and travail.brut.get(nom)) for nom in formulaire.fields),
        "avant": travail.url("sr2105_appels", list(PAR_CODE)[rang - 2]) if rang > 1 else travail.url("sr2105_debut"),
    }
    return render(travail.request, "formulaires/sr2105_groupe.html", contexte(travail, **donnees))


def _signer(travail: Travail) -> HttpResponse:
    """Un oui ou un non par personne, l'autorisation, la signature; puis tout est versé d'un coup."""
    request = travail.request
    ecrites = lignes.lignes_de(PERSONNES, travail.brut)
    nommees = {rang: ligne["nom"] for rang, ligne in ecrites.items()}
    if not nommees or not all(nommees.values()):
        travail.dire(messages.WARNING, "aucune_personne" if not nommees else "e_nom")
        fautif = next((lignes.groupe_du_rang(rang) for rang, nom in nommees.items() if not nom), GROUPES[0])
        return redirect(travail.url("sr2105_appels", fautif.code))
    autorisation = accords.a_demander(travail.droits, travail.brut, travail.langue, toujours=True)
    formulaire = SignerSR2105Form(
        request.POST if request.method == "POST" else None,
        langue=travail.langue,
        a_autoriser=autorisation.a_donner,
        permis=nommees,
        initial={nom: dit for nom, dit in travail.brut.items() if nom.endswith("_permis")},
    )
    if formulaire.is_valid() and travail.brouillon is None and not deja_recue(formulaire.jeton):
        formulaire.add_error(None, travail.dites["deja_versees"])
    if formulaire.is_valid() and verser(travail, formulaire, _reponses(travail, formulaire)):
        return redirect(adresse_retour(travail.personne, travail.dossier))
    donnees = {
        "form": formulaire,
        "rang": len(PAR_CODE) + 1,
        "total": len(PAR_CODE) + 1,
        "avant": travail.url("sr2105_appels", GROUPES[-1].code),
        "autorisation": autorisation,
        "nommees": _nommees(travail, formulaire),
        "url_questions": premiere_question(travail),
        "signature": travail.dites["signature"].format(nom=travail.dossier.prestataire.nom_complet),
        "inconnus": any(not travail.reponse(code) for code in THEMES),
    }
    return render(request, "formulaires/sr2105_signer.html", contexte(travail, **donnees))


def _nommees(travail: Travail, formulaire: SignerSR2105Form) -> list[dict[str, Any]]:
    """Chaque personne nommée : ce qui a été écrit, le lien pour corriger, le choix oui ou non."""
    ecrites = lignes.lignes_de(PERSONNES, travail.brut)
    rendues = []
    for (rang, ligne), accord in zip(ecrites.items(), formulaire.accords, strict=True):
        groupe = lignes.groupe_du_rang(rang)
        rendues.append(
            {
                "ligne": ligne,
                "groupe": dire(groupe.noms, travail.langue),
                "accord": accord,
                "url": travail.url("sr2105_appels", groupe.code),
            }
        )
    return rendues


def _reponses(travail: Travail, formulaire: SignerSR2105Form) -> dict[str, str]:
    """Les six réponses : ce qui était déjà répondu reste; le reste est « ne sait pas »."""
    accordes = {nom: formulaire.cleaned_data[nom] for nom in formulaire.fields if nom.endswith("_permis")}
    brut = {**travail.brut, **accordes}
    brut.pop(f"inconnu_{PERSONNES.code}", None)
    return {code: lignes.reponse_de(theme, brut) or NE_SAIT_PAS for code, theme in THEMES.items()}
