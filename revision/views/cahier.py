"""Le cahier pour le Tribunal : le demander, suivre sa fabrication, le télécharger.

Le cahier contient les avis et les lettres de la première décision : un réviseur qui doit encore la réviser (recours
direct, renvoi) ne l'ouvre ni ne le demande avant d'avoir répondu (`revision.independance`).
Source : `ecrans-et-lettres.md` B5.9. Chaque téléchargement est une consultation, que la personne peut voir.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from dossiers.actes.lectures import consigner_lecture
from dossiers.pages import FormulaireActe, entrer, soumettre
from revision import independance, lecture
from revision.models import CahierTAQ, RecoursTAQ
from revision.views.commun import contexte_revision, entrer_en_revision, reviseur_de

BORNE = 20


class CahierForm(FormulaireActe):
    """Demander un cahier : rien à écrire, un jeton pour qu'un double envoi n'en produise qu'un."""


@require_http_methods(["GET", "POST"])
def cahier(request: HttpRequest, reference: str) -> HttpResponse:
    """Le recours, ce que le cahier contiendra, ceux déjà produits, l'état de celui qui se fabrique."""
    ouvert, droits, revision = entrer_en_revision(request, reference)
    attend = not independance.a_repondu(revision, droits.personne)
    if attend and request.method == "POST":
        return _repondre_d_abord(request, reference)
    formulaire = CahierForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        reussi, _ = soumettre(request, formulaire, "produire_cahier", ouvert)
        if reussi:
            return redirect("revision_cahier", reference)
    recours = RecoursTAQ.objects.filter(demande__dossier=ouvert).order_by("-pk").first()
    cahiers = list(
        CahierTAQ.objects.filter(recours__demande__dossier=ouvert).select_related("par").order_by("-pk")[:BORNE]
    )
    donnees = {
        **contexte_revision(request, ouvert, droits, revision),
        "form": formulaire,
        "recours": recours,
        "cahiers": cahiers,
        "attend": attend,
        "en_cours": any(un.etat == CahierTAQ.Etat.EN_COURS for un in cahiers),
    }
    return render(request, "revision/cahier.html", donnees)


def _repondre_d_abord(request: HttpRequest, reference: str) -> HttpResponse:
    messages.info(request, "Répondez d'abord aux questions de la loi : le cahier contient la première décision.")
    return redirect("revision_dossier", reference)


@require_GET
def fichier(request: HttpRequest, reference: str, numero: int) -> HttpResponse | FileResponse:
    """Le PDF d'un cahier prêt, en téléchargement; la lecture est consignée avant que le fichier parte."""
    personne = reviseur_de(request)
    ouvert, _ = entrer(request, reference, "cahier.produire", consigner=False)
    prets = CahierTAQ.objects.filter(recours__demande__dossier=ouvert, etat=CahierTAQ.Etat.PRET)
    voulu = prets.filter(pk=numero).first()
    revision = lecture.revision_du_reviseur(ouvert, personne)
    if voulu is None or revision is None:
        raise Http404
    if not independance.a_repondu(revision, personne):
        return _repondre_d_abord(request, reference)
    try:
        octets = voulu.fichier.open("rb")
    except FileNotFoundError as erreur:
        raise Http404 from erreur
    consigner_lecture(personne, ouvert, "cahier", f"cahier-{voulu.pk}")
    reponse = FileResponse(octets, as_attachment=True, filename=f"cahier-{ouvert.reference}-{voulu.pk}.pdf")
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'"
    reponse["Cache-Control"] = "no-store, private"
    return reponse
