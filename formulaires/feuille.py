"""La feuille SR-2100 à imprimer, pour la clinique sans ordinateur : engendrée des champs mêmes de l'écran.

Un libellé, un choix, un domaine ou un niveau changé à l'écran change sur la feuille; l'anglais est celui du
questionnaire FHIR. Le code QR ne porte que le numéro de la feuille (référence du dossier et rang de la page) :
ni nom, ni date, ni adresse. Source : `ecrans-et-lettres.md` B6; `docs/formulaires.md`, « Le papier ».
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from dossiers.codes import dessiner_texte
from dossiers.models import Dossier
from formulaires.fhir.textes import anglais
from formulaires.forms import AIDES, PAGES, PageRapport
from formulaires.saisie import TITRES
from referentiels import lecture as referentiels

LANGUES = {"fr": "fr-CA", "en": "en-CA"}
LIGNES_IMPRIMEES = 4
PAGES_IMPRIMEES = 2
COURTE = 65  # signes d'une étiquette qui laisse la place d'écrire à côté
TEXTES: dict[str, dict[str, str]] = {
    "fr": {
        "titre": "Rapport médical (SR-2100)",
        "sous_titre": "Reconnaissance de {mots}",
        "comment": "Cochez en noir. Une case vide est permise. La capacité de travail n'est pas demandée.",
        "personne": "Personne",
        "naissance": "Date de naissance",
        "non_fournie": "Non fournie",
        "dossier": "Dossier",
        "feuille": "Feuille",
        "code": "Code CIM-10",
        "principal": "Principal",
        "domaine": "Domaine",
        "exemple": "Un exemple, si modérée ou grave",
        "signature": "Signature",
        "nom": "Nom en lettres moulées",
        "titre_pro": "Titre professionnel",
        "permis": "Numéro de permis",
        "date": "Date (jour, mois, année)",
        "atteste": "Ce rapport dit ce que j'ai constaté.",
        "retour": "Rendez les deux pages à la personne, ou envoyez-les au bureau qui suit son dossier. Par téléphone :",
        "autres": "Plus de quatre diagnostics : continuez au verso; écrivez « principal » s'il y a lieu.",
        "permis_qui": "Peuvent signer :",
        "qr": "Code QR : numéro de la feuille",
        "fictives": "Données fictives.",
        "page": "Page",
    },
    "en": {
        "titre": "Medical report (SR-2100)",
        "sous_titre": "Recognition of {mots}",
        "comment": "Check boxes in black ink. A box may stay empty. Capacity for work is not asked.",
        "personne": "Person",
        "naissance": "Date of birth",
        "non_fournie": "Not provided",
        "dossier": "File",
        "feuille": "Sheet",
        "code": "ICD-10 code",
        "principal": "Main",
        "domaine": "Area",
        "exemple": "One example, if moderate or severe",
        "signature": "Signature",
        "nom": "Name in block letters",
        "titre_pro": "Professional title",
        "permis": "Licence number",
        "date": "Date (day, month, year)",
        "atteste": "This report states what I have observed.",
        "retour": "Give both pages to the person, or send them to the office in charge of the file. By telephone:",
        "autres": "More than four diagnoses: continue overleaf; write “main” where it applies.",
        "permis_qui": "May sign:",
        "qr": "QR code: sheet number",
        "fictives": "Fictitious data.",
        "page": "Page",
    },
}


@dataclass(frozen=True)
class Case:
    """Une question de la feuille : son étiquette, ses choix s'il y en a, le nombre de lignes à écrire."""

    nom: str
    etiquette: str
    choix: tuple[str, ...] = ()
    lignes: int = 0
    aide: str = ""

    @property
    def en_ligne(self) -> bool:
        """Vrai si la réponse tient à côté de l'étiquette."""
        return self.lignes == 1 and len(self.etiquette) + len(self.aide) < COURTE


def numero(reference: str, page: int) -> str:
    """« SR2100 ABCD-2345 1/2 » : ce que portent le code QR et la ligne écrite dessous, et rien d'autre."""
    return f"SR2100 {reference} {page}/{PAGES_IMPRIMEES}"


def contenu(dossier: Dossier, langue: str, le: date) -> dict[str, Any]:
    """Ce que la feuille imprime, dans `langue` (`fr` ou `en`), avec les listes en vigueur le jour `le`."""
    mots = dict(TEXTES[langue])
    mots["sous_titre"] = mots["sous_titre"].format(mots=referentiels.vocabulaire("contraintes_severes", le, langue))
    pages = {nom: formulaire(jour=le) for nom, formulaire in PAGES.items()}
    domaines = [
        (un.dit("libelle", langue), _traduit(AIDES.get(un.code, ""), langue)) for un in referentiels.domaines(le)
    ]
    numeros = [numero(dossier.reference, rang) for rang in range(1, PAGES_IMPRIMEES + 1)]
    return {
        "langue": langue,
        "lang": LANGUES[langue],
        "mots": mots,
        "titres": {nom: _traduit(titre, langue) for nom, titre in TITRES.items()},
        "dossier": dossier,
        "patient": cases(pages["patient"], langue),
        "rangs": range(1, LIGNES_IMPRIMEES + 1),
        "etiquette_diagnostic": _traduit("Diagnostic 1", langue).removesuffix(" 1"),
        "diagnostics": [une for une in cases(pages["diagnostics"], langue) if une.nom == "effet_cumulatif"],
        "niveaux": [un.dit("libelle", langue) for un in referentiels.niveaux(le)],
        "domaines": domaines,
        "duree": cases(pages["duree"], langue),
        "signataires": [un.dit("libelle", langue) for un in referentiels.titres(le) if un.peut_signer_sr2100],
        "numeros": numeros,
        "qr": [dessiner_texte(un, f"{mots['qr']} {un}") for un in numeros],
    }


def cases(page: PageRapport, langue: str) -> list[Case]:
    """Les questions d'une page de l'écran, dans leur ordre; les cachées n'y sont pas."""
    return [
        _case(nom, champ, langue)
        for nom, champ in page.fields.items()
        if not isinstance(champ.widget, forms.HiddenInput)
    ]


def _case(nom: str, champ: forms.Field, langue: str) -> Case:
    etiquette = _traduit(str(champ.label), langue)
    if isinstance(champ, forms.BooleanField):
        return Case(nom, etiquette, (etiquette,))
    if isinstance(champ, forms.ChoiceField):
        return Case(nom, etiquette, tuple(_choix(champ, langue)))
    lignes = 2 if isinstance(champ.widget, forms.Textarea) else 1
    return Case(nom, etiquette, lignes=lignes, aide=_traduit(str(champ.help_text), langue))


def _choix(champ: forms.ChoiceField, langue: str) -> Iterable[str]:
    return (_traduit(str(libelle), langue) for _code, libelle in champ.choices)  # type: ignore[misc, union-attr]


def _traduit(francais: str, langue: str) -> str:
    return (anglais(francais) or francais) if langue == "en" else francais
