"""Ce qui a changé d'un rapport médical à l'autre, en mots. Rien n'est jugé : la page dit ce qui diffère."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from comptes.models import Role
from comptes.reauth import BASES
from dossiers.models import Dossier
from dossiers.pages import entrer, personne_de
from formulaires import comparaison, lecture, presentation
from formulaires.models import RapportMedical
from socle.dates_en_mots import date_moyenne


def en_titre(rapport: RapportMedical, *, plusieurs_demandes: bool) -> str:
    """« Version 2, signée le 12 mai 2026 par Ève Fictive »; la demande, s'il y en a plus d'une."""
    demande = f" (demande {rapport.demande.rang})" if plusieurs_demandes else ""
    signe = f"signée le {date_moyenne(rapport.signe_le)} par {rapport.signataire.nom_complet}"
    return f"Version {rapport.version}{demande}, {signe}"


def choisir(rapports: list[RapportMedical], avant: str, apres: str) -> tuple[RapportMedical, RapportMedical]:
    """L'ancien et le nouveau : ceux que l'adresse nomme, sinon le dernier et celui qui le précède.

    `rapports` va du plus récent au plus ancien et en compte deux au moins; nommés à l'envers, ils sont remis
    dans l'ordre; le même nommé deux fois se compare à celui d'avant lui.
    """
    par_cle = {str(un.pk): rang for rang, un in enumerate(rapports)}
    nouveau = par_cle.get(apres, 0)
    ancien = par_cle.get(avant, nouveau + 1)
    if ancien == nouveau:
        ancien = nouveau + 1
    if ancien >= len(rapports):
        nouveau, ancien = len(rapports) - 2, len(rapports) - 1
    nouveau, ancien = sorted((nouveau, ancien))
    return rapports[ancien], rapports[nouveau]


@require_GET
def comparer(request: HttpRequest, reference: str) -> HttpResponse:
    """Deux rapports, champ par champ; une personne ne compare que ce qu'elle peut lire."""
    dossier, droits = entrer(request, reference, "sr2100.lire")
    personne = personne_de(request)
    rapports = lecture.rapports_lisibles(dossier, personne)
    if not rapports:
        raise Http404
    contexte: dict[str, Any] = {
        "dossier": dossier,
        "base": BASES.get(Role(personne.role), "base_personnel.html"),
        "seul": rapports[0] if len(rapports) == 1 else None,
        "lisible": personne.role == Role.CLINICIEN or _de_la_courante(dossier, rapports),
        "url_sommaire": droits.personne.est_personnel and droits.peut("sommaire.lire"),
    }
    if len(rapports) > 1:
        ancien, nouveau = choisir(rapports, request.GET.get("avant", ""), request.GET.get("apres", ""))
        contexte |= _ecarts(rapports, ancien, nouveau)
    return render(request, "formulaires/sr2100_comparer.html", contexte)


def _de_la_courante(dossier: Dossier, rapports: list[RapportMedical]) -> bool:
    """Vrai si la page de lecture a un rapport à ouvrir : elle montre celui de la demande en cours."""
    courante = dossier.courante_lue
    return courante is not None and any(un.demande_id == courante.pk for un in rapports)


def _ecarts(rapports: list[RapportMedical], ancien: RapportMedical, nouveau: RapportMedical) -> dict[str, Any]:
    plusieurs = len({un.demande_id for un in rapports}) > 1
    titres = {un.pk: en_titre(un, plusieurs_demandes=plusieurs) for un in rapports}
    mots = presentation.mots(nouveau.signe_le)
    champs = comparaison.changements(nouveau.contenu, ancien.contenu, mots)
    return {
        "ancien": ancien,
        "nouveau": nouveau,
        "titre_ancien": titres[ancien.pk],
        "titre_nouveau": titres[nouveau.pk],
        "choix": list(titres.items()) if len(rapports) > 2 else [],
        "champs": champs,
        "identiques": not any(un.compte for un in champs),
        "points": sum(len(un.changements) for un in champs),
        "pareils": comparaison.pareils(nouveau.contenu, ancien.contenu),
    }
