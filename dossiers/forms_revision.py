"""Le formulaire d'un écrit reçu qui demande une révision : sa forme, qui l'écrit, ce qu'il dit.

Rien n'y est exigé. Source : Loi sur l'aide aux personnes et aux familles, art. 107 et 114; manuel, sujets 43363,
43364 (l'avocat mandaté écrit sans la signature de la personne) et 43368.
"""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.forms import FormulaireGeste, ligne, zone
from socle.champs_formulaire import ChampDate

# Les codes sont ceux de `revision.models.Revision.Forme`.
FORMES = (
    ("formulaire_0023", "Le formulaire de demande de révision (0023)"),
    ("lettre", "Une lettre, un courriel ou un autre écrit de la personne"),
    ("note_telephonique", "La note d'un appel à propos d'un écrit reçu"),
    ("ressource", "L'écrit d'une personne-ressource ou d'un proche"),
    ("avocat", "L'écrit d'un avocat"),
    ("autre", "Un autre écrit"),
)
POUR_ELLE = {"ressource": "personne-ressource ou proche", "avocat": "avocat"}


class FormulaireRevision(FormulaireGeste):
    """Consigner un écrit reçu : tardif ou incomplet, il est reçu quand même."""

    forme = forms.ChoiceField(
        label="Sous quelle forme la demande est-elle arrivée?",
        choices=FORMES,
        required=False,
        widget=forms.RadioSelect,
        help_text="Tout écrit suffit. Versez-en une copie aux pièces du dossier.",
    )
    recue_le = ChampDate(
        label="Quel jour l'écrit a-t-il été reçu?",
        required=False,
        help_text="Vide : aujourd'hui. Les délais de la révision partent de ce jour.",
    )
    motifs = zone(
        "Ce que la personne écrit", requis=False, aide="Dans ses mots. Une demande sans motifs est reçue aussi."
    )
    impossibilite_agir = zone("Si elle est tardive : ce qui l'a empêchée d'agir plus tôt", requis=False)
    nom_du_representant = ligne("Si une autre personne écrit pour elle : son nom", requis=False)
    preuve_du_representant = ligne(
        "Sa procuration",
        requis=False,
        aide="Où elle est au dossier. Un avocat n'en a pas besoin. Il en manque une? Recevez la demande quand même.",
    )
    prestation_reduite_de_plus_de_moitie = forms.ChoiceField(
        label="La décision a-t-elle réduit son aide de plus de la moitié?",
        choices=(("oui", "Oui"), ("non", "Non")),
        required=False,
        widget=forms.RadioSelect,
        help_text="Oui : si la révision tarde, l'aide se rétablit (art. 114). La date est calculée au dossier.",
    )
    reduite_le = ChampDate(label="Si oui : depuis quel jour?", required=False)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("reduite_le") and donnees.get("prestation_reduite_de_plus_de_moitie") != "oui":
            self.add_error("prestation_reduite_de_plus_de_moitie", "Une date est écrite : choisissez « Oui ».")
        if donnees.get("preuve_du_representant") and not donnees.get("nom_du_representant"):
            self.add_error("nom_du_representant", "Écrivez le nom de la personne qui a cette procuration.")
        return donnees

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        nom, preuve = lues.pop("nom_du_representant", ""), lues.pop("preuve_du_representant", "")
        if nom:
            qualite = POUR_ELLE.get(lues.get("forme", ""), "")
            lues["representant"] = {"nom": nom, "qualite": qualite, "preuve": preuve}
        return lues
