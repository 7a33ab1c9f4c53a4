"""Recopier un SR-2100 de papier : les pages de la clinique, telles qu'écrites, sans rien exiger que le papier n'a pas.

Mêmes champs, mêmes règles de cohérence. Ce qui diffère : le papier se recopie, il ne se corrige pas. Un exemple
absent ou une date illisible se gardent; une contradiction se garde une à une, avec ce qu'elle lisait.
Source : `ecrans-et-lettres.md` B1.3; `docs/formulaires.md`, « Le papier ».
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseForm

from dossiers.forms import FormulaireInvitation
from formulaires import coherence, lecture
from formulaires.forms import DiagnosticsForm, DureeForm, LimitationsForm, PageRapport, PatientForm
from formulaires.saisie import (
    BRUT_MAX,
    Brut,
    brut_de,
    champs_lus,
    nom_du_champ,
    rendre_les_mois,
    trop_long,
    valeur_lisible,
)
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.composants import ChampConflit

DATE = ("signe_le_jour", "signe_le_mois", "signe_le_annee")
SIGNES = ("clinicien", *DATE)
MARQUE_MAX = 80


class PatientPapier(PatientForm):
    """Page 1 : le nom est déjà sur la feuille; une date à venir est une contradiction à garder ou à corriger."""

    bien_mon_patient = None  # type: ignore[assignment]

    def clean_suivi_depuis(self) -> str:
        """Le texte du papier, tel quel."""
        return str(self.cleaned_data["suivi_depuis"] or "")


class LimitationsPapier(LimitationsForm):
    """Page 3 : un exemple se recopie à côté de tout niveau, et n'est jamais exigé."""

    EXIGE_EXEMPLE = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.OUVRE = tuple(self.libelles_niveau)

    def clean(self) -> dict[str, Any]:
        """Un exemple écrit sans niveau ne se recopie pas seul : le dire, plutôt que le perdre."""
        lues = super().clean()
        for domaine in self.domaines:
            niveau = f"niveau_{domaine.code}"
            if lues.get(f"exemple_{domaine.code}") and not lues.get(niveau) and niveau not in self.errors:
                self.add_error(niveau, f"Choisissez le niveau de « {domaine.dit('libelle')} », ou retirez son exemple.")
        return lues


PAGES: dict[str, type[PageRapport]] = {
    "patient": PatientPapier,
    "diagnostics": DiagnosticsForm,
    "limitations": LimitationsPapier,
    "duree": DureeForm,
}


class SignaturePapier(FormulaireInvitation):
    """Qui a signé le papier, et quand; titre et permis sont jugés à cette date, par l'acte."""

    signe_le = ChampDate(label="Date écrite près de la signature")

    def preparer(self) -> None:
        self.fields["clinicien"].label = "Professionnel qui a signé"
        self.fields["clinicien"].help_text = "Son courriel, son numéro de permis ou son nom."

    def clean_signe_le(self) -> Any:
        """Rend la date du papier; une signature n'est pas dans l'avenir."""
        jour = self.cleaned_data["signe_le"]
        if jour > horloge.aujourd_hui():
            raise forms.ValidationError("Cette date est dans l'avenir. Écrivez la date du papier.")
        if not referentiels.titres(jour):
            raise forms.ValidationError("Vérifiez l'année : personne ne pouvait signer ce rapport à cette date.")
        return jour


@dataclass
class Recopie:
    """Ce que le brouillon de l'agent retient : les quatre pages, la signature, les contradictions gardées.

    Un choix de garder porte l'empreinte de ce que lisait la règle : il tombe quand ce texte change.
    """

    pages: dict[str, Brut] = field(default_factory=dict)
    signature: Brut = field(default_factory=dict)
    garder: list[str] = field(default_factory=list)

    @classmethod
    def lire(cls, contenu: Mapping[str, Any]) -> Recopie:
        """Relit un brouillon; une page inconnue est laissée de côté."""
        pages = {nom: dict(brut) for nom, brut in (contenu.get("pages") or {}).items() if nom in PAGES}
        return cls(pages, dict(contenu.get("signature") or {}), list(contenu.get("garder") or []))

    def en_contenu(self) -> dict[str, Any]:
        """Forme gardée au brouillon."""
        return {"pages": self.pages, "signature": self.signature, "garder": self.garder}

    @property
    def vide(self) -> bool:
        """Vrai si rien n'est écrit : le principal coché d'avance ne compte pas."""
        ecrits = {nom for brut in (*self.pages.values(), self.signature) for nom in brut}
        return not ecrits - {"principal"}

    def marque(self, code: str) -> str:
        """« code:empreinte » : cette contradiction, avec ce qu'elle lit en ce moment."""
        lus = json.dumps(champs_lus(self.pages, code), ensure_ascii=False, sort_keys=True)
        return f"{code}:{hashlib.sha256(lus.encode()).hexdigest()[:12]}"

    def initial_signature(self) -> dict[str, Any]:
        """Valeurs de départ de la signature; une date reste telle qu'écrite."""
        jour = [self.signature.get(nom, "") for nom in DATE]
        return {"clinicien": self.signature.get("clinicien", ""), **({"signe_le": jour} if any(jour) else {})}


