"""Ce que fait un dossier médical électronique : remplir le questionnaire reçu, sans rien savoir de la maison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Item = dict[str, Any]


def items_de(ressource: Item) -> Iterator[Item]:
    """Tous les items d'une ressource, à toute profondeur."""
    for item in ressource.get("item", []):
        yield item
        yield from items_de(item)


def item_de(ressource: Item, link_id: str) -> Item:
    """L'item de ce `linkId`."""
    return next(item for item in items_de(ressource) if item["linkId"] == link_id)


def remplir(
    questionnaire: Item, pages: dict[str, dict[str, str]], *, reference: str, statut: str = "completed"
) -> Item:
    """La réponse à ce questionnaire, à partir de ce qui serait écrit aux quatre pages de l'écran."""
    base = questionnaire["url"].rpartition("/Questionnaire/")[0]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{questionnaire['url']}|{questionnaire['version']}",
        "status": statut,
        "subject": {"identifier": {"system": f"{base}/NamingSystem/dossier", "value": reference}},
        "item": list(_repondus(questionnaire["item"], pages)),
    }


def _repondus(items: list[Item], pages: dict[str, dict[str, str]]) -> Iterator[Item]:
    for item in items:
        page, _, champ = item["linkId"].partition(".")
        if item["type"] == "group":
            dedans = list(_repondus(item["item"], pages))
            if dedans:
                yield {"linkId": item["linkId"], "text": item["text"], "item": dedans}
        elif item["type"] == "boolean":
            yield {"linkId": item["linkId"], "answer": [{"valueBoolean": champ in pages.get(page, {})}]}
        elif item["type"] != "display" and pages.get(page, {}).get(champ):
            yield {"linkId": item["linkId"], "answer": [_reponse(item, pages[page][champ])]}


def _reponse(item: Item, ecrit: str) -> Item:
    if item["type"] == "choice":
        option = next(un["valueCoding"] for un in item["answerOption"] if un["valueCoding"]["code"] == ecrit)
        return {"valueCoding": {nom: option[nom] for nom in ("system", "code", "display")}}
    return {"valueInteger": int(ecrit)} if item["type"] == "integer" else {"valueString": ecrit}


def pages_de(contenu: Item) -> dict[str, dict[str, str]]:
    """Ce qu'un clinicien écrirait aux quatre pages pour dire ce rapport."""
    diagnostics: dict[str, str] = {}
    for rang, ligne in enumerate(contenu["diagnostics"], start=1):
        diagnostics[f"libelle_{rang}"] = ligne["libelle"]
        if "code" in ligne:
            diagnostics[f"code_{rang}"] = ligne["code"]
        if ligne.get("principal"):
            diagnostics["principal"] = str(rang)
    limitations: dict[str, str] = {}
    for ligne in contenu["limitations"]:
        limitations[f"niveau_{ligne['domaine']}"] = ligne["niveau"]
        if "exemple" in ligne:
            limitations[f"exemple_{ligne['domaine']}"] = ligne["exemple"]
    textes = ("contrainte", "depuis", "traitements", "evolution", "justification", "contact")
    duree = {nom: contenu[nom] for nom in textes if contenu.get(nom)}
    duree["duree_type"] = contenu["duree"]["type"]
    if "mois" in contenu["duree"]:
        duree["duree_mois"] = str(contenu["duree"]["mois"])
    cases = {"effet_cumulatif": diagnostics, "deterioration": duree}
    for nom, page in cases.items():
        if contenu.get(nom):
            page[nom] = "on"
    patient = {"bien_mon_patient": "on"}
    if contenu.get("suivi_depuis"):
        patient["suivi_depuis"] = contenu["suivi_depuis"]
    return {"patient": patient, "diagnostics": diagnostics, "limitations": limitations, "duree": duree}
