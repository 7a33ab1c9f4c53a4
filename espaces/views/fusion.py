"""Le chef d'équipe tranche une proposition de réunir deux dossiers, ou défait une réunion; lève un conflit déclaré."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.actes.fusions import obstacle
from dossiers.etats import Balle
from dossiers.forms import SansChamp
from dossiers.forms_equipe import FormulaireRaison
from dossiers.models import ConflitInteret, Dossier, Fusion
from dossiers.pages import entrer, soumettre
from espaces import dossiers_reunis
from socle import horloge

GESTES = {
    "reunir": ("fusionner_dossiers", "Les dossiers sont réunis. L'ancien numéro mène à celui-ci."),
    "ecarter": ("ecarter_fusion", "La proposition est écartée. Les deux dossiers restent séparés."),
    "defaire": ("defaire_fusion", "Les dossiers sont séparés. Chacun est redevenu ce qu'il était."),
}


def _vive(dossier: Dossier) -> Fusion | None:
    """La proposition qui attend, ou la réunion faite."""
    return (
        Fusion.objects.filter(source=dossier, defaite_le__isnull=True)
        .exclude(retenue=False)
        .select_related("cible__prestataire", "cible__agent", "proposee_par")
        .first()
    )


@require_http_methods(["GET", "POST"])
def fusion(request: HttpRequest, reference: str) -> HttpResponse:
    """Les deux dossiers côte à côte, ce qui se ressemble, et la réponse du chef."""
    dossier, droits = entrer(request, reference)
    if not droits.peut("dossier.fusionner"):
        raise Http404
    vive = _vive(dossier)
    geste = request.POST.get("geste", "")
    avec_raison = geste in ("ecarter", "defaire")
    form = (FormulaireRaison if avec_raison or request.method == "GET" else SansChamp)(
        request.POST if geste in GESTES else None, dossier=dossier, personne=droits.personne
    )
    if geste in GESTES and form.is_valid():
        acte, dit = GESTES[geste]
        fait, _ = soumettre(request, form, acte, dossier, **form.donnees())
        if fait:
            messages.success(request, dit)
            garde = vive.cible if vive and geste == "reunir" else dossier
            return redirect("dossier_sommaire", garde.reference)
    contexte: dict[str, Any] = {"dossier": dossier, "form": form, "vive": vive, "geste": geste}
    if vive is not None:
        contexte |= {
            "tableau": dossiers_reunis.cote_a_cote(dossier, vive.cible),
            "raisons": dossiers_reunis.ce_qui_se_ressemble(dossier, vive.cible),
            "obstacle": "" if vive.retenue else obstacle(dossier, vive.cible, horloge.aujourd_hui()),
            "champ_raison": FormulaireRaison(dossier=dossier, personne=droits.personne) if not avec_raison else form,
        }
    return render(request, "espaces/equipe_fusion.html", contexte)


@require_http_methods(["GET", "POST"])
def conflits(request: HttpRequest, reference: str) -> HttpResponse:
    """Les conflits d'intérêts déclarés sur un dossier, et de quoi lever celui qui l'a été par erreur."""
    dossier, droits = entrer(request, reference)
    if not droits.peut("conflit.lever"):
        raise Http404
    vivants = list(
        ConflitInteret.objects.filter(dossier=dossier, leve_le__isnull=True).select_related("compte").order_by("pk")
    )
    form = SansChamp(request.POST or None, dossier=dossier, personne=droits.personne)
    choisi = next((un for un in vivants if str(un.pk) == request.POST.get("conflit")), None)
    if request.method == "POST" and choisi is not None and form.is_valid():
        fait, _ = soumettre(request, form, "lever_conflit", dossier, conflit=choisi.pk)
        if fait:
            messages.success(request, f"Le conflit de {choisi.compte.nom_complet} est levé.")
            return redirect("equipe_conflits", dossier.reference)
    a_confier = dossier.agent_id is None and dossier.balle == Balle.AGENT and droits.peut("dossier.attribuer")
    contexte = {"dossier": dossier, "form": form, "vivants": vivants, "a_confier": a_confier}
    return render(request, "espaces/equipe_conflits.html", contexte)
