"""Noter des frais demandés pour remplir le rapport, par l'agent ou par la personne."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from dossiers.actes.frais import MONTANT_MAX, PAYE_A_MAX
from dossiers.forms import FormulaireGeste, radios
from dossiers.models import Dossier, FraisRapport
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.dates_en_mots import date_moyenne

NOMBRE = "Écrivez un montant en dollars, par exemple 45,00."


class ChampMontant(forms.CharField):
    """Un montant tel qu'écrit ici : « 45 », « 45,50 » ou « 45,50 $ »; rend un `Decimal`."""

    def clean(self, value: Any) -> Any:
        """Lit la virgule, l'espace et le signe de dollar."""
        ecrit = str(super().clean(value)).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
        try:
            lu = Decimal(ecrit.removesuffix("$").replace(",", "."))
        except ArithmeticError as erreur:
            raise forms.ValidationError(NOMBRE, "invalid") from erreur
        if not lu.is_finite() or not 0 < lu <= MONTANT_MAX or lu != lu.quantize(Decimal("0.01")):
            raise forms.ValidationError(NOMBRE, "invalid")
        return lu


def vivants(dossier: Dossier) -> list[FraisRapport]:
    """Les frais notés et non annulés, dans l'ordre où ils l'ont été."""
    return list(FraisRapport.objects.filter(dossier=dossier, annule_le__isnull=True).order_by("pk"))


def en_mots(frais: FraisRapport) -> str:
    """« 45,50 $, Clinique fictive, payé le 30 janvier 2026 »."""
    quand = f"payé le {date_moyenne(frais.paye_le)}" if frais.paye_le else "pas encore payé"
    return f"{str(frais.montant).replace('.', ',')} $, {frais.paye_a}, {quand}"


class FormulaireAnnulationFrais(FormulaireGeste):
    """Lesquels ont été notés par erreur."""

    frais = radios("Lesquels annuler?")

    def preparer(self) -> None:
        self.offrir("frais", [(str(un.pk), en_mots(un)) for un in vivants(self.dossier)])


class FormulaireFrais(FormulaireGeste):
    """Montant, date, à qui; ce qui est déjà noté et la règle du jour se lisent au-dessus."""

    montant = ChampMontant(
        label="Montant demandé ou payé", help_text="En dollars, par exemple 45,00.", max_length=20,
        error_messages={"required": NOMBRE},
    )  # fmt: skip
    paye_le = ChampDate(
        label="Payé quel jour?", help_text="Laissez vide si ce n'est pas encore payé.", required=False
    )  # fmt: skip
    paye_a = forms.CharField(
        label="À qui?",
        help_text="La clinique, ou la personne qui demande ce montant.",
        max_length=PAYE_A_MAX,
        error_messages={"required": "Écrivez le nom de la clinique ou de la personne."},
    )

    def preparer(self) -> None:
        """Lit les frais déjà notés et la règle de remboursement en vigueur."""
        self.notes = vivants(self.dossier)
        self.maximum = referentiels.regle("frais_rapport_remboursable_max", horloge.aujourd_hui())

    def clean_paye_le(self) -> Any:
        """Un paiement n'est pas à venir."""
        jour = self.cleaned_data["paye_le"]
        if jour and jour > horloge.aujourd_hui():
            raise forms.ValidationError("Cette date est dans l'avenir. Écrivez la date du reçu.")
        return jour
