"""Une `QuestionnaireResponse` relue en saisie du SR-2100 : les mêmes champs, les mêmes règles, les mêmes phrases.

La forme est jugée par la bibliothèque, la structure par le questionnaire en vigueur, le fond par les formulaires
de l'écran. Une réponse `in-progress` peut être incomplète, comme « Enregistrer et sortir ».
Source : FHIR R4 (4.0.1), QuestionnaireResponse.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from dossiers.models import Dossier
from formulaires.fhir.forme import valider_forme
from formulaires.fhir.problemes import RACINE, Probleme, ReponseRefusee
from formulaires.fhir.questionnaire import adresse_canonique, definition
from formulaires.fhir.textes import SYSTEME_NAM, adresse
from formulaires.forms import PAGES
from formulaires.saisie import Brut, Saisie, nom_du_champ
from socle import horloge
from socle.champs import empreinte

FINIE = frozenset({"completed", "amended"})
STATUTS = FINIE | {"in-progress"}
CLE_DE_VALEUR = {
    "boolean": "valueBoolean",
    "choice": "valueCoding",
    "integer": "valueInteger",
    "string": "valueString",
    "text": "valueString",
}
EN_MOTS = {
    "boolean": "oui ou non (valueBoolean)",
    "choice": "un code de la liste (valueCoding)",
    "integer": "un nombre entier (valueInteger)",
    "string": "un texte (valueString)",
    "text": "un texte (valueString)",
}
SORTE_DE_L_ERREUR = {"required": "required", "max_length": "too-long", "invalid_choice": "code-invalid"}


@dataclass(frozen=True)
class ReponseLue:
    """La saisie, toute « à confirmer », et ce qu'il reste à remplir à l'écran d'une réponse inachevée."""

    saisie: Saisie
    restes: list[Probleme]


def lire_reponse(ressource: Any, dossier: Dossier, jour: date) -> ReponseLue:
    """La saisie que dit la ressource, pour ce dossier, ce jour-là. Lève `ReponseRefusee` avec tous ses constats."""
    modele = valider_forme(ressource)
    questions = definition(jour)
    problemes = [*_entete(ressource, questions), *_moment(modele.authored), *_sujet(ressource, dossier)]
    lecteur = Lecteur(questions["item"])
    lecteur.lire(ressource.get("item") or [])
    problemes += lecteur.problemes
    manques = list(_juger(lecteur, jour))
    if ressource["status"] in FINIE:
        problemes += manques
        manques = []
    if problemes:
        raise ReponseRefusee(problemes)
    pages = {nom: lecteur.pages[nom] for nom in PAGES if lecteur.pages.get(nom)}
    if not pages:
        raise ReponseRefusee([Probleme("required", "La réponse ne remplit aucun champ.", refus="champ_manquant")])
    return ReponseLue(Saisie(pages=pages, a_confirmer=list(pages)), manques)


def _entete(ressource: dict[str, Any], questions: dict[str, Any]) -> Iterator[Probleme]:
    if ressource["status"] not in STATUTS:
        dit = f"Une réponse « {ressource['status']} » ne se reprend pas : envoyez « completed » ou « in-progress »."
        yield Probleme("not-supported", dit, f"{RACINE}.status")
    ou, attendu = f"{RACINE}.questionnaire", f"{adresse_canonique()}|{questions['version']}"
    url, _, version = str(ressource.get("questionnaire") or "").partition("|")
    if not url:
        yield Probleme("required", f"Dites à quel questionnaire répond la ressource : {attendu}.", ou)
    elif url != adresse_canonique():
        yield Probleme("not-supported", f"Ce questionnaire n'est pas le nôtre. Attendu : {attendu}.", ou)
    elif version != questions["version"]:
        dit = f"Le questionnaire a changé. Répondez à la version en vigueur : {attendu}."
        yield Probleme("conflict", dit if version else f"Dites la version du questionnaire : {attendu}.", ou)


def _moment(redige: Any) -> Iterator[Probleme]:
    """Une réponse ne peut pas avoir été rédigée demain."""
    if redige is None:
        return
    jour = horloge.jour_civil(redige) if isinstance(redige, datetime) and redige.tzinfo else redige
    jour = jour.date() if isinstance(jour, datetime) else jour
    if isinstance(jour, date) and jour > horloge.aujourd_hui():
        yield Probleme("value", "La date de rédaction est à venir. Vérifiez-la.", f"{RACINE}.authored")


