"""Formulaires des gestes d'équipe : dossier en double, conflit d'intérêts, et la réponse du chef."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from dossiers.actes import conflits, fusions
from dossiers.forms import FormulaireGeste, ligne, radios, zone
from dossiers.models import Dossier
from dossiers.recherche import MOTIF_REFERENCE, ressemblances

INCONNU = "Aucun dossier de votre bureau n'a ce numéro. Vérifiez-le."


class FormulaireFusion(FormulaireGeste):
    """Le dossier à garder, et ce qui montre que c'est la même personne."""

    parmi = radios("Quel dossier garder?", requis=False)
    cible = ligne("Numéro du dossier à garder", maximum=20, aide="Par exemple : 8F3K-2M7Q.")
    motif = zone(
        "Comment savez-vous que c'est la même personne?",
        maximum=fusions.MOTIF_MAX,
        rangs=3,
        aide="Par exemple : « Même NAM; nom de naissance dans l'ancien dossier, confirmé au téléphone le 18 août ».",
    )

    def preparer(self) -> None:
        """Offre les dossiers qui ressemblent à celui-ci, avec pourquoi; rien n'est coché d'avance."""
        super().preparer()
        ressemblants = self._ressemblants()
        self.proches = {un.reference: un for un, _ in ressemblants}
        parmi = self.fields["parmi"]
        if not ressemblants or not isinstance(parmi, forms.ChoiceField):
            del self.fields["parmi"]
            return
        parmi.choices = [
            (un.reference, f"{un.prestataire.nom_complet}, {un.reference} : {', '.join(raisons)}")
            for un, raisons in ressemblants
        ]
        self.fields["cible"].required = False
        self.fields["cible"].label = "Ou le numéro d'un autre dossier"

    def _ressemblants(self) -> list[tuple[Dossier, list[str]]]:
        dossier, qui = self.dossier, self.dossier.prestataire
        trouves = ressemblances(
            qui.nom, qui.prenom, naissance=dossier.naissance, nam=dossier.nam, nas=dossier.nas,
            telephone=qui.telephone, adresse=qui.adresse, sauf=dossier.pk,
        )  # fmt: skip
        siens = Dossier.objects.visibles_par(self.personne).filter(pk__in=[un.pk for un, _ in trouves])
        vus = set(siens.values_list("pk", flat=True))
        return [(un, raisons) for un, raisons in trouves if un.pk in vus]

    def clean(self) -> dict[str, Any]:
        """Un seul dossier à garder : celui qui est coché, ou celui dont le numéro est écrit."""
        lues = super().clean() or self.cleaned_data
        choisi = self.proches.get(lues.pop("parmi", "") or "")
        ecrit = lues.get("cible")
        if choisi is not None and ecrit is not None and ecrit != choisi:
            self.add_error("cible", "Vous avez coché un dossier et écrit le numéro d'un autre. Gardez l'un des deux.")
        elif choisi is not None:
            lues["cible"] = choisi
        elif ecrit is None and "cible" not in self.errors:
            self.add_error("cible", "Cochez un dossier, ou écrivez le numéro de celui à garder.")
        return lues

    def clean_cible(self) -> Dossier | None:
        """Le dossier de ce numéro, parmi ceux que la personne voit."""
        if not self.cleaned_data["cible"]:
            return None
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
