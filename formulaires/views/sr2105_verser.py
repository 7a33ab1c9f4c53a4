"""Verser un SR-2105 : la version relue est celle qui part, l'autorisation se confirme, le refus se dit dans la langue.

Changer un consentement redemande un code à la personne, ici comme à « Mes autorisations » (`docs/architecture.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from dossiers.pages import soumettre
from dossiers.porte import deja_recue
from formulaires.sr2105 import accords
from formulaires.sr2105.forms import SignerSR2105Form
from formulaires.sr2105.textes import EN
from formulaires.views.reponses import adresse_retour
from formulaires.views.sr2105_commun import Travail


@dataclass(frozen=True)
class Versement:
    """Un envoi à verser : le travail, la signature, les six réponses, et la page à remontrer."""

    travail: Travail
    formulaire: SignerSR2105Form
    reponses: dict[str, str]
    montrer: Callable[[], HttpResponse]

    @property
    def a_confirmer(self) -> bool:
        """Vrai si la personne elle-même autorise les appels : elle redit d'abord qui elle est."""
        return self.travail.calme and bool(self.formulaire.cleaned_data.get("autorise"))

    def empeche(self) -> HttpResponse | None:
        """La page à remontrer : rien d'envoyé, réponses changées depuis la page, erreur, ou déjà versé."""
        travail, formulaire = self.travail, self.formulaire
        if not formulaire.is_bound:
            return self.montrer()
        if travail.brouillon is not None and formulaire.version_lue != travail.version:
            travail.dire(messages.WARNING, "change_avant_signer")
            return redirect(travail.request.path)
        if formulaire.is_valid() and travail.brouillon is None and not deja_recue(formulaire.jeton):
            formulaire.add_error(None, travail.dites["deja_versees"])
        return None if formulaire.is_valid() else self.montrer()

    def faire(self) -> HttpResponse:
        """Dépose les réponses, puis l'autorisation si elle vient d'être cochée."""
        travail, formulaire = self.travail, self.formulaire
        reussi, depose = soumettre(travail.request, formulaire, "deposer_sr2105", travail.dossier, **self.reponses)
        if not reussi:
            if travail.langue == EN:
                formulaire.errors.clear()
                formulaire.add_error(None, travail.dites["e_refus"])
            return self.montrer()
        travail.dire(messages.SUCCESS, "envoye")
        if formulaire.cleaned_data.get("autorise") and not accords.donner(
            travail.personne, travail.dossier, formulaire.jeton, depose
        ):
            travail.dire(messages.WARNING, "autorise_refus")
        return redirect(adresse_retour(travail.personne, travail.dossier))