def _sujet(ressource: dict[str, Any], dossier: Dossier) -> Iterator[Probleme]:
    """La personne nommée est celle du dossier : par la référence du dossier, ou par le numéro d'assurance maladie."""
    ou = f"{RACINE}.subject"
    systemes = {adresse("NamingSystem", "dossier"), SYSTEME_NAM}
    reconnus = [(i.get("system"), str(i.get("value") or "")) for i in _identifiants(ressource)]
    reconnus = [(systeme, valeur) for systeme, valeur in reconnus if systeme in systemes]
    if not reconnus:
        dit = "Dites de qui parle la réponse : un identifiant de système " + " ou ".join(sorted(systemes)) + "."
        yield Probleme("required", dit, ou, "champ_manquant")
    elif not all(_est_la_personne(systeme, valeur, dossier) for systeme, valeur in reconnus):
        yield Probleme("conflict", "La réponse ne parle pas de la personne de ce dossier. Vérifiez les deux.", ou)


def _identifiants(ressource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    sujet = ressource.get("subject") or {}
    if sujet.get("identifier"):
        yield sujet["identifier"]
    for contenue in ressource.get("contained") or []:
        if contenue.get("resourceType") == "Patient" and sujet.get("reference") == f"#{contenue.get('id')}":
            yield from contenue.get("identifier") or []


def _est_la_personne(systeme: str | None, valeur: str, dossier: Dossier) -> bool:
    if systeme == SYSTEME_NAM:
        return bool(dossier.nam_empreinte) and empreinte(valeur) == dossier.nam_empreinte
    return valeur == dossier.reference


@dataclass
class Question:
    """Un item déclaré : sa définition, l'item qui le contient, sa page et son champ."""

    item: dict[str, Any]
    parent: str

    @property
    def link_id(self) -> str:
        return str(self.item["linkId"])

    @property
    def nom(self) -> str:
        """Comment un message le nomme."""
        return f"« {self.item['text']} » ({self.link_id})"


@dataclass
class Lecteur:
    """Parcourt les items d'une réponse et les range en pages, comme l'écran les aurait envoyées."""

    declares: list[dict[str, Any]]
    pages: dict[str, Brut] = field(default_factory=dict)
    chemins: dict[str, str] = field(default_factory=dict)
    problemes: list[Probleme] = field(default_factory=list)
    fautifs: set[str] = field(default_factory=set)
    questions: dict[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        self.questions = dict(self._ranger(self.declares, ""))

    def _ranger(self, items: list[dict[str, Any]], parent: str) -> Iterator[tuple[str, Question]]:
        for item in items:
            yield item["linkId"], Question(item, parent)
            yield from self._ranger(item.get("item", []), item["linkId"])

    def lire(self, items: list[dict[str, Any]]) -> None:
        """Lit toute la réponse, puis retient ce qui répond à une question fermée."""
        self._lire(items, "", RACINE)
        for question in self.questions.values():
            if self._ecrit(question.link_id) and not self._ouverte(question):
                self._dire(question, "business-rule", "n'est pas demandé avec cette réponse. Retirez-le.")

    def chemin(self, link_id: str) -> str:
        """FHIRPath de l'item, ou du plus proche groupe présent s'il manque."""
        while link_id and link_id not in self.chemins:
            link_id = self.questions[link_id].parent
        return self.chemins.get(link_id, RACINE)

    def _dire(self, question: Question, sorte: str, suite: str, chemin: str = "") -> None:
        self.fautifs.add(question.link_id)
        dit = f"{question.nom} {suite}"
        self.problemes.append(Probleme(sorte, dit, chemin or self.chemin(question.link_id), "champ_invalide"))

    def _lire(self, items: list[dict[str, Any]], parent: str, chemin: str) -> None:
        for rang, item in enumerate(items):
            ici, link_id = f"{chemin}.item[{rang}]", str(item["linkId"])
            question = self.questions.get(link_id)
            if question is None:
                self.problemes.append(Probleme("not-found", self._inconnu(link_id), f"{ici}.linkId"))
            elif question.parent != parent:
                place = f"se range sous « {question.parent} »." if question.parent else "se range à la racine."
                self._dire(question, "structure", place, ici)
            elif link_id in self.chemins:
                self._dire(question, "structure", "est écrit deux fois. Gardez-en un.", ici)
            else:
                self.chemins[link_id] = ici
                self._item(question, item, ici)

    def _inconnu(self, link_id: str) -> str:
        proches = difflib.get_close_matches(link_id[:100], self.questions, n=1)
        suite = f" Vouliez-vous dire « {proches[0]} »?" if proches else ""
        return f"Aucun champ du rapport ne porte le linkId « {link_id[:100]} ».{suite}"

    def _item(self, question: Question, item: dict[str, Any], ici: str) -> None:
        reponses = item.get("answer") or []
        self._lire(item.get("item") or [], question.link_id, ici)
        if question.item["type"] in {"group", "display"}:
            if reponses:
                self._dire(question, "structure", "ne reçoit pas de réponse.", f"{ici}.answer[0]")
            return
        if len(reponses) > 1:
            self._dire(question, "structure", "a deux réponses. Gardez-en une.", f"{ici}.answer[1]")
            return
        for reponse in reponses:
            self._lire(reponse.get("item") or [], question.link_id, f"{ici}.answer[0]")
            self._repondre(question, reponse, f"{ici}.answer[0].value")

    def _repondre(self, question: Question, reponse: dict[str, Any], ici: str) -> None:
        genre = question.item["type"]
        cle = next((nom for nom in reponse if nom.startswith("value")), "")
        valeur: Any = reponse.get(cle)
        # La bibliothèque convertit « 6 » en 6 et vrai en 1; R4 ne le permet pas.
        attendu = {"boolean": bool, "choice": dict, "integer": int}.get(genre, str)
        if cle != CLE_DE_VALEUR[genre] or type(valeur) is not attendu:  # un booléen est aussi un entier
            self._dire(question, "value", f"attend {EN_MOTS[genre]}.", ici)
            return
        ecrit = (self._choix if genre == "choice" else self._texte)(question, valeur, ici)
        page, _, champ = question.link_id.partition(".")
        if ecrit:
            self.pages.setdefault(page, {})[champ] = ecrit

    def _choix(self, question: Question, coding: Any, ici: str) -> str:
        permis = [option["valueCoding"] for option in question.item["answerOption"]]
        if any((coding.get("system"), coding.get("code")) == (un["system"], un["code"]) for un in permis):
            return str(coding["code"])
        codes = ", ".join(un["code"] for un in permis)
        self._dire(question, "code-invalid", f"attend un de ces codes du système {permis[0]['system']} : {codes}.", ici)
        return ""

    def _texte(self, question: Question, valeur: Any, ici: str) -> str:
        if not isinstance(valeur, str):
            return ("on" if valeur else "") if isinstance(valeur, bool) else str(valeur)
        texte, maximum = valeur.replace("\r\n", "\n"), question.item.get("maxLength")
        longueur = len(texte.strip())
        if "\x00" in texte:
            self._dire(question, "value", "contient un caractère nul. Retirez-le.", ici)
            return ""
        if maximum and longueur > maximum:
            self._dire(question, "too-long", f"compte {longueur} signes; {maximum} au plus sont permis.", ici)
            return ""
        return texte if longueur else ""

    def _ecrit(self, link_id: str) -> str:
        page, _, champ = link_id.partition(".")
        return self.pages.get(page, {}).get(champ, "")

    def _ouverte(self, question: Question) -> bool:
        """Vrai si rien ne ferme la question; toutes nos conditions s'ouvrent par une seule d'entre elles."""
        quand = question.item.get("enableWhen", [])
        return not quand or any(self._ecrit(un["question"]) == un["answerCoding"]["code"] for un in quand)


def _juger(lecteur: Lecteur, jour: date) -> Iterator[Probleme]:
    """Les erreurs que l'écran dirait près des mêmes champs; celles déjà dites ne le sont pas deux fois."""
    for page in PAGES:
        formulaire = Saisie(pages=lecteur.pages).formulaire(page, jour)
        for nom, erreurs in formulaire.errors.as_data().items():
            link_id = f"{page}.{nom}" if nom in formulaire.fields else page
            if link_id not in lecteur.questions or link_id in lecteur.fautifs:
                continue
            etiquette = nom_du_champ(formulaire, nom) if nom in formulaire.fields else page
            for erreur in erreurs:
                yield _de_l_ecran(erreur, f"« {etiquette} » ({link_id})", lecteur.chemin(link_id))


def _de_l_ecran(erreur: ValidationError, nom: str, chemin: str) -> Probleme:
    sorte = SORTE_DE_L_ERREUR.get(erreur.code or "", "value" if erreur.code else "business-rule")
    refus = "champ_manquant" if sorte == "required" else "champ_invalide"
    return Probleme(sorte, f"{nom} : {' '.join(erreur.messages)}", chemin, refus)
