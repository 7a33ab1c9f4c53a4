"""Le SR-2105 sur papier : prérempli, en grandes lignes, en français ou en anglais. L'agent le saisira ensuite."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from correspondance.signaux import telephone
from formulaires.sr2105 import accords, lignes, textes
from formulaires.sr2105.textes import EN, FR, GROUPES, PERSONNES, THEMES, Theme, dire
from formulaires.views.sr2105_commun import Travail, ouvrir
from socle import pdf

LIGNES_VIDES = 4


def page_papier(travail: Travail, langue: str) -> str:
    """La feuille en HTML, prête pour le moteur PDF."""
    themes = [
        {
            "rang": rang,
            "titre": theme.titre_dit(langue),
            "question": theme.question(langue),
            "aide": theme.aide(langue),
            "ecrit": _ecrit(travail, theme, langue),
            "inconnu": lignes.ne_sait_pas(theme, travail.brut),
            "colonnes": [dire(une.nom, langue) for une in lignes.colonnes(theme)],
            "de_personnes": theme is PERSONNES,
        }
        for rang, theme in enumerate(THEMES.values(), start=1)
    ]
    contexte: dict[str, Any] = {
        "mots": textes.mots(langue),
        "lang": "en-CA" if langue == EN else "fr-CA",
        "themes": themes,
        "groupes": _groupes(travail, langue),
        "vides": range(LIGNES_VIDES),
        "autorisation": accords.texte_autorisation(langue),
        "dossier": travail.dossier,
        "nom": travail.dossier.prestataire.nom_complet,
        "retour": textes.mots(langue)["p_retour"].format(telephone=travail.dossier.bureau.telephone or telephone()),
        "fictif": bool(getattr(settings, "DEMONSTRATION", False)),
    }
    return render_to_string("formulaires/sr2105_papier.html", contexte)


def _ecrit(travail: Travail, theme: Theme, langue: str) -> list[str]:
    """Ce qui est déjà dit, une ligne à la fois; les personnes à joindre ont leurs cases, ceci est leur texte libre."""
    if theme is PERSONNES:
        return travail.montre.get(f"texte_{theme.code}", "").split("\n")
    return lignes.texte_de(theme, travail.montre, langue).split("\n")


def _groupes(travail: Travail, langue: str) -> list[dict[str, Any]]:
    ecrites = lignes.lignes_de(PERSONNES, travail.montre)
    return [
        {
            "question": dire(groupe.questions, langue),
            "lien": dire(groupe.liens, langue),
            "lignes": [ecrites.get(rang, {}) for rang in groupe.rangs],
        }
        for groupe in GROUPES
    ]


@require_http_methods(["GET"])
def papier(request: HttpRequest, reference: str) -> HttpResponse:
    """Le PDF, dans la langue de la personne, ou celle demandée par `?langue=`."""
    travail = ouvrir(request, reference)
    demandee = request.GET.get("langue", "")
    langue = demandee if demandee in (FR, EN) else travail.lue
    try:
        octets = pdf.rendre(page_papier(travail, langue))
    except (pdf.RenduImpossible, pdf.RessourceInterdite):
        travail.dire(messages.ERROR, "p_panne")
        return redirect(travail.url("sr2105_debut") if travail.calme else travail.url("sr2105"))
    entetes = {
        "Content-Disposition": f'inline; filename="sr2105-{travail.reference}.pdf"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
