"""Le chef d'un bureau remet tous les dossiers d'un agent à des collègues présents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comptes.models import Compte, Role, Unite
from dossiers.charges import avec_charge, charges
from dossiers.pages import FormulaireActe
from espaces import attribution
from espaces.passation import LOT, Remise, nombre, remettre
from espaces.views.equipe import chef_de
from socle.composants import Ligne


class FormulairePassation(FormulaireActe):
    """De qui, et à qui."""

    de = forms.ChoiceField(label="De qui remettre les dossiers?")
    vers = forms.MultipleChoiceField(label="À qui les confier?", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, agents: list[Compte], presents: list[Compte], charges: dict[int, int], **kw: Any):
        super().__init__(*args, **kw)
        self.agents = {str(un.pk): un for un in agents}
        self.presents = {str(un.pk): un for un in presents}
        for nom, choix, tete in (("de", self.agents, [("", "Choisir un agent")]), ("vers", self.presents, [])):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                dits = [(cle, avec_charge(un, charges.get(un.pk, 0))) for cle, un in choix.items()]
                champ.choices = [*tete, *dits]

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        if lues.get("de") and lues.get("de") in lues.get("vers", []):
            self.add_error("vers", "Cochez d'autres personnes que celle dont les dossiers sont remis.")
        return lues


def _agents(bureau_id: int | None) -> list[Compte]:
    """Tous les agents du bureau, absents et comptes fermés compris : ce sont souvent leurs dossiers qu'on remet."""
    if bureau_id is None:
        return []
    agents = Compte.objects.filter(role=Role.AGENT, bureau_id=bureau_id)
    return list(agents.order_by("nom", "prenom", "pk")[: attribution.AGENTS_MAX])


def _bilan(remise: Remise, form: FormulairePassation) -> list[Ligne]:
    """À qui combien; le bilan d'un envoi, pas de qui travaille."""
    return [
        Ligne(un.nom_complet, f"{remise.faits[un.pk]} dossier{'s' if remise.faits[un.pk] > 1 else ''}")
        for un in form.presents.values()
        if un.pk in remise.faits
    ]


@require_http_methods(["GET", "POST"])
def passation(request: HttpRequest) -> HttpResponse:
    """Choisir, confirmer sur une page d'arrêt, remettre; l'envoi se refait sans rien doubler."""
    chef = chef_de(request)
    if chef.unite != Unite.BUREAU:
        raise Http404
    portees = charges(chef.bureau_id)
    form = FormulairePassation(
        request.POST or None,
        agents=_agents(chef.bureau_id),
        presents=attribution.agents_presents(chef.bureau_id),
        charges=portees,
    )
    contexte: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        de = form.agents[form.cleaned_data["de"]]
        vers = [form.presents[un] for un in form.cleaned_data["vers"]]
        contexte |= {"de": de, "vers": vers}
        if "confirme" in request.POST:
            remise = remettre(chef, de, vers, portees, form.jeton)
            contexte |= {"remise": remise, "bilan": _bilan(remise, form)}
        else:
            contexte |= {"nombre": nombre(chef, de), "lot": LOT}
    return render(request, "espaces/equipe_passation.html", contexte)
