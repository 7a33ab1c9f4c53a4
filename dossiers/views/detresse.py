"""Signaler une détresse : pour tout rôle, avec ou sans numéro de dossier. Les lignes d'aide d'abord."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comptes.langue import dans_sa_langue
from comptes.models import Role
from dossiers import acces
from dossiers.models import Alerte, Dossier
from dossiers.pages import FormulaireActe, personne_de, soumettre
from dossiers.recherche import MOTIF_REFERENCE
from referentiels import lecture as referentiels
from socle import horloge

BASES = {Role.PRESTATAIRE: "base_prestataire.html", Role.CLINICIEN: "base_clinicien.html"}
INCONNU = "Vous n'avez pas de dossier de ce numéro. Vérifiez-le, ou laissez la case vide."


class FormulaireDetresse(FormulaireActe):
    """Le numéro de dossier, facultatif, et ce qu'il faut savoir pour rappeler."""

    reference = forms.CharField(
        label="Numéro de dossier",
        required=False,
        max_length=20,
        help_text="Huit signes, par exemple 8F3K-2M7Q. Sans lui, nous ne pouvons aviser personne.",
    )
    precision = forms.CharField(
        label="Ce qu'il faut savoir pour rappeler",
        required=False,
        max_length=120,
        help_text="Un numéro, un moment. Aucun détail médical.",
    )

    def clean_reference(self) -> str:
        """Met la référence en forme; refuse ce qui n'en est pas une."""
        lue = "".join(self.cleaned_data["reference"].upper().replace("-", " ").split())
        if lue and not MOTIF_REFERENCE.match(lue):
            raise forms.ValidationError(INCONNU)
        return f"{lue[:4]}-{lue[4:]}" if lue else ""


def _dossier(form: FormulaireDetresse, personne: object) -> Dossier | None:
    """Le dossier nommé et visible; celui de la personne elle-même si elle ne nomme rien."""
    from comptes.models import Compte

    if not isinstance(personne, Compte):
        return None
    reference = form.cleaned_data["reference"]
    dossiers = Dossier.objects.visibles_par(personne, "alerte.signaler")
    if reference:
        trouve: Dossier | None = dossiers.filter(reference=reference).first()
        if trouve is None:
            form.add_error("reference", INCONNU)
        return trouve
    return dossiers.first() if personne.role == Role.PRESTATAIRE else None


@dans_sa_langue
@require_http_methods(["GET", "POST"])
def signaler(request: HttpRequest) -> HttpResponse:
    """Pose l'alerte au dossier s'il y en a un; dit toujours qui appeler maintenant et ce qui suit."""
    personne = personne_de(request)
    jour = horloge.aujourd_hui()
    peut_nommer = bool(acces._alternatives(personne, "alerte.signaler")) and personne.role != Role.PRESTATAIRE
    form = FormulaireDetresse(request.POST or None)
    fait, dossier = False, None
    if request.method == "POST" and form.is_valid():
        dossier = _dossier(form, personne)
        if dossier is not None:
            fait, _ = soumettre(
                request, form, "signaler_alerte", dossier,
                code=Alerte.Code.DETRESSE, precision=form.cleaned_data["precision"],
            )  # fmt: skip
        else:
            fait = form.is_valid()
    contexte = {
        "base": BASES.get(Role(personne.role), "base_personnel.html"),
        "form": form,
        "fait": fait,
        "dossier": dossier,
        "peut_nommer": peut_nommer,
        "crises": referentiels.lignes_aide(jour, crise=True),
        "aides": referentiels.lignes_aide(jour, crise=False),
    }
    return render(request, "dossiers/detresse.html", contexte)
