"""La feuille SR-2100 à imprimer : pour la clinique sans ordinateur, ou qui préfère le papier."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from comptes.models import Role
from comptes.reauth import BASES
from correspondance.signaux import telephone
from dossiers.models import Dossier
from dossiers.pages import entrer
from formulaires import feuille as contenus
from socle import horloge, pdf


def page_feuille(dossier: Dossier, langue: str) -> str:
    """La feuille en HTML, prête pour le moteur PDF."""
    contexte = contenus.contenu(dossier, langue, horloge.aujourd_hui())
    fictives = bool(getattr(settings, "DEMONSTRATION", False))
    return render_to_string(
        "formulaires/sr2100_feuille.html", {**contexte, "telephone": telephone(), "donnees_fictives": fictives}
    )


@require_GET
def imprimer(request: HttpRequest, reference: str) -> HttpResponse:
    """Le PDF prérempli, dans la langue de la personne ou celle que nomme l'adresse (`?langue=en`)."""
    dossier, droits = entrer(request, reference, "sr2100.imprimer")
    langue = request.GET.get("langue", dossier.prestataire.langue)
    if langue not in contenus.LANGUES or dossier.courante_lue is None:
        raise Http404
    try:
        octets = pdf.rendre(page_feuille(dossier, langue))
    except pdf.RenduImpossible:
        base = BASES.get(Role(droits.personne.role), "base_personnel.html")
        return render(request, "formulaires/feuille_impossible.html", {"base": base}, status=503)
    entetes = {
        "Content-Disposition": f'inline; filename="sr2100-{dossier.reference}-{langue}.pdf"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
