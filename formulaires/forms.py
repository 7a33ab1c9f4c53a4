"""Formulaires du SR-2100 et des réponses. Ce qui est écrit est gardé, même invalide.

Source : `domaine.md` §2; `ecrans-et-lettres.md` B6 et B7. La capacité de travail n'est jamais demandée.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext

from dossiers.pages import FormulaireActe
from formulaires import regles
from referentiels import lecture as referentiels
from referentiels.codes import Suggestion
from socle.champs_formulaire import moment_possible

LIGNES_DIAGNOSTIC = 6
EXEMPLE_MAX = 200
COURT_MAX = 120
LONG_MAX = 1000
DUREES = (
    ("mois", "Un nombre de mois"),
    ("permanente", "Permanente"),
    ("indeterminee", "Indéterminée : la fin n'est pas connue"),
)
AIDES = {
    "bouger": "marcher, rester debout, se pencher",
    "mains": "saisir, écrire, soulever",
    "endurance": "tenir une journée, récupérer",
    "concentration": "suivre une consigne, lire",
    "emotions": "imprévus, pression",
    "interactions": "collègues, public, groupe",
    "organisation": "horaires, repas, rendez-vous",
    "sens": "avec appareils s'il y en a",
}
CONTRAINTES = (("temporaire", "Temporaire"), ("severe", "Sévère"))


def texte_court(etiquette: str, *, aide: str = "", requis: bool = False, maximum: int = COURT_MAX) -> forms.CharField:
    """Une ligne de texte, facultative d'avance."""
    return forms.CharField(label=etiquette, help_text=aide, required=requis, max_length=maximum)


def texte_long(
    etiquette: str, *, aide: str = "", requis: bool = False, rangs: int = 3, maximum: int = LONG_MAX
) -> forms.CharField:
    """Quelques phrases, avec leur compteur."""
    saisie = forms.Textarea(attrs={"rows": rangs, "data-compte": maximum})
    return forms.CharField(label=etiquette, help_text=aide, required=requis, max_length=maximum, widget=saisie)


class PageRapport(forms.Form):
    """Une page du SR-2100; `version` est celle du brouillon lu, pour ne jamais écraser en silence."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Champs repris d'un autre rapport : chacun porte « À confirmer » jusqu'à ce que la page le soit.
    a_confirmer: frozenset[str] = frozenset()

    def __init__(self, *args: Any, jour: date, **kwargs: Any) -> None:
        self.jour = jour
        super().__init__(*args, **kwargs)

    def contenu(self) -> dict[str, Any]:
        """Part du rapport que dit cette page, une fois valide."""
        raise NotImplementedError


class PatientForm(PageRapport):
    """Page 1 : c'est la bonne personne."""

    bien_mon_patient = forms.BooleanField(
        label="C'est bien mon patient",
        error_messages={"required": "Cochez « C'est bien mon patient » pour continuer."},
    )
    suivi_depuis = texte_court("Suivi depuis", aide="Le mois et l'année suffisent.", maximum=60)

    def clean_suivi_depuis(self) -> str:
        """Un moment passé qui existe; le texte reste celui du clinicien."""
        ecrit = str(self.cleaned_data["suivi_depuis"] or "")
        if ecrit:
            moment_possible(ecrit)
        return ecrit

    def contenu(self) -> dict[str, Any]:
        """`suivi_depuis`, s'il est écrit."""
        return _sans_vide({"suivi_depuis": self.cleaned_data["suivi_depuis"]})


@dataclass(frozen=True)
class Recherche:
    """Une recherche de code pour la ligne `rang` : ce qui était écrit, ce qui est proposé, ou ce qui a été choisi."""

    rang: int
    texte: str
    suggestions: Sequence[Suggestion] = ()
    liste_absente: bool = False
    choisi: Suggestion | None = None


