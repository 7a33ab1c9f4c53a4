"""« On ne signe pas ce qu'on n'a pas lu » : la page qui précède toute signature d'une lettre de décision.

La lettre dit « ce que nous avons lu ». Avant de signer, chaque ligne a été ouverte par le signataire, ou il confirme
en avoir pris connaissance. La confirmation ne vaut que pour la liste que la page a montrée : un document arrivé
depuis la fait montrer de nouveau. Le contrat des actes n'a pas de refus pour cela : la règle est celle des écrans,
et l'acte garde au journal ce qui a été confirmé. Source : Loi sur la justice administrative, art. 4 et 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from comptes.models import Compte
from decisions import pieces
from dossiers.models import Demande
from dossiers.pages import FormulaireActe

MONTRE = "montre"
CASE = "connaissance"
# Champs que la page d'arrêt pose elle-même : ils ne se reportent pas avec les choix déjà faits.
CHAMPS = (MONTRE, CASE)
A_LIRE = "Ouvrez ces documents, ou cochez cette case, avant de signer."
ARRIVE_DEPUIS = "Un document est arrivé depuis que cette page vous a été montrée. Lisez-le, puis cochez de nouveau."


class SignatureForm(FormulaireActe):
    """Le geste de signer; ce qui n'a pas été ouvert se lit d'abord, ou se confirme ici."""

    connaissance = forms.BooleanField(label="J'ai pris connaissance de chacun de ces documents.")

    def __init__(self, *args: Any, a_lire: bool, arrive_depuis: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[CASE].error_messages["required"] = ARRIVE_DEPUIS if arrive_depuis else A_LIRE
        if not a_lire:
            del self.fields[CASE]


@dataclass(frozen=True)
class NonLu:
    """Un document jamais ouvert : où le lire (vide s'il n'a pas de page), et s'il est arrivé depuis la page montrée."""

    document: pieces.Lue
    url: str
    nouveau: bool


@dataclass(frozen=True)
class Connaissance:
    """Ce que le signataire n'a pas ouvert, la case qui le confirme, et la réponse de la personne à l'occasion."""

    non_lus: list[NonLu]
    reponses_occasion: list[pieces.Lue]
    signature: SignatureForm

    def contexte(self) -> dict[str, Any]:
        """Ce que lit `evaluation/_connaissance.html`; le résumé des erreurs est celui de la signature."""
        return {
            "non_lus": self.non_lus,
            "reponses_occasion": self.reponses_occasion,
            "signature": self.signature,
            "form": self.signature,
        }

    def est_acquise(self) -> bool:
        """Vrai si tout est ouvert, ou si l'envoi confirme chacun des documents montrés."""
        return self.signature.is_valid()

    def attestes(self) -> list[str]:
        """Clés des documents confirmés sans avoir été ouverts, que l'acte garde au journal."""
        return [un.document.cle for un in self.non_lus]


def lire(
    request: HttpRequest, personne: Compte, demande: Demande, ou_lire: Callable[[pieces.Lue], str], *, signe: bool
) -> Connaissance:
    """L'état de la connaissance pour cette page; `signe` : l'envoi est celui de la signature."""
    lues = pieces.documents(demande)
    restent = pieces.non_lus(lues, personne, demande)
    montres = set(request.POST.getlist(MONTRE)) if signe else {une.cle for une in restent}
    non_lus = [NonLu(une, ou_lire(une), une.cle not in montres) for une in restent]
    nouveau, envoi = any(un.nouveau for un in non_lus), None
    if signe:
        envoi = request.POST.copy()
        if nouveau:
            # La case cochée valait pour une autre liste.
            envoi.pop(CASE, None)
    signature = SignatureForm(envoi, a_lire=bool(non_lus), arrive_depuis=nouveau)
    return Connaissance(non_lus, [une for une in lues if une.est_occasion], signature)
