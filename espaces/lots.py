"""Un même geste sur plusieurs dossiers cochés : confier, relancer. Jamais une décision, jamais un état.

Chaque dossier passe par son propre acte : un refus est dit, les autres se font. Source : `ecrans-et-lettres.md` B1.1.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django import forms

from comptes.models import Compte
from dossiers.pages import FormulaireActe
from dossiers.porte import ACTES, DejaFait, executer
from espaces.attribution import en_une_ligne
from socle.refus import Refus

RELANCER = "relancer_renseignement"
ATTRIBUER = "attribuer"


def relance_possible() -> bool:
    """Vrai si la maison sait relancer une demande de renseignement."""
    return RELANCER in ACTES


class FormulaireRelances(FormulaireActe):
    """Les dossiers dont relancer ce qui est attendu."""

    dossiers = forms.MultipleChoiceField(label="Dossiers à relancer", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, page: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = {un.reference: un for un in page}
        champ = self.fields["dossiers"]
        if isinstance(champ, forms.ChoiceField):
            champ.choices = [(un.reference, en_une_ligne(un)) for un in page]


def relancer(acteur: Compte, form: FormulaireRelances) -> int:
    """Relance ce que chaque dossier coché attend; rend combien l'ont été, les refus sont au formulaire."""
    faits = 0
    for reference in form.cleaned_data["dossiers"]:
        cle = uuid5(form.jeton, reference) if form.jeton else None
        try:
            executer(RELANCER, acteur=acteur, dossier=form.page[reference], cle=cle)
        except DejaFait:
            pass
        except Refus as refus:
            form.add_error("dossiers", f"{reference} : {refus.message}")
            continue
        faits += 1
    return faits