class DiagnosticsForm(PageRapport):
    """Page 2 : un à six diagnostics, un seul principal."""

    principal = forms.ChoiceField(
        label="Diagnostic principal",
        choices=[(str(rang), f"Diagnostic {rang}") for rang in range(1, LIGNES_DIAGNOSTIC + 1)],
        widget=forms.RadioSelect,
        initial="1",
        error_messages={"required": "Choisissez le diagnostic principal."},
    )
    effet_cumulatif = forms.BooleanField(
        label="Ensemble, ces problèmes limitent plus que chacun pris seul", required=False
    )

    # Ce que la personne vient de chercher pour une ligne, posé par la vue.
    recherche: Recherche | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rang in range(1, LIGNES_DIAGNOSTIC + 1):
            self.fields[f"libelle_{rang}"] = texte_court(
                f"Diagnostic {rang}", requis=rang == 1, maximum=regles.LIBELLE_MAX
            )
            self.fields[f"code_{rang}"] = texte_court(f"Code du diagnostic {rang}", maximum=20)
        self.fields["libelle_1"].error_messages["required"] = "Écrivez au moins un diagnostic."

    @property
    def rangees(self) -> list[dict[str, Any]]:
        """Les six lignes : libellé, code, choix du principal, et ce qui vient d'y être cherché."""
        boutons = list(self["principal"].subwidgets)
        return [
            {
                "rang": rang,
                "libelle": self[f"libelle_{rang}"],
                "code": self[f"code_{rang}"],
                "principal": boutons[rang - 1].data,
                "recherche": self.recherche if self.recherche and self.recherche.rang == rang else None,
            }
            for rang in range(1, LIGNES_DIAGNOSTIC + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """Un code demande un libellé; le principal est une ligne remplie."""
        lues = super().clean() or {}
        for rang in range(2, LIGNES_DIAGNOSTIC + 1):
            if lues.get(f"code_{rang}") and not lues.get(f"libelle_{rang}") and f"libelle_{rang}" not in self.errors:
                self.add_error(f"libelle_{rang}", f"Écrivez le diagnostic {rang}, ou retirez son code.")
        choisi = lues.get("principal")
        if choisi and choisi != "1" and not lues.get(f"libelle_{choisi}") and f"libelle_{choisi}" not in self.errors:
            self.add_error("principal", "Le diagnostic principal est vide. Écrivez-le, ou choisissez-en un autre.")
        return lues

    def contenu(self) -> dict[str, Any]:
        """`diagnostics` et `effet_cumulatif`."""
        lues = self.cleaned_data
        diagnostics = []
        for rang in range(1, LIGNES_DIAGNOSTIC + 1):
            if lues[f"libelle_{rang}"]:
                ligne: dict[str, Any] = {"libelle": lues[f"libelle_{rang}"]}
                if lues[f"code_{rang}"]:
                    ligne["code"] = lues[f"code_{rang}"]
                if lues["principal"] == str(rang):
                    ligne["principal"] = True
                diagnostics.append(ligne)
        return {"diagnostics": diagnostics, "effet_cumulatif": lues["effet_cumulatif"]}


class LimitationsForm(PageRapport):
    """Page 3 : un niveau par domaine; un exemple pour un niveau grave."""

    OUVRE: tuple[str, ...] = ("moderee", "grave")
    # Un papier peut ne pas porter d'exemple : qui le recopie n'en invente pas.
    EXIGE_EXEMPLE = True

    def __init__(self, *args: Any, requis: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requis = requis
        self.domaines = referentiels.domaines(self.jour)
        choix = [(niveau.code, niveau.dit("libelle")) for niveau in referentiels.niveaux(self.jour)]
        self.libelles_niveau = dict(choix)
        for domaine in self.domaines:
            nom = domaine.dit("libelle")
            self.fields[f"niveau_{domaine.code}"] = forms.ChoiceField(
                label=nom, choices=choix, widget=forms.RadioSelect, required=False
            )
            self.fields[f"exemple_{domaine.code}"] = forms.CharField(
                label="Un exemple, en une ligne",
                max_length=EXEMPLE_MAX,
                required=False,
                widget=forms.Textarea(attrs={"rows": 1}),
            )

    @property
    def rangees(self) -> list[tuple[Any, Any, str, str]]:
        """Pour chaque domaine : son niveau, son exemple, une phrase type, quelques mots d'aide."""
        return [
            (
                self[f"niveau_{domaine.code}"],
                self[f"exemple_{domaine.code}"],
                f"Par exemple : « {domaine.dit('exemple')} »" if domaine.exemple else "",
                AIDES.get(domaine.code, ""),
            )
            for domaine in self.domaines
        ]

    def clean(self) -> dict[str, Any]:
        """Au moins un niveau; un niveau grave se montre par un exemple."""
        lues = super().clean() or {}
        premier = f"niveau_{self.domaines[0].code}"
        niveaux = [lues.get(f"niveau_{domaine.code}") for domaine in self.domaines]
        if self.requis and not any(niveaux) and premier not in self.errors:
            self.add_error(premier, "Donnez un niveau à au moins un domaine.")
        for domaine in self.domaines if self.EXIGE_EXEMPLE else ():
            exemple = f"exemple_{domaine.code}"
            if lues.get(f"niveau_{domaine.code}") == "grave" and not lues.get(exemple) and exemple not in self.errors:
                grave = self.libelles_niveau["grave"].lower()
                self.add_error(exemple, f"Donnez un exemple pour « {domaine.dit('libelle')} » (niveau {grave}).")
        return lues

    def contenu(self) -> dict[str, Any]:
        """`limitations` : domaine, niveau, et l'exemple s'il y en a un."""
        limitations = []
        for domaine in self.domaines:
            niveau = self.cleaned_data[f"niveau_{domaine.code}"]
            if not niveau:
                continue
            ligne = {"domaine": domaine.code, "niveau": niveau}
            exemple = self.cleaned_data[f"exemple_{domaine.code}"]
            if exemple and niveau in self.OUVRE:
                ligne["exemple"] = exemple
            limitations.append(ligne)
        return {"limitations": limitations}


class ChampMois(forms.CharField):
    """Un nombre de mois, écrit « 6 » ou « 6 mois »; rend un entier."""

    def clean(self, value: Any) -> Any:
        """Lire l'entier; hors de 1 à 1200, le dire. Vide est permis : c'est le genre de durée qui l'exige."""
        if not str(value or "").strip():
            return None
        texte = str(super().clean(value))
        lu = re.fullmatch(r"\s*(\d{1,4})\s*(mois)?\s*", texte, re.IGNORECASE)
        if lu is None or not 1 <= int(lu[1]) <= 1200:
            raise forms.ValidationError("Écrivez un nombre de mois, par exemple 6.", "invalid")
        return int(lu[1])


class DureeMixin(forms.Form):
    """La durée prévue des limitations : un nombre de mois, permanente ou indéterminée."""

    def clean(self) -> dict[str, Any]:
        """Des mois demandent leur nombre."""
        lues: dict[str, Any] = super().clean() or {}
        if lues.get("duree_type") == "mois" and not lues.get("duree_mois") and "duree_mois" not in self.errors:
            self.add_error("duree_mois", "Écrivez le nombre de mois, par exemple 6.")
        return lues

    def duree(self) -> dict[str, Any]:
        """`{type, mois?}`, ou vide si rien n'est choisi."""
        genre = self.cleaned_data.get("duree_type")
        if not genre:
            return {}
        return {"type": genre, "mois": self.cleaned_data["duree_mois"]} if genre == "mois" else {"type": genre}


def champ_duree(*, requis: bool) -> forms.ChoiceField:
    """Le choix du genre de durée."""
    return forms.ChoiceField(
        label="Combien de temps ces limitations vont-elles durer?",
        choices=DUREES,
        widget=forms.RadioSelect,
        required=requis,
        error_messages={"required": "Dites combien de temps ces limitations vont durer."},
    )


class DureeForm(DureeMixin, PageRapport):
    """Page 4 : durée, contrainte, et ce qui aide à comprendre."""

    duree_type = champ_duree(requis=True)
    duree_mois = ChampMois(label="Nombre de mois")
    contrainte = forms.ChoiceField(
        label="Quelle contrainte décrivez-vous?",
        choices=CONTRAINTES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez « Temporaire » ou « Sévère »."},
    )
    deterioration = forms.BooleanField(label="L'état s'est détérioré depuis le dernier rapport", required=False)
    depuis = texte_court("Limitations présentes depuis", aide="Le mois et l'année suffisent.", maximum=60)
    traitements = texte_long("Traitements essayés et leur effet", rangs=2)
    evolution = texte_long("Évolution attendue", rangs=2)
    justification = texte_long("Autre chose d'utile à savoir")
    contact = texte_court(
        "Vous pouvez m'appeler", aide="Numéro et moments. Laissez vide si vous préférez écrire.", maximum=160
    )

    def contenu(self) -> dict[str, Any]:
        """Durée, contrainte et suivi."""
        lues = self.cleaned_data
        textes = {nom: lues[nom] for nom in ("depuis", "traitements", "evolution", "justification", "contact")}
        return {
            "duree": self.duree(),
            "contrainte": lues["contrainte"],
            "deterioration": lues["deterioration"],
            **_sans_vide(textes),
        }


PAGES: dict[str, type[PageRapport]] = {
    "patient": PatientForm,
    "diagnostics": DiagnosticsForm,
    "limitations": LimitationsForm,
    "duree": DureeForm,
}


class SignerForm(FormulaireActe):
    """Signer : rien à remplir, le jeton seul."""


class DeclinerForm(FormulaireActe):
    """Décliner une invitation, avec un motif."""

    motif = forms.CharField(
        label="Pourquoi ne pouvez-vous pas remplir ce rapport?",
        help_text="Une phrase suffit. La personne ne perd rien : son agent cherchera avec elle quelqu'un d'autre.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "data-compte": 300}),
        error_messages={"required": "Écrivez pourquoi, en une phrase."},
    )


class ReponseForm(DureeMixin, FormulaireActe):
    """Réponse à une demande de renseignement : un champ par élément manquant, et au besoin la durée du rapport."""

    DUREE = "duree_limitations"
    # La demande montrée : si elle se clôt pendant la saisie, l'envoi se rapporte encore à elle.
    demande = forms.IntegerField(widget=forms.HiddenInput, required=False)
    quand_meme = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, elements: tuple[Any, ...], clinicien: bool, corrige_duree: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.elements = elements
        self.corrige_duree = corrige_duree and any(element.code == self.DUREE for element in elements)
        for element in elements:
            # « quoi » s'adresse à la personne (« vos limitations »); les autres lisent le nom de l'élément.
            champ = texte_long(
                element.dit("libelle" if clinicien else "quoi"),
                aide=gettext("Exemple utile : « %(exemple)s »") % {"exemple": element.dit("exemple")},
                requis=not (self.corrige_duree and element.code == self.DUREE),
            )
            champ.error_messages["required"] = "Écrivez votre réponse. « Je ne sais pas » est une réponse."
            self.fields[f"reponse_{element.code}"] = champ
        if self.corrige_duree:
            self.fields["duree_type"] = champ_duree(requis=False)
            self.fields["duree_mois"] = ChampMois(label="Nombre de mois")
            self.fields["maintenir"] = forms.BooleanField(label="Garder cette durée : elle est voulue", required=False)

    @property
    def questions(self) -> list[Any]:
        """Les champs de réponse, dans l'ordre demandé."""
        return [self[f"reponse_{element.code}"] for element in self.elements]

    def clean(self) -> dict[str, Any]:
        """Une réponse par élément; pour la durée, la correction du rapport en tient lieu."""
        lues = super().clean()
        for element in self.elements:
            nom = f"reponse_{element.code}"
            remplace = element.code == self.DUREE and lues.get("duree_type")
            if not lues.get(nom) and not remplace and nom not in self.errors:
                self.add_error(nom, "Écrivez votre réponse. « Je ne sais pas » est une réponse.")
        return lues

    def reponses(self) -> dict[str, str]:
        """Réponses écrites, par code; la durée choisie se dit aussi en mots."""
        ecrites = {e.code: self.cleaned_data[f"reponse_{e.code}"] for e in self.elements}
        duree = self.duree() if self.corrige_duree else {}
        if duree and not ecrites.get(self.DUREE):
            mots = f"{duree['mois']} mois" if "mois" in duree else dict(DUREES)[duree["type"]]
            ecrites[self.DUREE] = mots
        return {code: texte for code, texte in ecrites.items() if texte}


def _sans_vide(valeurs: dict[str, Any]) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in valeurs.items() if valeur}
