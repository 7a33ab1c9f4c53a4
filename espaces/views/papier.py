"""Saisir un SR-2100 reçu sur papier. Un second rapport est toujours reçu : c'est une version de plus."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dossiers.forms import FormulaireInvitation, ligne, zone
from dossiers.pages import contexte, entrer, soumettre
from formulaires.regles import DUREE_INCOHERENTE, duree_incoherente
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate

AUTRES = 4
DUREES = (("mois", "En mois"), ("permanente", "Permanente"), ("indeterminee", "Indéterminée"))
CONTRAINTES = (("severe", "Sévère"), ("temporaire", "Temporaire"))


class FormulairePapier(FormulaireInvitation):
    """Le papier, dans son ordre : signataire, diagnostics, limitations, durée, contrainte, justification."""

    signe_le = ChampDate(label="Date écrite près de la signature")
    diagnostic_0 = ligne("Diagnostic principal", maximum=300)
    duree_type = forms.ChoiceField(label="Durée des limitations", choices=DUREES, widget=forms.RadioSelect)
    duree_mois = forms.IntegerField(label="Si en mois, combien?", required=False, min_value=1, max_value=1200)
    contrainte = forms.ChoiceField(label="Contrainte", choices=CONTRAINTES, widget=forms.RadioSelect)
    effet_cumulatif = forms.BooleanField(label="Plusieurs problèmes s'aggravent l'un l'autre", required=False)
    deterioration = forms.BooleanField(label="L'état s'est détérioré depuis le dernier rapport", required=False)
    justification = zone("Justification", requis=False)
    maintenir = forms.BooleanField(
        label="Le papier dit bien « sévère » avec moins de 12 mois; je le saisis tel quel", required=False
    )

    def preparer(self) -> None:
        jour = horloge.aujourd_hui()
        self.fields["clinicien"].label = "Professionnel qui a signé"
        self.fields["clinicien"].help_text = "Son courriel, son numéro de permis ou son nom."
        for rang in range(1, AUTRES + 1):
            self.fields[f"diagnostic_{rang}"] = ligne(f"Autre diagnostic {rang}", requis=False, maximum=300)
        niveaux = [("", "Non évalué"), *((un.code, un.libelle) for un in referentiels.niveaux(jour))]
        self.domaines = referentiels.domaines(jour)
        for domaine in self.domaines:
            self.fields[f"limitation_{domaine.code}"] = forms.ChoiceField(
                label=domaine.libelle, choices=niveaux, required=False
            )
        limitations = [f"limitation_{domaine.code}" for domaine in self.domaines]
        self.champs_acte = {"diagnostics": "diagnostic_0", "limitations": limitations[0], "duree": "duree_mois"}
        diagnostics = [f"diagnostic_{rang}" for rang in range(AUTRES + 1)]
        self.order_fields(["clinicien", "signe_le", *diagnostics, *limitations])

    def clean_signe_le(self) -> Any:
        """Rend la date du papier; une signature n'est pas dans l'avenir."""
        jour = self.cleaned_data["signe_le"]
        if jour > horloge.aujourd_hui():
            raise forms.ValidationError("Cette date est dans l'avenir. Écrivez la date du papier.")
        if not referentiels.titres(jour):
            raise forms.ValidationError("Vérifiez l'année : personne ne pouvait signer ce rapport à cette date.")
        return jour

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        if lues.get("duree_type") == "mois" and not lues.get("duree_mois") and "duree_mois" not in self.errors:
            self.add_error("duree_mois", "Écrivez le nombre de mois.")
        if not any(lues.get(f"limitation_{domaine.code}") for domaine in self.domaines):
            self.add_error(f"limitation_{self.domaines[0].code}", "Choisissez au moins une limitation.")
        return lues

    def donnees(self) -> dict[str, Any]:
        lues = self.cleaned_data
        diagnostics = [lues[f"diagnostic_{rang}"].strip() for rang in range(AUTRES + 1)]
        duree: dict[str, Any] = {"type": lues["duree_type"]}
        if lues["duree_type"] == "mois":
            duree["mois"] = lues["duree_mois"]
        return {
            "clinicien": lues["clinicien"],
            "signe_le": lues["signe_le"],
            "diagnostics": [
                {"libelle": texte, "principal": rang == 0} for rang, texte in enumerate(diagnostics) if texte
            ],
            "limitations": [
                {"domaine": domaine.code, "niveau": lues[f"limitation_{domaine.code}"]}
                for domaine in self.domaines
                if lues[f"limitation_{domaine.code}"]
            ],
            "duree": duree,
            "contrainte": lues["contrainte"],
            "effet_cumulatif": lues["effet_cumulatif"],
            "deterioration": lues["deterioration"],
            "justification": lues["justification"],
            "maintenir_malgre": [DUREE_INCOHERENTE] if lues["maintenir"] else [],
        }


def _incoherent(form: FormulairePapier) -> bool:
    """Vrai si le papier envoyé dit « sévère » et une durée sous le seuil : la page offre de le garder tel quel."""
    lues = getattr(form, "cleaned_data", {})
    seuil = int(referentiels.regle("duree_severe_mois", lues.get("signe_le") or horloge.aujourd_hui()))
    duree = {"type": lues.get("duree_type"), "mois": lues.get("duree_mois")}
    return duree_incoherente({"contrainte": lues.get("contrainte"), "duree": duree}, seuil)


def saisir(request: HttpRequest, reference: str) -> HttpResponse:
    """Saisit le papier champ par champ; titre et permis sont jugés à la date écrite sur le papier."""
    dossier, droits = entrer(request, reference)
    if not droits.peut("sr2100.saisir") or dossier.courante_lue is None:
        raise Http404
    form = FormulairePapier(request.POST or None, dossier=dossier, personne=droits.personne)
    if request.method == "POST" and form.is_valid():
        fait, _ = soumettre(request, form, "saisir_sr2100_papier", dossier, **form.donnees())
        if fait:
            messages.success(request, "Le rapport médical est au dossier.")
            return redirect("dossier_sommaire", dossier.reference)
    donnees = contexte(request, dossier, droits) | {
        "form": form,
        "diagnostics": [form[f"diagnostic_{rang}"] for rang in range(AUTRES + 1)],
        "limitations": [form[f"limitation_{domaine.code}"] for domaine in form.domaines],
        "incoherent": _incoherent(form),
    }
    return render(request, "espaces/agent_papier.html", donnees)
