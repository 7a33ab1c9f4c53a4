"""Jouer un geste : une page, un formulaire, un acte; une page d'arrêt avant ce qui ne se reprend pas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from correspondance.models import TacheHumaine
from dossiers import affectations, choix, gestes, lettres
from dossiers.faits import FaitsDossier
from dossiers.forms import FormulaireAffectation, FormulaireDemander, FormulaireGeste, ligne
from dossiers.models import Dossier
from dossiers.pages import contexte, deja_recue, entrer, personne_de, soumettre
from socle import horloge
from socle.pages import page_conflit

CONFIRME = "confirme"


def reprises(request: HttpRequest) -> list[tuple[str, str]]:
    """Ce qui vient d'être écrit, à reporter tel quel sur la page d'arrêt."""
    return [
        (nom, valeur)
        for nom, valeurs in request.POST.lists()
        if nom not in ("csrfmiddlewaretoken", CONFIRME)
        for valeur in valeurs
    ]


def _apercu(geste: gestes.Geste, form: FormulaireGeste) -> dict[str, Any]:
    """Ce que dira la lettre, avant de l'envoyer."""
    if geste.code != "demander":
        return {}
    donnees = form.donnees()
    a_la_clinique = donnees["a"].pk != form.dossier.prestataire_id and donnees["a"].role == "clinicien"
    clinique = form.clinique if isinstance(form, FormulaireDemander) and form.tout_de_la_clinique() else None
    return {
        # La clinique d'abord : choisie, la page dit pourquoi; écartée, elle dit que c'était possible.
        "clinique_d_abord": clinique is not None and a_la_clinique,
        "clinique_possible": None if a_la_clinique else clinique,
        "destinataire": choix.en_mots(donnees["a"]),
        "elements": lettres.elements_en_clair(donnees["elements"], horloge.aujourd_hui()),
        "a_la_clinique": a_la_clinique,
    }


@require_http_methods(["GET", "POST"])
def jouer(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Page d'un geste. Non permis au rôle : 404. Non permis par l'état : dit, avec le chemin du retour."""
    geste = gestes.PAR_CODE.get(code)
    if geste is None:
        raise Http404
    dossier, droits = entrer(request, reference)
    if not droits.peut(geste.droit) or (geste.roles and droits.personne.role not in geste.roles):
        raise Http404
    form = geste.formulaire(request.POST or None, dossier=dossier, personne=droits.personne)
    donnees = contexte(request, dossier, droits) | {
        "geste": geste,
        "form": form,
        "champs": list(form.visible_fields()),
        "possible": gestes.permis(geste, droits, FaitsDossier.charger(dossier)),
    }
    if request.method == "POST" and not geste.gabarit and deja_recue(request, form, geste.acte, dossier):
        return _fait(request, geste, dossier)
    if request.method == "POST" and form.is_valid():
        if geste.interruption and CONFIRME not in request.POST and donnees["possible"]:
            donnees |= {"reprises": reprises(request), **_apercu(geste, form)}
            return render(request, f"dossiers/arret_{geste.interruption}.html", donnees)
        try:
            fait, rendu = soumettre(request, form, geste.acte, dossier, **form.donnees())
        except affectations.AffectationChangee:
            if not isinstance(form, FormulaireAffectation):
                raise
            return page_conflit(request, form.conflit(), request.path)
        if fait and geste.gabarit:
            return render(request, geste.gabarit, donnees | {"fait": True, "rendu": rendu})
        if fait:
            return _fait(request, geste, dossier)
    return render(request, geste.gabarit or "dossiers/geste.html", donnees)


def _fait(request: HttpRequest, geste: gestes.Geste, dossier: Dossier) -> HttpResponse:
    """Dire que le geste est fait, au même endroit que l'envoi soit le premier ou le second."""
    messages.success(request, geste.succes)
    return redirect(geste.ensuite) if geste.ensuite else redirect("dossier_sommaire", dossier.reference)


class FormulaireRemise(FormulaireGeste):
    """Ce qui a été fait d'une lettre que la machine n'a pas remise."""

    note = ligne("Ce qui a été fait", aide="Par exemple : « Appelée le 18 août; lettre remise au comptoir ».")


@require_http_methods(["GET", "POST"])
def tache_de_lettre(request: HttpRequest, reference: str, tache: int) -> HttpResponse:
    """Clôt une tâche née d'une lettre non remise."""
    dossier, droits = entrer(request, reference, "lettre.lire")
    if not droits.peut("reception.prouver"):
        raise Http404
    visee = get_object_or_404(TacheHumaine, pk=tache, lettre__dossier=dossier, close_le__isnull=True)
    form = FormulaireRemise(request.POST or None, dossier=dossier, personne=droits.personne)
    if request.method == "POST" and form.is_valid():
        fait, _ = soumettre(
            request, form, "clore_tache_de_lettre", dossier, tache=visee.pk, note=form.cleaned_data["note"]
        )
        if fait:
            messages.success(request, "C'est noté au dossier.")
            return redirect("dossier_lettres", dossier.reference)
    donnees = contexte(request, dossier, droits, "dossier_lettres") | {"form": form, "tache": visee}
    return render(request, "dossiers/tache_lettre.html", donnees)


@require_POST
def masquer_identite(request: HttpRequest, reference: str) -> HttpResponse:
    """Masque ou montre le nom de la personne à l'écran, pour cette séance."""
    dossier: Dossier
    dossier, _ = entrer(request, reference)
    request.session["masque"] = request.POST.get("masque") == "oui" and personne_de(request).est_personnel
    return redirect("dossier_sommaire", dossier.reference)


__all__ = ["jouer", "masquer_identite", "tache_de_lettre"]
