"""Signaler une détresse : pour tout rôle, avec ou sans numéro de dossier. Les lignes d'aide d'abord.

Qui signale lit le nom de qui rappelle aujourd'hui. Un numéro inconnu et un dossier qu'on ne voit pas répondent pareil.
"""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comptes.langue import dans_sa_langue
from comptes.models import Compte, Role
from dossiers.actes.alertes import signaler_sans_dossier
from dossiers.models import Alerte, Dossier
from dossiers.pages import FormulaireActe, personne_de, soumettre
from dossiers.recherche import MOTIF_REFERENCE
from referentiels import lecture as referentiels
from socle import horloge

BASES = {Role.PRESTATAIRE: "base_prestataire.html", Role.CLINICIEN: "base_clinicien.html"}
ILLISIBLE = "Un numéro de dossier a huit signes. Vérifiez-le, ou laissez la case vide."


class FormulaireDetresse(FormulaireActe):
    """Le numéro de dossier, facultatif, et ce qu'il faut savoir pour rappeler."""

    reference = forms.CharField(
        label="Numéro de dossier",
        required=False,
        max_length=20,
        help_text="Huit signes, par exemple 8F3K-2M7Q. Vous ne l'avez pas ? Laissez vide.",
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
            raise forms.ValidationError(ILLISIBLE)
        return f"{lue[:4]}-{lue[4:]}" if lue else ""


def _dossier(reference: str, personne: Compte) -> Dossier | None:
    """Le dossier nommé et visible; celui de la personne elle-même."""
    dossiers = Dossier.objects.visibles_par(personne, "alerte.signaler").filter(fusionne_dans__isnull=True)
    if personne.role == Role.PRESTATAIRE:
        sien: Dossier | None = dossiers.first()
        return sien
    trouve: Dossier | None = dossiers.filter(reference=reference).first() if reference else None
    return trouve


def _signaler(request: HttpRequest, form: FormulaireDetresse, personne: Compte) -> tuple[bool, Compte | None, bool]:
    """Signale; rend (fait, qui rappelle, un dossier porte l'alerte)."""
    reference, precision = form.cleaned_data["reference"], form.cleaned_data["precision"]
    dossier = _dossier(reference, personne)
    if dossier is None:
        sans = signaler_sans_dossier(personne, reference=reference, precision=precision, cle=form.jeton or uuid4())
        return True, sans.pour, False
    fait, alerte = soumettre(request, form, "signaler_alerte", dossier, code=Alerte.Code.DETRESSE, precision=precision)
    if fait and alerte is None:  # un second envoi de la même page
        alerte = Alerte.objects.filter(dossier=dossier, code=Alerte.Code.DETRESSE, close_le__isnull=True).first()
    return fait, alerte.pour if alerte is not None else None, True


@dans_sa_langue
@require_http_methods(["GET", "POST"])
def signaler(request: HttpRequest) -> HttpResponse:
    """Confie la détresse à une personne nommée; dit toujours qui appeler maintenant et ce qui suit."""
    personne = personne_de(request)
    jour = horloge.aujourd_hui()
    form = FormulaireDetresse(request.POST or None)
    fait, pour, au_dossier = False, None, False
    if request.method == "POST" and form.is_valid():
        fait, pour, au_dossier = _signaler(request, form, personne)
    contexte = {
        "base": BASES.get(Role(personne.role), "base_personnel.html"),
        "form": form,
        "fait": fait,
        "pour": pour,
        "au_dossier": au_dossier,
        "elle_meme": personne.role == Role.PRESTATAIRE,
        "crises": referentiels.lignes_aide(jour, crise=True),
        "aides": referentiels.lignes_aide(jour, crise=False),
    }
    return render(request, "dossiers/detresse.html", contexte)
