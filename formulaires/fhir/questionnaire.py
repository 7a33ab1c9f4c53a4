"""Le SR-2100 en `Questionnaire` FHIR R4, engendré des formulaires de l'écran.

`linkId` = page, point, nom du champ : il ne change que si le champ change. La version porte la date de la plus
récente ligne des listes, puis une empreinte de la structure : un libellé corrigé ne périme aucune réponse.
Source : FHIR R4 (4.0.1), Questionnaire; `formulaires/forms.py`; domaines et niveaux datés des référentiels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms

from formulaires.fhir.textes import DESCRIPTION, LANGUES, TITRE, adresse, dire, systeme
from formulaires.forms import AIDES, PAGES, ChampMois, LimitationsForm, PageRapport
from formulaires.saisie import TITRES
from referentiels import lecture as referentiels
from socle import horloge

Item = dict[str, Any]
EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
MOIS_MIN, MOIS_MAX = 1, 1200
STRUCTURE = ("linkId", "type", "required", "maxLength", "enableWhen", "enableBehavior", "answerOption", "item")


class SansFormulaire(LookupError):
    """Aucun domaine ni niveau n'est en vigueur ce jour-là : il n'y a pas de SR-2100 à engendrer."""


def adresse_canonique() -> str:
    """Adresse du questionnaire, sans sa version."""
    return adresse("Questionnaire", "sr2100")


def questionnaire(le: date, langue: str = "fr") -> dict[str, Any]:
    """Le `Questionnaire` en vigueur le jour `le`, validé par la bibliothèque. Lève `SansFormulaire`."""
    from fhir.resources.R4B.questionnaire import Questionnaire

    modele = Questionnaire.model_validate(definition(le, langue))
    valide: dict[str, Any] = json.loads(modele.model_dump_json())
    return valide


def definition(le: date, langue: str = "fr") -> dict[str, Any]:
    """La même ressource, sans charger la bibliothèque : c'est elle qui sert à relire une réponse."""
    du = max(ligne.en_vigueur_du for ligne in _listes(le))
    pages = [_page(nom, formulaire(jour=le), langue) for nom, formulaire in PAGES.items()]
    return {
        "resourceType": "Questionnaire",
        "id": "sr2100",
        "language": LANGUES[langue],
        "url": adresse_canonique(),
        "version": _version(du, pages),
        "name": "SR2100",
        **dire("title", TITRE, langue),
        "status": _statut(le, du),
        "subjectType": ["Patient"],
        "date": du.isoformat(),
        **dire("description", DESCRIPTION, langue),
        "effectivePeriod": {"start": du.isoformat()},
        "item": pages,
    }


def _listes(le: date) -> tuple[Any, ...]:
    domaines, niveaux = referentiels.domaines(le), referentiels.niveaux(le)
    if not (domaines and niveaux):
        raise SansFormulaire(f"Aucun SR-2100 n'est en vigueur le {le.isoformat()}.")
    return (*domaines, *niveaux)


def _statut(le: date, du: date) -> str:
    """`active` si ces listes valent aujourd'hui, `draft` si elles sont à venir, `retired` sinon."""
    aujourd_hui = horloge.aujourd_hui()
    if du > aujourd_hui:
        return "draft"
    return "active" if _listes(le) == _listes(aujourd_hui) else "retired"


def _version(du: date, pages: list[Item]) -> str:
    structure = json.dumps(_structure(pages), sort_keys=True, ensure_ascii=False)
    return f"{du.isoformat()}-{hashlib.sha256(structure.encode()).hexdigest()[:8]}"


def _structure(valeur: Any) -> Any:
    """Ce qui rend deux questionnaires interchangeables : ni les textes, ni les aides."""
    if isinstance(valeur, list):
        return [_structure(un) for un in valeur if not (isinstance(un, dict) and un.get("type") == "display")]
    if isinstance(valeur, dict) and "linkId" in valeur:
        return {cle: _structure(valeur[cle]) for cle in STRUCTURE if cle in valeur}
    if isinstance(valeur, dict):
        # L'adresse de l'installation n'entre pas dans la version : seuls les codes comptent.
        coding = valeur.get("valueCoding") or valeur["answerCoding"]
        return [valeur.get("question", ""), coding["code"]]
    return valeur


def _page(page: str, formulaire: PageRapport, langue: str) -> Item:
    """Une page : ses rangées (un diagnostic, un domaine), puis ses autres champs."""
    rangees: dict[str, list[Item]] = {}
    seuls: list[Item] = []
    for nom, champ in formulaire.fields.items():
        if not champ.widget.is_hidden:
            suffixe = nom.rpartition("_")[2]
            en_rangee = suffixe.isdigit() or suffixe in _domaines(formulaire)
            cible = rangees.setdefault(suffixe, []) if en_rangee else seuls
            cible.extend(_champ(page, nom, champ, formulaire, langue))
    groupes = [_rangee(page, suffixe, items, formulaire, langue) for suffixe, items in rangees.items()]
    # Un SR-2100 n'a pas de page facultative.
    return {
        "linkId": page,
        **dire("text", TITRES[page], langue),
        "type": "group",
        "required": True,
        "item": [*groupes, *seuls],
    }


