"""Les fichiers reçus, pour qui tient le service : l'antivirus, ce qui attend. Aucun dossier n'y paraît.

Source : `epreuves.md` F13.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptes.models import Role
from dossiers.analyse import antivirus
from dossiers.models import Piece
from dossiers.pages import personne_de
from socle import horloge
from socle.composants import Ligne
from socle.dates_en_mots import date_moyenne

MO = 2**20
SANS_ANTIVIRUS = (
    "Seul le fichier d'essai des antivirus est reconnu. C'est une démonstration : n'y envoyez aucun vrai document."
)


@require_safe
def etat(request: HttpRequest) -> HttpResponse:
    """L'antivirus répond-il, ses signatures sont-elles fraîches, qu'est-ce qui attend et depuis quand."""
    if personne_de(request).role != Role.ADMINISTRATEUR:
        raise Http404
    attend = Q(verification=Piece.Verification.EN_COURS)
    lu = Piece.objects.filter(attend).aggregate(combien=Count("pk"), depuis=Min("versee_le"))
    gardes = Piece.objects.exclude(original="").aggregate(combien=Count("pk"), octets=Sum("taille"))
    lignes, panne = _antivirus()
    octets = (gardes["octets"] or 0) / MO
    poids = f"{octets:.0f} Mo" if octets >= 1 else "moins de 1 Mo"
    lignes += [
        Ligne("Fichiers en vérification", str(lu["combien"])),
        Ligne("Le plus ancien attend depuis", _attente(lu["depuis"])),
        Ligne("Originaux en quarantaine", f"{gardes['combien']} · {poids}" if gardes["combien"] else "Aucun"),
    ]
    contexte = {"lignes": lignes, "panne": panne, "attendent": lu["combien"], "sans_antivirus": not settings.CLAMD_URL}
    return render(request, "dossiers/fichiers.html", contexte)


def _antivirus() -> tuple[list[Ligne], str]:
    """Ce que l'antivirus dit de lui, et la phrase de sa panne s'il y en a une."""
    if not settings.CLAMD_URL:
        return [Ligne("Antivirus", "Aucun")], SANS_ANTIVIRUS
    try:
        dit = antivirus.etat()
    except antivirus.AntivirusMuet as muet:
        return [Ligne("Antivirus", "Ne répond pas")], _phrase(muet)
    lignes = [
        Ligne("Antivirus", dit.version),
        Ligne("Signatures du", date_moyenne(dit.signatures) if dit.signatures else "date inconnue"),
    ]
    try:
        antivirus.exiger_pret()
    except antivirus.AntivirusMuet as muet:
        return lignes, _phrase(muet)
    return lignes, ""


def _phrase(muet: antivirus.AntivirusMuet) -> str:
    return f"Aucun fichier n'est jugé : {muet}. Les envois sont reçus et attendent; ils seront vérifiés à son retour."


def _attente(depuis: datetime | None) -> str:
    if depuis is None:
        return "Rien n'attend"
    minutes = int((horloge.maintenant() - depuis).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} jours"
