"""Formulaires des rencontres, des alertes et des besoins."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms

from dossiers import rencontres, urgences
from dossiers.forms import FormulaireGeste, ligne, radios, zone
from dossiers.models import Alerte, Besoin, Rencontre
from dossiers.pages import besoins_de
from socle import horloge
from socle.champs_formulaire import ChampDate

MOMENTS = 3  # rangées offertes à l'écran
_HEURE = re.compile(r"(\d{1,2})\s*(?:[h:]\s*(\d{2})?)?\s*", re.IGNORECASE)


class ChampHeure(forms.CharField):
    """Une heure du jour : « 13 h 30 », « 13:30 » ou « 9 h ». Rend un `time`, ou `None` si vide."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=8, widget=forms.TextInput(attrs={"class": "largeur-10"}), **options)

    def clean(self, value: Any) -> Any:
        lue = str(super().clean(value)).strip()
        if not lue:
            return None
        trouvee = _HEURE.fullmatch(lue)
        try:
            if trouvee is None:
                raise ValueError
            return time(int(trouvee[1]), int(trouvee[2] or 0))
        except ValueError as erreur:
            raise forms.ValidationError("Écrivez l'heure ainsi : 13 h 30.") from erreur


class FormulaireDemande(FormulaireGeste):
    """Un appel, ou une rencontre : comment, avec qui, et ce qu'il faut prévoir."""

    texte = zone("Quand joindre la personne, et pour parler de quoi?", requis=False, maximum=300, rangs=3)
    mode = forms.ChoiceField(
        label="Comment?", choices=Rencontre.Mode.choices, widget=forms.RadioSelect, initial=Rencontre.Mode.TELEPHONE
    )
    avec = forms.ChoiceField(
        label="Avec qui?", choices=Rencontre.Avec.choices, widget=forms.RadioSelect, initial=Rencontre.Avec.AGENT
    )
    accompagnant = ligne("Qui l'accompagne?", requis=False, maximum=120)
    interprete = ligne("Langue de l'interprète", requis=False, maximum=60, aide="Vide : aucun interprète.")

    def preparer(self) -> None:
        langue = next((un for un in besoins_de(self.dossier) if un.genre == Besoin.Genre.INTERPRETE), None)
        if langue is not None:
            self.fields["interprete"].initial = langue.precision


class FormulaireProposition(FormulaireGeste):
    """De un à trois moments; une rangée vide ne compte pas."""

    champs_acte: ClassVar = {"creneaux": "jour_1"}

    mode = forms.ChoiceField(label="Comment?", choices=Rencontre.Mode.choices, widget=forms.RadioSelect)
    lieu = ligne(
        "Où, ou par quel lien?",
        requis=False,
        maximum=300,
        aide="Adresse et local, lien vidéo, ou nom de l'organisme. Au téléphone, laissez vide.",
    )

    def preparer(self) -> None:
        for rang in range(1, MOMENTS + 1):
            requis = rang == 1
            self.fields[f"jour_{rang}"] = ChampDate(label=f"Moment {rang} : quel jour?", required=requis)
            self.fields[f"heure_{rang}"] = ChampHeure(
                label=f"Moment {rang} : à quelle heure?", required=requis, help_text="Par exemple : 13 h 30."
            )
        self.order_fields([*(f"{nom}_{rang}" for rang in range(1, MOMENTS + 1) for nom in ("jour", "heure"))])
        self.demandee = rencontres.vivantes(self.dossier).filter(avec=rencontres.avec_de(self.personne)).first()
        if self.demandee is not None:
            self.fields["mode"].initial = self.demandee.mode
            self.fields["lieu"].initial = self.demandee.lieu
        self.besoins = besoins_de(self.dossier)

    def clean(self) -> dict[str, Any]:
        """Chaque moment est à venir, un jour ouvert, libre pour qui le propose, et différent des autres."""
        lues = super().clean() or self.cleaned_data
        self.debuts: list[datetime] = []
        for rang in range(1, MOMENTS + 1):
            self._moment(rang, lues.get(f"jour_{rang}"), lues.get(f"heure_{rang}"))
        if lues.get("mode", Rencontre.Mode.TELEPHONE) != Rencontre.Mode.TELEPHONE and not lues.get("lieu"):
            self.add_error("lieu", "Dites où, ou par quel lien.")
        return lues

    def _moment(self, rang: int, jour: date | None, heure: time | None) -> None:
        cases = (f"jour_{rang}", f"heure_{rang}")
        if any(nom in self.errors for nom in cases) or (jour is None and heure is None):
            return
        if jour is None or heure is None:
            self.add_error(cases[0] if jour is None else cases[1], "Donnez le jour et l'heure.")
            return
        debut = horloge.heure_locale(jour, heure.hour, heure.minute)
        mal = rencontres.defaut(debut, self.personne)
        if debut in self.debuts:
            mal = "Ce moment est déjà proposé plus haut."
        if mal:
            self.add_error(cases[0], mal)
        self.debuts.append(debut)

    def donnees(self) -> dict[str, Any]:
        return {"creneaux": self.debuts, "mode": self.cleaned_data["mode"], "lieu": self.cleaned_data["lieu"]}


