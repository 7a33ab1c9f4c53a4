"""Imprimer la trousse : la personne, son agent ou sa personne-ressource choisit ce qui y entre, et la langue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from comptes.models import PAR_MANDAT, Role
from correspondance.signaux import telephone
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.actes.lectures import consigner_lectures
from dossiers.actes.trousse import DU_RAPPORT
from dossiers.codes import CodeEmis
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, entrer, soumettre
from dossiers.porte import executer
from espaces.trousse import Partie, parties
from espaces.views.suivi import commun, mien
from referentiels import lecture as referentiels
from socle import horloge, pdf

PANNE = "La trousse n'a pas pu être faite. Réessayez dans un moment. Si vous aviez demandé un code, faites-en un autre."
DEJA = "Cette trousse a déjà été faite, et son code ne se remontre pas. Faites-en une autre."
SANS_CODE = (
    "Un code ne peut plus s'ajouter : l'accord de joindre la clinique a été retiré. "
    "Imprimez la trousse sans code, ou notez de nouveau cet accord."
)


class TrousseForm(FormulaireActe):
    """Ce qui entre dans la trousse; rien n'est coché d'avance."""

    parties = forms.MultipleChoiceField(
        label="Qu'est-ce que la clinique peut lire ?",
        help_text="Rien n'est obligatoire. Une trousse sans histoire explique quand même le formulaire.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    langue = forms.ChoiceField(
        label="Langue de la trousse",
        choices=(("fr", "Français"), ("en", "Anglais")),
        widget=forms.RadioSelect,
        initial="fr",
    )
    avec_code = forms.BooleanField(
        label="Ajouter un code qui ouvre le rapport", help_text="Il remplace un code d'avant.", required=False
    )
    accord = forms.BooleanField(
        label="La personne est d'accord avec ce qui est coché",
        error_messages={"required": "Demandez-lui, puis cochez qu'elle est d'accord."},
    )

    def __init__(self, *args: Any, offertes: list[Partie], a_soi: bool, code_permis: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["parties"]
        assert isinstance(champ, forms.MultipleChoiceField)  # noqa: S101 - pour le vérificateur de types
        champ.choices = [(une.code, une.titre) for une in offertes]
        if not offertes:
            del self.fields["parties"]
        if not code_permis:
            del self.fields["avec_code"]
        if a_soi:
            del self.fields["accord"]

    def clean(self) -> dict[str, Any]:
        """Un code demandé sur une page ouverte avant le retrait de l'accord ne s'oublie pas en silence."""
        lues = super().clean() or self.cleaned_data
        if "avec_code" not in self.fields and self.data.get("avec_code"):
            raise forms.ValidationError(SANS_CODE)
        return lues


def _faire(
    request: HttpRequest, dossier: Dossier, form: TrousseForm, offertes: list[Partie], droits: Droits, *, a_soi: bool
) -> HttpResponse | None:
    """Le PDF, ou None si un refus s'est posé sur le formulaire ou si le rendu manque."""
    lues, emis = form.cleaned_data, None
    if lues.get("avec_code"):
        fait, emis = soumettre(request, form, "emettre_code", dossier)
        if not fait:
            return None
        if emis is None:
            form.add_error(None, DEJA)
            return None
    choisies = [une for une in offertes if une.code in lues.get("parties", ())]
    _consigner(droits, dossier, choisies)
    try:
        octets = pdf.rendre(page(dossier, choisies, lues["langue"], emis, a_soi=a_soi))
    except pdf.RenduImpossible:
        form.add_error(None, PANNE)
        return None
    executer(
        "imprimer_trousse",
        acteur=droits.personne,
        dossier=dossier,
        parties=[une.code for une in choisies],
        langue=lues["langue"],
        accord=None if a_soi else True,
    )
    entetes = {"Content-Disposition": 'inline; filename="trousse.pdf"', "Cache-Control": "no-store, private"}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)


def _consigner(droits: Droits, dossier: Dossier, lues: list[Partie]) -> None:
    """Une ligne au journal par formulaire dont ces parties viennent."""
    quoi = {"sr2100" if une.code in DU_RAPPORT else "sr2105" for une in lues}
    consigner_lectures(droits.personne, dossier, [(un, "") for un in sorted(quoi)])


def page(dossier: Dossier, choisies: list[Partie], langue: str, emis: CodeEmis | None, *, a_soi: bool) -> str:
    """La trousse en HTML, prête pour le moteur PDF; ce que dit le rapport y est à part."""
    jour = horloge.aujourd_hui()
    contexte = {
        "dossier": dossier,
        "parties": choisies,
        "miennes": [(une.nom(langue), une.texte) for une in choisies if une.code not in DU_RAPPORT],
        "du_rapport": [(une.nom(langue), une.texte) for une in choisies if une.code in DU_RAPPORT],
        "langue_personne": "en-CA" if dossier.prestataire.langue == "en" else "fr-CA",
        "a_soi": a_soi,
        "emis": emis,
        "jour": jour,
        "langue": langue,
        "titres": [t.dit("libelle", langue) for t in referentiels.titres(jour) if t.peut_signer_sr2100],
        "telephone": telephone(),
    }
    with translation.override("en" if langue == "en" else "fr-ca"):
        return render_to_string(f"espaces/trousse_{langue}.html", contexte)


def _jouer(
    request: HttpRequest, dossier: Dossier, droits: Droits, *, a_soi: bool
) -> tuple[TrousseForm, list[Partie], HttpResponse | None]:
    if dossier.courante_lue is None or not droits.peut("clinicien.inviter"):
        raise Http404
    offertes = parties(dossier, droits)
    form = TrousseForm(
        request.POST if request.method == "POST" else None,
        offertes=offertes,
        a_soi=a_soi,
        code_permis=consentement_vivant(dossier, JOINDRE),
    )
    fait = (
        _faire(request, dossier, form, offertes, droits, a_soi=a_soi)
        if request.method == "POST" and form.is_valid()
        else None
    )
    if fait is None and not a_soi:  # la page elle-même montre les textes offerts
        _consigner(droits, dossier, offertes)
    return form, offertes, fait


@require_http_methods(["GET", "POST"])
def la_mienne(request: HttpRequest) -> HttpResponse:
    """La personne fait sa trousse."""
    dossier, droits = mien(request)
    if dossier.courante_lue is None:
        messages.info(request, "Faites d'abord une demande; la trousse viendra ensuite.")
        return redirect("suivi")
    form, offertes, fait = _jouer(request, dossier, droits, a_soi=True)
    if fait is not None:
        return fait
    return render(request, "espaces/suivi_trousse.html", commun(dossier, form=form, offertes=offertes))


@require_http_methods(["GET", "POST"])
def d_un_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """L'agent ou la personne-ressource fait la trousse avec la personne."""
    dossier, droits = entrer(request, reference, "clinicien.inviter")
    if droits.personne.role not in (Role.AGENT, *PAR_MANDAT):
        raise Http404
    form, offertes, fait = _jouer(request, dossier, droits, a_soi=False)
    if fait is not None:
        return fait
    accueil = "organisme_dossier" if droits.personne.role in PAR_MANDAT else "dossier_sommaire"
    contexte = {
        "dossier": dossier,
        "form": form,
        "offertes": offertes,
        "url_retour": reverse(accueil, args=[reference]),
    }
    return render(request, "espaces/trousse.html", contexte)
