"""Formulaires de l'agent pour les mandats : confirmer avec sa preuve, faire un code que la personne confie."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from dossiers.forms import FormulaireGeste, FormulaireMandat, radios
from dossiers.models import CodeConfie, Mandat, Piece
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois
from socle import horloge

DUREES = (3, 6, 12, 24)
PIECES_OFFERTES = 30


def _choix(champ: forms.Field, valeurs: list[tuple[str, str]]) -> None:
    champ.choices = valeurs  # type: ignore[attr-defined]


class FormulaireConfirmation(FormulaireMandat):
    """Confirmer un mandat : par un appel, ou par un papier signé déjà versé aux pièces."""

    moyen = forms.ChoiceField(
        label="Comment la personne l'a-t-elle confirmé?",
        widget=forms.RadioSelect,
        choices=[(Mandat.Moyen.APPEL.value, "Au téléphone, avec moi"), (Mandat.Moyen.PAPIER.value, "Un papier signé")],
        initial=Mandat.Moyen.APPEL.value,
    )
    piece = radios("Le papier signé, ou la preuve du titre", requis=False)
    field_order = ("intervenant", "moyen", "piece", "preuve")

    def preparer(self) -> None:
        """Offre les pièces du dossier; dit la preuve que demande le titre de chacun."""
        super().preparer()
        self.fields["preuve"].label = "Ce que vous avez vérifié"
        pieces = (
            Piece.objects.filter(dossier=self.dossier)
            .exclude(verification=Piece.Verification.REFUSEE)
            .order_by("-pk")[:PIECES_OFFERTES]
        )
        _choix(self.fields["piece"], [(str(une.pk), une.titre) for une in pieces])
        if not pieces:
            self.fields["piece"].help_text = "Aucune pièce au dossier. Versez d'abord le papier, dans « Pièces »."
        self._dire_les_preuves(horloge.aujourd_hui())

    def _dire_les_preuves(self, jour: date) -> None:
        mandats = Mandat.objects.non_echus(jour).filter(dossier=self.dossier, confirme_le__isnull=True)
        titres = {un.code: un for un in referentiels.types_representant(jour)}
        dites = [
            f"{mandat.intervenant.nom_complet}, {titre.libelle.lower()} : {titre.preuve}"
            for mandat in mandats.exclude(titre="").select_related("intervenant").order_by("pk")
            if (titre := titres.get(mandat.titre)) is not None
        ]
        if dites:
            self.fields["intervenant"].help_text = " ".join(dites)

    def clean(self) -> dict[str, Any]:
        """Un papier signé se désigne parmi les pièces."""
        lues = super().clean() or {}
        if lues.get("moyen") == Mandat.Moyen.PAPIER and not lues.get("piece") and "piece" not in self.errors:
            self.add_error("piece", "Choisissez le papier signé. S'il manque, versez-le d'abord dans « Pièces ».")
        return lues

    def donnees(self) -> dict[str, Any]:
        """La pièce par son numéro."""
        donnees = super().donnees()
        donnees["piece"] = int(donnees["piece"]) if donnees.get("piece") else None
        return donnees


class FormulaireCodeConfie(FormulaireGeste):
    """Un code pour un mandat (portées, durée) ou pour un témoignage, demandé par la personne au comptoir."""

    usage = forms.ChoiceField(
        label="À quoi sert le code?", widget=forms.RadioSelect, choices=CodeConfie.Usage.choices, initial="mandat"
    )
    portees = forms.MultipleChoiceField(
        label="Pour un mandat : ce que la personne permet",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=["voir_etat"],
    )
    mois = forms.ChoiceField(label="Pour un mandat : sa durée", widget=forms.RadioSelect, required=False, initial="6")

    def preparer(self) -> None:
        """La lecture du rapport médical n'est pas offerte : la personne seule la donne."""
        self.jour = horloge.aujourd_hui()
        maximum = int(referentiels.regle("mandat_max_mois", self.jour))
        _choix(self.fields["mois"], [(str(n), f"{n} mois") for n in DUREES if n <= maximum])
        _choix(
            self.fields["portees"],
            [
                (portee.code, portee.dit("libelle"))
                for portee in referentiels.portees(self.jour)
                if not portee.du_prestataire_seulement
            ],
        )

    def clean(self) -> dict[str, Any]:
        """Un mandat a au moins une portée et une durée."""
        lues = super().clean() or {}
        if lues.get("usage") == CodeConfie.Usage.MANDAT:
            if not lues.get("portees") and "portees" not in self.errors:
                self.add_error("portees", "Cochez au moins une permission.")
            if not lues.get("mois") and "mois" not in self.errors:
                self.add_error("mois", "Choisissez une durée.")
        return lues

    def donnees(self) -> dict[str, Any]:
        """Ce que l'acte attend."""
        if self.cleaned_data["usage"] != CodeConfie.Usage.MANDAT:
            return {"usage": self.cleaned_data["usage"]}
        fin = plus_mois(self.jour, int(self.cleaned_data["mois"]))
        return {"usage": "mandat", "portees": self.cleaned_data["portees"], "jusqu_au": fin}
