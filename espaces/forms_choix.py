"""Formulaires des choix de la personne : apprendre la décision, dire une urgence d'argent, se plaindre."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from dossiers.forms import ligne, zone
from dossiers.models import Plainte
from dossiers.pages import FormulaireActe

LETTRE, APPEL, ENSEMBLE = "lettre", "appel", "ensemble"
ANNONCES = (
    (LETTRE, "Par la lettre, sans appel"),
    (APPEL, "Par un appel, puis la lettre"),
    (ENSEMBLE, "Par un appel, avec quelqu'un à côté de moi"),
)
DITES = {
    LETTRE: "Par la lettre, sans appel",
    APPEL: "Par un appel d'abord",
    ENSEMBLE: "Par un appel d'abord, avec quelqu'un",
}


def annonce_dite(annonce: str) -> str:
    """Le choix gardé au dossier, dans la langue de la page; les mots de la personne restent les siens."""
    return " · ".join(gettext(partie) for partie in annonce.split(" · ")) if annonce else ""


class AnnonceForm(FormulaireActe):
    """Comment, et avec qui, apprendre la décision."""

    comment = forms.ChoiceField(
        label="Comment voulez-vous l'apprendre ?",
        choices=ANNONCES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une façon. Vous pourrez changer d'avis."},
    )
    avec = ligne("Avec qui ?", requis=False, maximum=80, aide="Par exemple : ma sœur, ou ma personne-ressource.")
    quand = ligne("À quel moment vous appeler ?", requis=False, maximum=60, aide="Par exemple : l'avant-midi.")

    def clean(self) -> dict[str, Any]:
        """« Avec quelqu'un » demande qui."""
        donnees = super().clean() or {}
        if donnees.get("comment") == ENSEMBLE and not (donnees.get("avec") or "").strip():
            self.add_error("avec", "Dites avec qui. Un prénom suffit.")
        return donnees

    def dite(self) -> str:
        """Ce qui se garde au dossier, en une phrase que l'agent lit."""
        lues = self.cleaned_data
        parties = [DITES[lues["comment"]]]
        if lues["comment"] != LETTRE:
            parties += [lues["avec"].strip(), lues["quand"].strip()]
        elif lues["avec"].strip():
            parties.append(f"lue avec {lues['avec'].strip()}")
        return " · ".join(partie for partie in parties if partie)

    @classmethod
    def depuis(cls, annonce: str) -> dict[str, str]:
        """Ce qui était choisi, si c'est une des façons offertes ici."""
        for code, dite in reversed(DITES.items()):
            if annonce.startswith(dite):
                return {"comment": code}
        return {}


class UrgenceForm(FormulaireActe):
    """Dire qu'on manque d'argent pour se loger, manger ou se soigner; rien n'est à prouver."""

    precision = ligne(
        "Ce qui presse le plus",
        requis=False,
        maximum=120,
        aide="Par exemple : mon loyer, mes médicaments, l'épicerie. Vous pouvez laisser vide.",
    )


class PlainteForm(FormulaireActe):
    """Une plainte sur le service; l'agent visé ne la lit pas."""

    sujet = forms.ChoiceField(
        label="Sur quoi porte votre plainte ?",
        choices=Plainte.Sujet.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui s'en rapproche le plus."},
    )
    texte = zone("Que s'est-il passé ?", maximum=4000, rangs=6, aide="En vos mots. Les dates aident, si vous les avez.")
    souhait = zone("Que voudriez-vous ?", requis=False, maximum=1000, rangs=3)


class ReponsePlainteForm(FormulaireActe):
    """La réponse du chef d'équipe, telle que la personne la lira."""

    plainte = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    reponse = zone("Votre réponse", maximum=4000, rangs=8, aide="La personne la lira telle quelle dans son suivi.")
