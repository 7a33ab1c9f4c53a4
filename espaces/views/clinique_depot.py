"""Déposer la demande avec la personne présente, en une visite, puis aller droit au rapport.

L'accord oral se lit à la personne et se note. Nul n'entre par ici dans un dossier qui existe : un code de
patient l'ouvrirait. Source : `cas/LISEZMOI.md` (`deposer_demande` par le clinicien); étude SOM, obstacles 4 à 9.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes import essais
from comptes.lecture import peut_signer_rapport
from comptes.models import Bureau, Compte
from correspondance.signaux import telephone
from dossiers.actes.demandes import deposer_en_presence
from dossiers.models import Dossier
from dossiers.porte import DejaFait
from dossiers.views.nouveau import FormulaireIdentite
from espaces.views.clinique import clinicienne_de
from espaces.views.clinique_code import adresse_de, echu_le, pourquoi_sans_permis
from formulaires.saisie import lignes_ecrites
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampTelephone
from socle.pages import poser_refus
from socle.refus import Refus

USAGE = "personne-presente"
PEUT_ETRE_DEJA = (
    "La demande n'a pas été déposée. Si la personne a déjà un dossier, un code patient ouvre son rapport; "
    "elle peut en faire un, ou son bureau."
)


class DepotForm(FormulaireIdentite):
    """Qui est la personne, comment la joindre, et son accord, dit de vive voix."""

    telephone = ChampTelephone(label="Téléphone de la personne")
    adresse = forms.CharField(
        label="Adresse postale",
        help_text="Une adresse sûre pour la personne. Ce peut être celle d'un organisme ou d'un proche.",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    bureau = forms.ModelChoiceField(
        Bureau.objects.none(),
        label="Bureau le plus proche",
        empty_label="Choisir un bureau",
        error_messages={"required": "Choisissez un bureau."},
    )
    presente = forms.BooleanField(
        label="La personne est devant moi et veut déposer cette demande",
        error_messages={"required": "Cette demande se dépose avec la personne présente."},
    )
    accord = forms.BooleanField(
        label="Je lui ai lu ce texte, et elle est d'accord",
        error_messages={"required": "Lisez-lui le texte, puis cochez si elle est d'accord."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["bureau"]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 - pour le vérificateur de types
        champ.queryset = Bureau.objects.order_by("nom")

    def clean(self) -> dict[str, Any]:
        """Un NAM qui surprend arrête l'envoi une fois; rien n'empêche de le garder."""
        lues = super().clean() or self.cleaned_data
        self.reserver_le_nam("déposez de nouveau")
        return lues


def _deposer(request: HttpRequest, clinicien: Compte, form: DepotForm) -> Dossier | datetime | None:
    """Le dossier ouvert; la fin de la pause; ou None, l'empêchement dit au formulaire."""
    lues, comptees = form.cleaned_data, essais.sources(USAGE, clinicien, adresse_de(request))
    pause = essais.fin_de_pause(comptees)
    if pause is not None:
        return pause
    try:
        dossier = deposer_en_presence(
            clinicien,
            personne={nom: lues[nom] for nom in ("prenom", "nom", "telephone", "adresse")},
            identite={"nam": lues["nam"], "naissance": lues["naissance"], "region": lues["bureau"].region},
            bureau_id=lues["bureau"].pk,
            cle=form.jeton,
        )
    except DejaFait as deja:
        return deja.entree.dossier
    except Refus as refus:
        poser_refus(form, refus)
        return None
    if dossier is None:
        form.add_error(None, PEUT_ETRE_DEJA)
        return essais.rater(USAGE, clinicien, comptees)
    return dossier


@require_http_methods(["GET", "POST"])
def deposer(request: HttpRequest) -> HttpResponse:
    """Identité, accord oral, dépôt; puis le rapport s'ouvre, ou le dossier si le titre ne signe pas."""
    personne, jour = clinicienne_de(request), horloge.aujourd_hui()
    permis = pourquoi_sans_permis(personne)
    form = DepotForm(request.POST if request.method == "POST" else None)
    issue = _deposer(request, personne, form) if request.method == "POST" and not permis and form.is_valid() else None
    if isinstance(issue, Dossier):
        messages.success(
            request,
            f"La demande est déposée et datée. Notez à la personne son numéro de dossier : {issue.reference}. "
            "Un accusé de réception partira.",
        )
        suite = "sr2100" if peut_signer_rapport(personne, jour) else "clinique_dossier"
        return redirect(suite, issue.reference)
    contexte = {
        "form": form,
        "permis": permis,
        "echu_le": echu_le(personne) if permis == "echu" else None,
        "ecrit": lignes_ecrites(form) if permis and request.method == "POST" else [],
        "pause": issue,
        "consentement": referentiels.objet_consentement("joindre_clinicien", jour),
        "telephone": telephone(),
    }
    return render(request, "espaces/clinique_depot.html", contexte, status=429 if issue is not None else 200)
