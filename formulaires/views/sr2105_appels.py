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

from comptes.reauth import reauthentification_a_l_envoi
from formulaires.actes.brouillons import ConflitBrouillon
from formulaires.saisie import trop_long
from formulaires.sr2105 import accords, lignes
from formulaires.sr2105.accords import Autorisation
from formulaires.sr2105.forms import GroupeForm, SignerSR2105Form
from formulaires.sr2105.textes import GROUPES, NE_SAIT_PAS, PERSONNES, THEMES, Groupe, dire
from formulaires.views.sr2105 import SIGNER, premiere_question
from formulaires.views.sr2105_commun import (
    APPELS,
    Travail,
    conflit,
    contexte,
    garder,
    garder_accords,
    garder_en_passant,
    ouvrir,
    sortir,
)
from formulaires.views.sr2105_verser import Versement

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
    connu = travail.connu[PERSONNES.code]
    travail.brut.pop(f"inconnu_{PERSONNES.code}", None)
    for rang in groupe.rangs:
        nom, accord = (lignes.nom_de(PERSONNES.code, rang, colonne) for colonne in ("nom", "permis"))
        ecrit = formulaire.brut[nom]
        if not ecrit:
            travail.brut.pop(accord, None)
        elif connu.get(nom) == ecrit and accord in connu:
            travail.brut.setdefault(accord, connu[accord])
    garder(travail, formulaire, confirmes=[groupe.code] if formulaire.is_valid() else [], voie=APPELS)


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
    nommees = {rang: ligne["nom"] for rang, ligne in lignes.lignes_de(PERSONNES, travail.brut).items()}
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
        initial={**travail.brut, "version": travail.version},
    )
    if request.POST.get("aller") in PAR_CODE:
        return _revenir(travail, formulaire, request.POST["aller"])
    versement = Versement(
        travail,
        formulaire,
        _reponses(travail, formulaire),
        lambda: _montrer_signature(travail, formulaire, autorisation),
    )
    return versement.empeche() or (_confirme(request, versement) if versement.a_confirmer else versement.faire())


@reauthentification_a_l_envoi
def _confirme(request: HttpRequest, versement: Versement) -> HttpResponse:
    """Verse une fois l'identité confirmée."""
    return versement.faire()


def _revenir(travail: Travail, formulaire: SignerSR2105Form, code: str) -> HttpResponse:
    """Corriger un groupe sans perdre les oui et les non déjà choisis."""
    if travail.brouillon is not None and not garder_accords(travail, formulaire):
        travail.dire(messages.WARNING, "change_avant_signer")
    return redirect(travail.url("sr2105_appels", code))


def _montrer_signature(travail: Travail, formulaire: SignerSR2105Form, autorisation: Autorisation) -> HttpResponse:
    donnees = {
        "form": formulaire,
        "rang": len(PAR_CODE) + 1,
        "total": len(PAR_CODE) + 1,
        "avant": GROUPES[-1].code,
        "autorisation": autorisation,
        "nommees": _nommees(travail, formulaire),
        "url_questions": premiere_question(travail),
        "signature": travail.dites["signature"].format(nom=travail.dossier.prestataire.nom_complet),
        "inconnus": any(not travail.reponse(code) for code in THEMES),
    }
    return render(travail.request, "formulaires/sr2105_signer.html", contexte(travail, **donnees))


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
                "aller": groupe.code,
            }
        )
    return rendues


def _reponses(travail: Travail, formulaire: SignerSR2105Form) -> dict[str, str]:
    """Les six réponses : ce qui était déjà répondu reste; le reste est « ne sait pas »."""
    accordes = formulaire.permis_dits
    brut = {**travail.brut, **accordes}
    brut.pop(f"inconnu_{PERSONNES.code}", None)
    return {code: lignes.reponse_de(theme, brut) or NE_SAIT_PAS for code, theme in THEMES.items()}