class _DUneRencontre(FormulaireGeste):
    """Vise une rencontre en cours; s'il n'y en a qu'une, elle n'est pas demandée."""

    rencontre = radios("Quelle rencontre?")

    def preparer(self) -> None:
        siennes = rencontres.vivantes(self.dossier)
        if self.personne.role in rencontres.CSEMS:
            siennes = siennes.filter(avec=Rencontre.Avec.CSEMS)
        self.rencontres = {str(une.pk): une for une in siennes}
        self.offrir(
            "rencontre",
            [
                (cle, f"{une.get_avec_display()}, {une.get_mode_display().lower()} · {une.get_etat_display().lower()}")
                for cle, une in self.rencontres.items()
            ],
        )

    def donnees(self) -> dict[str, Any]:
        return super().donnees() | {"rencontre": int(self.cleaned_data["rencontre"])}


class FormulaireConfirmation(FormulaireGeste):
    creneau = radios("Quel moment la personne choisit-elle?")

    def preparer(self) -> None:
        siennes = rencontres.vivantes(self.dossier).filter(etat=Rencontre.Etat.PROPOSEE)
        if self.personne.role in rencontres.CSEMS:
            siennes = siennes.filter(avec=Rencontre.Avec.CSEMS)
        offerts = [un for une in siennes for un in rencontres.offerts(une)]
        self.creneaux = {str(un.pk): un for un in offerts}
        self.offrir("creneau", [(cle, rencontres.quand(un.debut)) for cle, un in self.creneaux.items()])

    def donnees(self) -> dict[str, Any]:
        choisi = self.creneaux[self.cleaned_data["creneau"]]
        return {"creneau": choisi.pk, "rencontre": choisi.rencontre_id}


class FormulaireNote(_DUneRencontre):
    TENUE = (("oui", "Oui, nous nous sommes parlé"), ("non", "Non, elle n'a pas eu lieu"))
    tenue = forms.ChoiceField(label="La rencontre a-t-elle eu lieu?", choices=TENUE, widget=forms.RadioSelect)
    note = zone(
        "Ce qui s'est dit", requis=False, aide="Ce qui est convenu, et la suite. Exigé si elle a eu lieu.", maximum=2000
    )
    field_order = ("rencontre", "tenue", "note")


class FormulaireAnnulation(_DUneRencontre):
    raison = ligne("Pourquoi?", aide="La personne ne lit pas cette raison. Dites-la-lui de vive voix.", maximum=300)


class FormulaireAlerte(FormulaireGeste):
    SIGNALABLES = (
        Alerte.Code.URGENCE,
        Alerte.Code.PERTE_LOGEMENT,
        Alerte.Code.CRISE,
        Alerte.Code.DETRESSE,
        Alerte.Code.SANS_CLINICIEN,
    )
    code = forms.ChoiceField(
        label="Que faut-il signaler?", choices=[(c.value, c.label) for c in SIGNALABLES], widget=forms.RadioSelect
    )
    precision = ligne(
        "Précision",
        requis=False,
        aide="Par exemple : le jour où le loyer est dû. Aucun renseignement médical.",
        maximum=120,
    )


class FormulaireLeveeAlerte(FormulaireGeste):
    code = radios("Quelle alerte est réglée?")
    note = zone("Ce qui a été fait", requis=False, aide="Exigé si une consigne accompagne l'alerte.", maximum=600)

    def preparer(self) -> None:
        jour = horloge.aujourd_hui()
        vivantes = Alerte.objects.filter(dossier=self.dossier, close_le__isnull=True).order_by("pk")
        choix = []
        for une in vivantes:
            consigne = urgences.consigne(une.code, jour)
            choix.append((une.code, f"{une}. {consigne.quoi_faire}" if consigne is not None else str(une)))
        self.offrir("code", choix)


class FormulaireBesoin(FormulaireGeste):
    genre = forms.ChoiceField(
        label="De quoi la personne a-t-elle besoin?", choices=Besoin.Genre.choices, widget=forms.RadioSelect
    )
    precision = ligne(
        "Précision",
        requis=False,
        aide="La langue de l'interprète, par exemple. Exigée pour « Interprète » et « Autre besoin ».",
        maximum=120,
    )


class FormulaireRetraitBesoin(FormulaireGeste):
    genre = radios("Quel besoin n'en est plus un?")

    def preparer(self) -> None:
        self.offrir("genre", [(un.genre, str(un)) for un in besoins_de(self.dossier)])
