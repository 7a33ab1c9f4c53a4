"""Formulaires des gestes d'équipe : dossier en double, conflit d'intérêts, et la réponse du chef."""

from __future__ import annotations

import re

from django import forms

from dossiers.actes import conflits, fusions
from dossiers.forms import FormulaireGeste, ligne, zone
from dossiers.models import Dossier
from dossiers.recherche import MOTIF_REFERENCE

INCONNU = "Aucun dossier de votre bureau n'a ce numéro. Vérifiez-le."


class FormulaireFusion(FormulaireGeste):
    """Le dossier à garder, et ce qui montre que c'est la même personne."""

    cible = ligne("Numéro du dossier à garder", maximum=20, aide="Par exemple : 8F3K-2M7Q.")
    motif = zone(
        "Comment savez-vous que c'est la même personne?",
        maximum=fusions.MOTIF_MAX,
        rangs=3,
        aide="Par exemple : « Même NAM; nom de naissance dans l'ancien dossier, confirmé au téléphone le 18 août ».",
    )

    def clean_cible(self) -> Dossier:
        """Le dossier de ce numéro, parmi ceux que la personne voit."""
        compacte = re.sub(r"[\s-]", "", self.cleaned_data["cible"]).upper()
        if not MOTIF_REFERENCE.match(compacte):
            raise forms.ValidationError("Écrivez les huit signes du numéro, par exemple 8F3K-2M7Q.")
        numero = f"{compacte[:4]}-{compacte[4:]}"
        trouve: Dossier | None = Dossier.objects.visibles_par(self.personne).filter(reference=numero).first()
        if trouve is None:
            raise forms.ValidationError(INCONNU)
        if trouve.pk == self.dossier.pk:
            raise forms.ValidationError("C'est le numéro du dossier ouvert. Écrivez celui de l'autre.")
        return trouve


class FormulaireConflit(FormulaireGeste):
    """Le lien, si la personne veut le dire; seul son chef le lit."""

    motif = zone(
        "Quel est le lien?",
        requis=False,
        maximum=conflits.MOTIF_MAX,
        rangs=3,
        aide="Facultatif. Par exemple : « Une parente ». Seul votre chef d'équipe le lit.",
    )


class FormulaireRaison(FormulaireGeste):
    """Pourquoi écarter une proposition, ou séparer deux dossiers réunis."""

    raison = zone("Pourquoi?", maximum=fusions.MOTIF_MAX, rangs=3)
