"""Écrire un message : un nouveau, ou une réponse dans un fil."""

from __future__ import annotations

from typing import Any

from django import forms

from comptes.models import Compte
from dossiers import choix
from dossiers.forms import FormulaireGeste, ligne, zone
from dossiers.models import Fil
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate

SUJET_MAX = 120
A_TOUS = "À tout le fil"
DE_PLUS = ("avec", "sujet", "question", "reponse_avant")


class FormulaireQuestion(FormulaireGeste):
    """Un message, et la question qu'il peut poser."""

    a = forms.ChoiceField(label="À qui?")
    texte = zone("Votre message", aide="Il reste ici, au dossier : rien n'en part par courriel.")
    question = forms.ChoiceField(label="Est-ce une question?", required=False)
    reponse_avant = ChampDate(label="Réponse souhaitée avant le", required=False)

    def preparer(self) -> None:
        types = [(un.code, un.dit("libelle")) for un in referentiels.types_question(horloge.aujourd_hui())]
        self.offrir("question", [("", "Non, un simple message"), *types])

    def de_plus(self) -> bool:
        """Vrai si un champ facultatif est rempli ou fautif : la page les montre ouverts."""
        return any(self[nom].errors or self[nom].value() not in (None, "", []) for nom in DE_PLUS if nom in self.fields)


class FormulaireEchange(FormulaireQuestion):
    """Un nouveau message à une personne du dossier, lu par d'autres au besoin."""

    avec = forms.MultipleChoiceField(
        label="Qui d'autre le lit?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ces personnes liront tout le fil. On n'en ajoute pas ensuite.",
    )
    sujet = ligne("Sujet", requis=False, maximum=SUJET_MAX, aide="Un sujet ouvre un fil à part.")
    field_order = ("cle", "a", "texte", *DE_PLUS)

    def __init__(self, *args: Any, correspondants: list[Compte] | None = None, **kwargs: Any) -> None:
        self.correspondants = correspondants
        super().__init__(*args, **kwargs)

    def preparer(self) -> None:
        super().preparer()
        offerts = self.correspondants
        if offerts is None:
            offerts = choix.correspondants(self.dossier, self.personne)
        self.comptes = {str(un.pk): un for un in offerts}
        paires = [(str(un.pk), choix.en_mots(un)) for un in offerts]
        # Rien n'est choisi d'avance : un message ne part pas à la mauvaise personne.
        self.offrir("a", [("", "Choisissez une personne"), *paires] if len(paires) > 1 else paires)
        self.offrir("avec", paires)
        if len(offerts) < 2:
            del self.fields["avec"]

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        if "avec" in lues:
            lues["avec"] = [self.comptes[numero] for numero in lues["avec"] if numero in self.comptes]
        return lues


class FormulaireReponse(FormulaireQuestion):
    """Une réponse dans un fil; entre deux personnes, il n'y a pas à dire à qui."""

    def __init__(self, *args: Any, fil: Fil, encore: set[int], **kwargs: Any) -> None:
        self.fil, self.encore = fil, encore
        super().__init__(*args, **kwargs)

    def preparer(self) -> None:
        super().preparer()
        autres = [un for un in self.fil.participants.all() if un.pk != self.personne.pk]
        self.comptes = {str(un.pk): un for un in autres if self._lit(un)}
        self.offrir("a", [("", A_TOUS), *((numero, choix.en_mots(un)) for numero, un in self.comptes.items())])
        self.fields["a"].required = False
        if len(autres) < 2:
            del self.fields["a"]

    def _lit(self, compte: Compte) -> bool:
        return compte.est_personnel or compte.pk in self.encore