def _domaines(formulaire: PageRapport) -> dict[str, Any]:
    """Les domaines de la page, par code; aucun hors des limitations."""
    return {domaine.code: domaine for domaine in getattr(formulaire, "domaines", ())}


def _rangee(page: str, suffixe: str, items: list[Item], formulaire: PageRapport, langue: str) -> Item:
    domaine = _domaines(formulaire).get(suffixe)
    if domaine is None:
        texte = dire("text", f"Diagnostic {suffixe}", langue)
        return {"linkId": f"{page}.{suffixe}", **texte, "type": "group", "required": suffixe == "1", "item": items}
    aides = [_aide(f"{page}.{suffixe}.aide", AIDES[suffixe], langue)] if suffixe in AIDES else []
    if domaine.exemple:
        fr, en = (domaine.dit("exemple", une) for une in ("fr", "en"))
        aides.append(_aide(f"{page}.{suffixe}.phrase", f"Par exemple : « {fr} »", langue, f"For example: “{en}”"))
    return {
        "linkId": f"{page}.{suffixe}",
        "code": [{"system": systeme("domaine"), "code": suffixe, "display": domaine.dit("libelle", langue)}],
        **dire("text", domaine.dit("libelle", "fr"), langue, domaine.dit("libelle", "en")),
        "type": "group",
        "required": False,
        "item": [*aides, *items],
    }


def _champ(page: str, nom: str, champ: forms.Field, formulaire: PageRapport, langue: str) -> Iterator[Item]:
    """L'item d'un champ, suivi de son aide : une aide est un item d'affichage, que la réponse ne reprend pas."""
    link_id = f"{page}.{nom}"
    domaine = _domaines(formulaire).get(nom.removeprefix("niveau_"))
    en = domaine.dit("libelle", "en") if domaine else ""
    item: Item = {
        "linkId": link_id,
        **dire("text", str(champ.label), langue, en),
        "type": type_de(champ),
        "required": bool(champ.required),
        **_activation(page, nom),
    }
    if item["type"] == "choice":
        item["answerOption"] = list(_choix(nom, champ, formulaire, langue))
    elif item["type"] == "integer":
        bornes = {"minValue": MOIS_MIN, "maxValue": MOIS_MAX}
        item["extension"] = [{"url": EXTENSION + cle, "valueInteger": borne} for cle, borne in bornes.items()]
    elif getattr(champ, "max_length", None):
        item["maxLength"] = getattr(champ, "max_length", None)
    yield item
    if champ.help_text:
        yield _aide(f"{link_id}.aide", str(champ.help_text), langue)


def type_de(champ: forms.Field) -> str:
    """Type d'item FHIR d'un champ de l'écran. Lève `TypeError` pour un champ que cette porte ne connaît pas."""
    if isinstance(champ, forms.BooleanField):
        return "boolean"
    if isinstance(champ, forms.ChoiceField) and not isinstance(champ, forms.MultipleChoiceField):
        return "choice"
    if isinstance(champ, ChampMois):
        return "integer"
    if isinstance(champ, forms.CharField):
        return "text" if isinstance(champ.widget, forms.Textarea) else "string"
    raise TypeError(f"Champ sans équivalent FHIR : {type(champ).__name__}.")


def _choix(nom: str, champ: forms.Field, formulaire: PageRapport, langue: str) -> Iterator[Item]:
    liste = nom.partition("_")[0]
    textes = {niveau.code: niveau.dit("libelle", "en") for niveau in referentiels.niveaux(formulaire.jour)}
    for code, libelle in getattr(champ, "choices", ()):
        en = textes.get(code, "") if liste == "niveau" else ""
        coding = {"system": systeme(liste), "code": code, **dire("display", str(libelle), langue, en)}
        depart = {"initialSelected": True} if champ.initial == code else {}
        yield {"valueCoding": coding, **depart}


def _activation(page: str, nom: str) -> dict[str, Any]:
    """Ce qui ouvre un champ : les mois avec une durée en mois, l'exemple avec un niveau qui en demande un."""
    codes: tuple[str, ...]
    if nom == "duree_mois":
        question, codes = "duree_type", ("mois",)
    elif nom.startswith("exemple_"):
        question, codes = nom.replace("exemple_", "niveau_", 1), LimitationsForm.OUVRE
    else:
        return {}
    quand = [
        {
            "question": f"{page}.{question}",
            "operator": "=",
            "answerCoding": {"system": systeme(question.partition("_")[0]), "code": code},
        }
        for code in codes
    ]
    return {"enableWhen": quand, "enableBehavior": "any"} if len(quand) > 1 else {"enableWhen": quand}


def _aide(link_id: str, texte: str, langue: str, en: str = "") -> Item:
    sorte = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}
    return {
        "linkId": link_id,
        "extension": [{"url": EXTENSION + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [sorte]}}],
        **dire("text", texte, langue, en),
        "type": "display",
    }
