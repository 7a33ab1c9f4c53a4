"""Le `Questionnaire` FHIR : engendré des champs de l'écran, valide en R4, bilingue, daté."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from formulaires import regles
from formulaires.fhir.questionnaire import MOIS_MAX, MOIS_MIN, SansFormulaire, definition, questionnaire, type_de
from formulaires.fhir.textes import TRADUCTION
from formulaires.forms import PAGES, ChampMois
from referentiels import lecture as referentiels
from referentiels.models import DomaineLimitation
from socle import horloge
from tests.fabriques import DEPART
from tests.formulaires.fhir_outils import Item, item_de, items_de

pytestmark = pytest.mark.django_db
JOUR = DEPART.date()


@pytest.fixture(autouse=True)
def _a_l_heure() -> Iterator[None]:
    with horloge.figer(DEPART):
        yield


def test_chaque_champ_visible_de_l_ecran_est_une_question() -> None:
    attendus = {
        f"{page}.{nom}"
        for page, formulaire in PAGES.items()
        for nom, champ in formulaire(jour=JOUR).fields.items()
        if not champ.widget.is_hidden
    }
    questions = [i["linkId"] for i in items_de(questionnaire(JOUR)) if i["type"] not in {"group", "display"}]
    assert set(questions) == attendus
    assert len(questions) == len(attendus)


def test_la_bibliotheque_rend_la_ressource_telle_quelle() -> None:
    ressource = questionnaire(JOUR)
    assert ressource == definition(JOUR)
    assert Questionnaire.model_validate(ressource).model_dump(mode="json") == ressource


def test_les_regles_de_r4_que_la_bibliotheque_ne_juge_pas() -> None:
    """Invariants que-1 à que-12 de FHIR R4 qui touchent nos items."""
    ressource = questionnaire(JOUR)
    tous = list(items_de(ressource))
    liens = Counter(item["linkId"] for item in tous)
    assert max(liens.values()) == 1
    for item in tous:
        assert ("item" in item) == (item["type"] == "group"), item["linkId"]
        assert ("answerOption" in item) == (item["type"] == "choice"), item["linkId"]
        assert item["type"] in {"group", "display", "boolean", "choice", "integer", "string", "text"}
        if item["type"] == "display":
            assert not {"required", "code", "enableWhen"} & set(item)
        if len(item.get("enableWhen", [])) > 1:
            assert item["enableBehavior"] == "any"
        for condition in item.get("enableWhen", []):
            options = [option["valueCoding"] for option in item_de(ressource, condition["question"])["answerOption"]]
            assert condition["answerCoding"] in [{"system": o["system"], "code": o["code"]} for o in options]
    assert ressource["language"] == "fr-CA"
    assert ressource["name"].isidentifier()


def test_longueurs_exigences_et_ouvertures_viennent_des_champs() -> None:
    ressource = questionnaire(JOUR)
    for page, formulaire in PAGES.items():
        for nom, champ in formulaire(jour=JOUR).fields.items():
            if champ.widget.is_hidden:
                continue
            item = item_de(ressource, f"{page}.{nom}")
            assert item["required"] == champ.required
            assert item["type"] == type_de(champ)
            if item["type"] in {"string", "text"}:
                assert item["maxLength"] == champ.max_length  # type: ignore[attr-defined]
    assert item_de(ressource, "diagnostics.libelle_1")["maxLength"] == regles.LIBELLE_MAX
    mois = item_de(ressource, "duree.duree_mois")["enableWhen"]
    assert [un["answerCoding"]["code"] for un in mois] == ["mois"]
    exemple = item_de(ressource, "limitations.exemple_mains")["enableWhen"]
    assert {(un["question"], un["answerCoding"]["code"]) for un in exemple} == {
        ("limitations.niveau_mains", "moderee"),
        ("limitations.niveau_mains", "grave"),
    }


@pytest.mark.parametrize(("mois", "accepte"), [(MOIS_MIN - 1, 0), (MOIS_MIN, 1), (MOIS_MAX, 1), (MOIS_MAX + 1, 0)])
def test_les_bornes_des_mois_sont_celles_du_champ(mois: int, accepte: int) -> None:
    extensions = item_de(questionnaire(JOUR), "duree.duree_mois")["extension"]
    assert {e["url"].rpartition("/")[2]: e["valueInteger"] for e in extensions} == {
        "minValue": MOIS_MIN,
        "maxValue": MOIS_MAX,
    }
    form = PAGES["duree"]({"duree_type": "mois", "duree_mois": str(mois), "contrainte": "severe"}, jour=JOUR)
    assert isinstance(form.fields["duree_mois"], ChampMois)
    assert form.is_valid() == bool(accepte)


def _textes(ressource: Any) -> Iterator[tuple[str, str, str]]:
    """Chaque texte traduisible : le texte, la langue de sa traduction, sa traduction."""
    for noeud in _noeuds(ressource):
        for nom in ("title", "description", "text", "display"):
            if nom in noeud and "domaine" not in str(noeud.get("system")):
                traduit = noeud[f"_{nom}"]["extension"][0]
                assert traduit["url"] == TRADUCTION
                parts = {part["url"]: part.get("valueCode") or part.get("valueString") for part in traduit["extension"]}
                yield noeud[nom], parts["lang"], parts["content"]


def _noeuds(valeur: Any) -> Iterator[Item]:
    if isinstance(valeur, dict):
        yield valeur
        for dedans in valeur.values():
            yield from _noeuds(dedans)
    elif isinstance(valeur, list):
        for dedans in valeur:
            yield from _noeuds(dedans)


def test_deux_langues_un_seul_questionnaire() -> None:
    """Chaque texte a sa traduction; l'anglais est le même questionnaire, l'autre langue devant."""
    francais, anglais = questionnaire(JOUR), questionnaire(JOUR, "en")
    fr, en = list(_textes(francais)), list(_textes(anglais))
    assert len(fr) > 70
    assert [(texte, traduit) for texte, _, traduit in fr] == [(traduit, texte) for texte, _, traduit in en]
    assert ({langue for _, langue, _ in fr}, {langue for _, langue, _ in en}) == ({"en-CA"}, {"fr-CA"})
    assert all(traduit for _, _, traduit in fr)
    assert item_de(anglais, "limitations.niveau_bouger")["text"] == "Moving around"
    for cle in ("url", "version", "status"):
        assert francais[cle] == anglais[cle]
    assert [i["linkId"] for i in items_de(francais)] == [i["linkId"] for i in items_de(anglais)]


def test_la_version_est_datee_et_suit_la_structure_seule(monkeypatch: pytest.MonkeyPatch) -> None:
    avant = questionnaire(JOUR)
    listes = (*referentiels.domaines(JOUR), *referentiels.niveaux(JOUR))
    assert avant["version"].startswith(max(ligne.en_vigueur_du for ligne in listes).isoformat())
    champs = PAGES["patient"].base_fields
    monkeypatch.setattr(champs["suivi_depuis"], "label", "Suivi depuis quand")
    assert questionnaire(JOUR)["version"] == avant["version"]
    monkeypatch.setattr(champs["suivi_depuis"], "max_length", 61)
    assert questionnaire(JOUR)["version"] != avant["version"]


def test_un_domaine_nouveau_fait_une_version_a_venir_puis_retire_l_ancienne() -> None:
    avant = questionnaire(JOUR)
    demain = JOUR + timedelta(days=1)
    DomaineLimitation.objects.create(
        code="voyager", libelle="Se déplacer", rang=99, en_vigueur_du=demain, source="Essai", certitude="demonstration"
    )
    referentiels.invalider()
    apres = questionnaire(demain)
    assert item_de(apres, "limitations.voyager")["text"] == "Se déplacer"
    assert (avant["status"], apres["status"]) == ("active", "draft")
    assert apres["version"].startswith(demain.isoformat())
    with horloge.figer(DEPART + timedelta(days=1)):
        assert questionnaire(demain)["status"] == "active"
        assert questionnaire(JOUR)["status"] == "retired"
        assert questionnaire(JOUR)["version"] == avant["version"]


def test_avant_les_listes_il_n_y_a_pas_de_questionnaire() -> None:
    with pytest.raises(SansFormulaire, match="1950-01-01"):
        questionnaire(date(1950, 1, 1))


def test_un_champ_sans_equivalent_se_dit() -> None:
    from django import forms

    with pytest.raises(TypeError, match="DurationField"):
        type_de(forms.DurationField())


def test_la_bibliotheque_n_est_chargee_qu_a_l_usage() -> None:
    """Un processus web, ou une autre commande, ne paie ni le temps ni la mémoire de l'importation."""
    code = (
        "import sys, django; django.setup()\n"
        "import cse.urls, formulaires.fhir.depot\n"
        "import formulaires.management.commands.ecrire_fhir, formulaires.management.commands.lire_fhir\n"
        "print([nom for nom in sys.modules if nom.partition('.')[0] in {'fhir', 'fhir_core', 'pydantic'}])"
    )
    sortie = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert sortie.strip() == "[]"