@dataclass
class Formes:
    """Les quatre pages et la signature, d'un envoi ou d'un brouillon."""

    pages: dict[str, PageRapport]
    signature: SignaturePapier

    @property
    def toutes(self) -> list[BaseForm]:
        return [*self.pages.values(), self.signature]

    def valides(self) -> bool:
        """Vrai si chaque page l'est; toutes sont jugées, pour dire toutes les erreurs à la fois."""
        return not [forme for forme in self.toutes if not forme.is_valid()]

    def recopie(self, envoye: Mapping[str, Any], garder: Iterable[str]) -> Recopie:
        """Ce qui a été écrit, tel quel."""
        pages = {nom: brut_de(page, envoye) for nom, page in self.pages.items()}
        ecrits = {nom: str(envoye.get(nom, "")).replace("\x00", "")[:BRUT_MAX] for nom in SIGNES}
        # Une marque par règle connue, la dernière choisie : ce qui vient d'ailleurs ne s'entasse pas au brouillon.
        marques = {un.partition(":")[0]: un for un in garder if len(un) <= MARQUE_MAX}
        gardees = [marque for code, marque in marques.items() if code in coherence.PAR_CODE]
        return Recopie(pages, {nom: texte for nom, texte in ecrits.items() if texte}, gardees)

    def trop_longs(self, envoye: Mapping[str, Any]) -> list[tuple[BaseForm, str]]:
        """Les champs qui dépassent ce qu'un brouillon garde, chacun avec son formulaire."""
        champs: list[tuple[BaseForm, str]] = [
            (page, nom) for page in self.pages.values() for nom in page.fields if trop_long(envoye, [nom])
        ]
        siens = (("clinicien", ["clinicien"]), ("signe_le", DATE))
        return champs + [(self.signature, champ) for champ, noms in siens if trop_long(envoye, noms)]

    def ne_dire_que(self, longs: list[tuple[BaseForm, str]], dit: str) -> None:
        """Ne garde que les erreurs de ces champs : qui sort ou tourne la page n'a pas demandé à finir."""
        for forme in self.toutes:
            vises = {nom for une, nom in longs if une is forme}
            for nom in set(forme.errors) - vises:
                del forme.errors[nom]
            for nom in vises - set(forme.errors):
                forme.add_error(nom, dit)

    def contenu(self) -> dict[str, Any]:
        """Le rapport que disent les pages valides."""
        contenu: dict[str, Any] = {}
        for page in self.pages.values():
            contenu.update(page.contenu())
            rendre_les_mois(contenu, page)
        return contenu

    def contradictions(self, signe_le: date) -> list[coherence.Constat]:
        """Les règles qui interrompent, jugées au jour de la signature du papier."""
        return coherence.interruptions(coherence.juger(self.contenu(), lecture.parametres(signe_le)))


def ecarts(ici: Recopie, ailleurs: Recopie, formes: Formes) -> list[ChampConflit]:
    """Champs qui diffèrent entre ce qui est écrit ici et le brouillon gardé ailleurs."""
    trouves = []
    for page, formulaire in formes.pages.items():
        brut, autre = ici.pages.get(page, {}), ailleurs.pages.get(page, {})
        for nom in formulaire.fields:
            if nom != "version" and brut.get(nom, "") != autre.get(nom, ""):
                valeurs = (valeur_lisible(formulaire, nom, lu) for lu in (brut, autre))
                trouves.append(ChampConflit(nom_du_champ(formulaire, nom), *valeurs))
    signatures = [
        (" ".join(un.signature.get(nom, "") for nom in DATE), un.signature.get("clinicien", ""))
        for un in (ici, ailleurs)
    ]
    for rang, titre in enumerate(("Date de la signature", "Professionnel qui a signé")):
        if signatures[0][rang] != signatures[1][rang]:
            trouves.append(ChampConflit(titre, signatures[0][rang].strip(), signatures[1][rang].strip()))
    return trouves
