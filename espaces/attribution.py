"""Confier des dossiers cochés à un agent : le même formulaire pour le chef et pour l'agent, la charge à l'appui."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django import forms

from comptes import absences
from comptes.models import Compte, Role
from dossiers import affectations
from dossiers.charges import avec_charge, charges
from dossiers.forms import ligne
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe
from dossiers.porte import DejaFait, executer
from socle import horloge
from socle.dates_en_mots import date_moyenne
from socle.refus import Refus

AGENTS_MAX = 200  # agents offerts


def agents_presents(bureau_id: int | None) -> list[Compte]:
    """Agents actifs et présents de ce bureau; personne si le bureau manque."""
    if bureau_id is None:
        return []
    presents = absences.presents(horloge.aujourd_hui())
    agents = Compte.objects.filter(presents, role=Role.AGENT, is_active=True, bureau_id=bureau_id)
    return list(agents.order_by("nom", "prenom", "pk")[:AGENTS_MAX])


def en_une_ligne(dossier: Dossier) -> str:
    """De quoi choisir sans rouvrir la file : « Anne Côté, 8F3K-2M7Q · à Rosalie Fictif · avant le 3 décembre 2026 »."""
    qui = f"à {dossier.agent.nom_complet}" if dossier.agent is not None else "sans responsable"
    quand = f" · avant le {date_moyenne(dossier.avant_le)}" if dossier.avant_le else ""
    return f"{dossier.prestataire.nom_complet}, {dossier.reference} · {qui}{quand}"


def confies_en_mots(faits: int) -> str:
    """« 3 dossiers confiés. »"""
    pluriel = "s" if faits > 1 else ""
    return f"{faits} dossier{pluriel} confié{pluriel}."


class FormulaireAttribution(FormulaireActe):
    """Dossiers cochés et agent à qui les confier."""

    dossiers = forms.MultipleChoiceField(label="Dossiers", widget=forms.CheckboxSelectMultiple)
    agent = forms.ChoiceField(label="Confier à")
    motif = ligne("Pourquoi?", requis=False)
    lus = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, page: list[Dossier], bureau_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agents = {str(un.pk): un for un in agents_presents(bureau_id)}
        self.page = {un.reference: un for un in page}
        portees = charges(bureau_id) if page else {}
        noms = [(cle, avec_charge(un, portees.get(un.pk, 0))) for cle, un in self.agents.items()]
        for nom, choix in (
            ("agent", [("", "Choisir un agent"), *noms]),
            ("dossiers", [(un.reference, en_une_ligne(un)) for un in page]),
        ):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = choix

    @property
    def lus_maintenant(self) -> str:
        """À qui est chaque dossier de la page : renvoyé tel quel, pour ne rien écrire par-dessus un autre onglet."""
        return " ".join(f"{reference}={affectations.marque_agent(un)}" for reference, un in self.page.items())

    def affectation_lue(self, reference: str) -> str:
        """La marque que la page montrait pour ce dossier; vide si elle ne la disait pas."""
        lus = dict(un.split("=", 1) for un in self.cleaned_data["lus"].split() if "=" in un)
        return lus.get(reference, "")


def attribuer(acteur: Compte, form: FormulaireAttribution) -> int:
    """Confie chaque dossier coché; un dossier refusé est dit, les autres sont confiés."""
    lues, faits = form.cleaned_data, 0
    for reference in lues["dossiers"]:
        cle = uuid5(form.jeton, reference) if form.jeton else None
        try:
            executer(
                "attribuer_dossier", acteur=acteur, dossier=form.page[reference], cle=cle,
                agent=form.agents[lues["agent"]], motif=lues["motif"], affectation_lue=form.affectation_lue(reference),
            )  # fmt: skip
        except DejaFait:
            pass
        except affectations.AffectationChangee:
            form.add_error(
                "dossiers", f"{reference} a changé de mains pendant ce temps. Relisez la liste, puis recommencez."
            )
            continue
        except Refus as refus:
            form.add_error("dossiers", f"{reference} : {refus.message}")
            continue
        faits += 1
    return faits
