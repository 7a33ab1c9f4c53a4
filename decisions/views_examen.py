"""`/dossiers/<référence>/examen/` : le médecin désigné écrit son rapport, et sait qu'il sera lu.

Source : Loi sur l'aide aux personnes et aux familles, art. 31.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.models import Role
from decisions import annexes
from dossiers.forms import ligne, zone
from dossiers.forms_pieces import AIDE, ChampFichiers, FormulaireDepot
from dossiers.models import NATURE_EXAMEN
from dossiers.pages import contexte, entrer
from dossiers.views.pieces import verser

MEDECINS = (Role.MEDECIN_CSEMS, Role.MEDECIN_DRRA)
RAPPORT_MAX = 8_000


class FormulaireExamen(FormulaireDepot):
    """Le rapport, écrit ici ou joint en PDF."""

    titre = ligne("Titre", maximum=140, aide="Par exemple : « Examen du 4 mai 2026 ».")
    texte = zone("Ce que l'examen montre", requis=False, maximum=RAPPORT_MAX, rangs=12)
    fichiers = ChampFichiers(label="Ou le rapport en fichier", required=False, help_text=AIDE)
    compris = forms.BooleanField(
        label="Je sais que la personne lira ce rapport si la décision est défavorable.",
        error_messages={"required": "Cochez cette case : la loi joint ce rapport à une décision défavorable."},
    )

    def clean(self) -> dict[str, Any]:
        """Un texte ou un fichier, l'un des deux; la nature de la pièce ne se choisit pas."""
        donnees = super().clean() or self.cleaned_data
        if not str(donnees.get("texte", "")).strip() and not donnees.get("fichiers") and "fichiers" not in self.errors:
            self.add_error("texte", "Écrivez le rapport, ou joignez-le.")
        return {**donnees, "nature": NATURE_EXAMEN}

    def textes(self, nombre: int) -> list[str]:
        """Le texte va avec la première pièce."""
        return [str(self.cleaned_data.get("texte", "")).strip(), *[""] * (nombre - 1)]


@require_http_methods(["GET", "POST"])
def examen(request: HttpRequest, reference: str) -> HttpResponse:
    """Écrire ou joindre le rapport; l'avertissement reste sous les yeux."""
    dossier, droits = entrer(request, reference)
    demande = dossier.courante_lue
    if demande is None or droits.personne.role not in MEDECINS or not droits.peut("piece.verser"):
        raise Http404
    envoi = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FormulaireExamen(*envoi, dossier=dossier, personne=droits.personne)
    if request.method == "POST" and verser(request, form):
        messages.success(request, "Le rapport d'examen est au dossier, avec les autres pièces.")
        for avis in form.avis:
            messages.info(request, avis)
        return redirect("dossier_examen", reference)
    page = contexte(request, dossier, droits) | {"form": form, "examens": annexes.examens(demande)}
    return render(request, "decisions/examen.html", page)
