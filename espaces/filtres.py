"""Filtrer la file : alerte, état, retard, dossiers d'un collègue. Des codes et des numéros, jamais un nom.

Source : `ecrans-et-lettres.md` B1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from comptes import absences
from comptes.models import Compte, Role
from dossiers.actes.filtres import CRITERES, NOM_MAX
from dossiers.etats import Etat
from dossiers.models import Alerte
from dossiers.requetes import DossierQuerySet
from espaces.files import DANS_L_ONGLET, ONGLETS, Files
from socle import horloge

OUI = "oui"


@dataclass(frozen=True)
class Filtre:
    """Un filtre lu d'une adresse ou d'un filtre gardé; une valeur inconnue se tait."""

    file: str = ""
    alerte: str = ""
    etat: str = ""
    retard: str = ""
    collegue: str = ""

    @classmethod
    def lire(cls, donnees: Mapping[str, Any]) -> Filtre:
        """Le filtre de ces données; seuls les codes connus restent."""
        permis = {
            "file": {un.code for un in ONGLETS},
            "alerte": set(Alerte.Code.values),
            "etat": set(Etat.values),
            "retard": {OUI},
        }
        lus = {nom: str(donnees.get(nom) or "") for nom in CRITERES}
        gardes = {nom: lus[nom] for nom, codes in permis.items() if lus[nom] in codes}
        if lus["collegue"].isascii() and lus["collegue"].isdigit() and len(lus["collegue"]) < 10:
            gardes["collegue"] = lus["collegue"]
        return cls(**gardes)

    @property
    def criteres(self) -> dict[str, str]:
        """Ce qui est posé, prêt à garder."""
        return {nom: getattr(self, nom) for nom in CRITERES if getattr(self, nom)}

    @property
    def restreint(self) -> bool:
        """Vrai si autre chose que l'onglet est choisi."""
        return bool(self.alerte or self.etat or self.retard or self.collegue)

    def appliquer(self, siennes: Files, jour: date) -> DossierQuerySet:
        """Les dossiers de la file, dans l'onglet choisi, qui répondent à tout."""
        dossiers = siennes.de_l_onglet(self.file)
        if self.collegue:
            dossiers = _de_la_personne(siennes, self.collegue, self.file)
        if self.etat:
            dossiers = dossiers.filter(etat=self.etat)
        if self.retard:
            dossiers = dossiers.filter(avant_le__lt=jour)
        if self.alerte:
            vivante = Alerte.objects.filter(dossier=OuterRef("pk"), code=self.alerte, close_le__isnull=True)
            dossiers = dossiers.filter(Exists(vivante))
        return dossiers


def _de_la_personne(siennes: Files, collegue: str, file: str) -> DossierQuerySet:
    """Les dossiers d'un collègue du bureau; « À faire » devient ce que ce collègue a à faire."""
    dossiers: DossierQuerySet = siennes.bureau.filter(agent=int(collegue))
    if file == "tous":
        return dossiers
    return dossiers.filter(DANS_L_ONGLET.get(file, Q(balle="agent")))


class FormulaireFiltre(forms.Form):
    """Les filtres de la file; envoyés par l'adresse, pour qu'un retour en arrière les garde."""

    file = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    collegue = forms.ChoiceField(label="Dossiers de")
    etat = forms.ChoiceField(label="Étape")
    alerte = forms.ChoiceField(label="Alerte")
    retard = forms.ChoiceField(label="Échéance", choices=(("", "Toutes"), (OUI, "En retard")))

    def __init__(self, filtre: Filtre, agent: Compte) -> None:
        super().__init__(initial=filtre.criteres)
        offerts = {
            "collegue": [("", "Moi et l'équipe"), *collegues(agent)],
            "etat": [("", "Toutes"), *Etat.choices],
            "alerte": [("", "Toutes"), *Alerte.Code.choices],
        }
        self.noms = {nom: dict(choix) for nom, choix in offerts.items()} | {"retard": {OUI: "En retard"}}
        for nom, choix in offerts.items():
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = choix

    @property
    def resume(self) -> str:
        """Ce qui est choisi, en mots : « Dossiers de : Théodore Prototype (absence) · Échéance : En retard »."""
        dits = []
        for nom in ("collegue", "etat", "alerte", "retard"):
            choisi = str(self.initial.get(nom, ""))
            if choisi:
                dits.append(f"{self.fields[nom].label} : {self.noms[nom].get(choisi, 'une autre personne')}")
        return " · ".join(dits)


class FormulaireNom(forms.Form):
    """Le nom sous lequel garder un filtre."""

    nom = forms.CharField(label="Nom du filtre à garder", max_length=NOM_MAX)


def collegues(agent: Compte) -> list[tuple[str, str]]:
    """Les agents du bureau, absents d'abord : ce sont leurs dossiers que l'on cherche."""
    if agent.bureau_id is None:
        return []
    jour = horloge.aujourd_hui()
    absents = Q(pk__in=Compte.objects.filter(absences.absents(jour)).values("pk"))
    lus = Compte.objects.filter(role=Role.AGENT, bureau_id=agent.bureau_id, is_active=True).exclude(pk=agent.pk)
    lus = lus.annotate(absent=Exists(Compte.objects.filter(absents, pk=OuterRef("pk"))))
    return [
        (str(un.pk), f"{un.nom_complet} (absence)" if un.absent else un.nom_complet)
        for un in lus.order_by("-absent", "nom", "prenom", "pk")[:200]
    ]
