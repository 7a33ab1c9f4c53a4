"""Une mauvaise réponse FHIR : un `OperationOutcome` nomme le champ, sortie 2, rien n'est écrit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formulaires.fhir.depot import deposer
from formulaires.fhir.forme import OCTETS_MAX, lire_json
from formulaires.fhir.problemes import ReponseRefusee, operation_outcome
from formulaires.fhir.questionnaire import questionnaire
from formulaires.fhir.reponse import lire_reponse
from formulaires.fhir.textes import SYSTEME_NAM, adresse
from formulaires.models import Brouillon
from formulaires.saisie import Saisie
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.fhir_outils import Item, item_de, remplir
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
PAGES = {
    "patient": {"bien_mon_patient": "on"},
    "diagnostics": {"libelle_1": "Fibromyalgie", "principal": "1"},
    "limitations": {"niveau_bouger": "grave", "exemple_bouger": "Marche cent mètres.", "niveau_mains": "legere"},
    "duree": {"duree_type": "mois", "duree_mois": "18", "contrainte": "severe"},
}


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Un clinicien invité, au consentement vivant; l'horloge est celle de la scène."""
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


@pytest.fixture
def bonne(scene: Scene) -> Item:
    return remplir(questionnaire(horloge.aujourd_hui()), PAGES, reference=scene.dossier.reference)


def issues(scene: Scene, ressource: Any) -> list[Item]:
    """Constats du dépôt de cette ressource, qui n'a rien écrit."""
    with pytest.raises(ReponseRefusee) as refusee:
        deposer(ressource, reference=scene.dossier.reference, personne=scene["clinicien"])
    assert not Brouillon.objects.exists()
    liste: list[Item] = operation_outcome(refusee.value.problemes)["issue"]
    return liste


def changer(ressource: Item, link_id: str, **valeur: Any) -> None:
    item_de(ressource, link_id)["answer"] = [valeur]


def severe(**change: str) -> Item:
    """La réponse « Sévère », ou ce que l'essai en change."""
    return {"system": adresse("CodeSystem", "sr2100-contrainte"), "code": "severe", **change}


Mutation = Callable[[Item], object]
D, L, T = "QuestionnaireResponse.item[1]", "QuestionnaireResponse.item[2]", "QuestionnaireResponse.item[3]"
MAUVAISES: dict[str, tuple[Mutation, str, str, str]] = {
    "texte trop long": (
        lambda r: changer(r, "diagnostics.libelle_1", valueString="A" * 301),
        "too-long", f"{D}.item[0].item[0].answer[0].value", "diagnostics.libelle_1",
    ),
    "note d'un mégaoctet": (
        lambda r: changer(r, "limitations.exemple_bouger", valueString="é" * 1_000_000),
        "too-long", f"{L}.item[0].item[1].answer[0].value", "limitations.exemple_bouger",
    ),
    "caractère nul": (
        lambda r: changer(r, "diagnostics.libelle_1", valueString="A\x00B"),
        "value", f"{D}.item[0].item[0].answer[0].value", "diagnostics.libelle_1",
    ),
    "texte vide": (
        lambda r: changer(r, "diagnostics.libelle_1", valueString=""),
        "value", f"{D}.item[0].item[0].answer[0].value", "diagnostics.libelle_1",
    ),
    "texte d'espaces": (
        lambda r: changer(r, "diagnostics.libelle_1", valueString="   "),
        "required", f"{D}.item[0].item[0]", "diagnostics.libelle_1",
    ),
    "mauvais type": (
        lambda r: changer(r, "duree.duree_mois", valueString="dix-huit"),
        "value", f"{T}.item[1].answer[0].value", "duree.duree_mois",
    ),
    "nombre en texte, que la bibliothèque convertirait": (
        lambda r: changer(r, "duree.duree_mois", valueInteger="18"),
        "value", f"{T}.item[1].answer[0].value", "duree.duree_mois",
    ),
    "booléen pour un nombre": (
        lambda r: changer(r, "duree.duree_mois", valueInteger=True),
        "value", f"{T}.item[1].answer[0].value", "duree.duree_mois",
    ),
    "nombre illisible": (
        lambda r: changer(r, "duree.duree_mois", valueInteger="six"),
        "value", f"{T}.item[1].answer[0].value", "duree.duree_mois",
    ),
    "mois hors bornes": (
        lambda r: changer(r, "duree.duree_mois", valueInteger=-3),
        "value", f"{T}.item[1]", "duree.duree_mois",
    ),
    "booléen en texte": (
        lambda r: changer(r, "patient.bien_mon_patient", valueString="oui"),
        "value", "QuestionnaireResponse.item[0].item[0].answer[0].value", "patient.bien_mon_patient",
    ),
    "attestation fausse": (
        lambda r: changer(r, "patient.bien_mon_patient", valueBoolean=False),
        "required", "QuestionnaireResponse.item[0].item[0]", "patient.bien_mon_patient",
    ),
    "code inconnu": (
        lambda r: changer(r, "duree.contrainte", valueCoding=severe(code="terrible")),
        "code-invalid", f"{T}.item[2].answer[0].value", "duree.contrainte",
    ),
    "code d'un autre système": (
        lambda r: changer(r, "duree.contrainte", valueCoding=severe(system="http://snomed.info/sct")),
        "code-invalid", f"{T}.item[2].answer[0].value", "duree.contrainte",
    ),
    "code sans système": (
        lambda r: changer(r, "duree.contrainte", valueCoding={"code": "severe"}),
        "code-invalid", f"{T}.item[2].answer[0].value", "duree.contrainte",
    ),
    "deux réponses": (
        lambda r: item_de(r, "duree.duree_mois")["answer"].append({"valueInteger": 6}),
        "structure", f"{T}.item[1].answer[1]", "duree.duree_mois",
    ),
    "deux valeurs dans une réponse": (
        lambda r: changer(r, "duree.duree_mois", valueInteger=6, valueString="6"),
        "structure", f"{T}.item[1].answer[0]", "duree.duree_mois",
    ),
    "item répété": (
        lambda r: r["item"][3]["item"].append({"linkId": "duree.duree_mois", "answer": [{"valueInteger": 6}]}),
        "structure", f"{T}.item[", "duree.duree_mois",
    ),
    "page répétée": (
        lambda r: r["item"].append({"linkId": "duree", "item": []}),
        "structure", "QuestionnaireResponse.item[4]", "duree",
    ),
    "linkId inconnu": (
        lambda r: r["item"][3]["item"].append({"linkId": "duree.duree_moi", "answer": [{"valueInteger": 6}]}),
        "not-found", f"{T}.item[", "Vouliez-vous dire « duree.duree_mois »?",
    ),
    "champ hors de sa page": (
        lambda r: r["item"].append({"linkId": "duree.depuis", "answer": [{"valueString": "2019"}]}),
        "structure", "QuestionnaireResponse.item[4]", "duree.depuis",
    ),
    "réponse à un groupe": (
        lambda r: r["item"][3].update(answer=[{"valueString": "six mois"}]),
        "structure", f"{T}.answer[0]", "(duree)",
    ),
    "item sans linkId": (
        lambda r: r["item"][3]["item"][1].pop("linkId"),
        "required", f"{T}.item[1].linkId", "duree",
    ),
    "élément inventé": (
        lambda r: r["item"][3]["item"][1].update(reponse=6),
        "structure", f"{T}.item[1].reponse", "duree.duree_mois",
    ),
    "réponse à une question fermée": (
        lambda r: item_de(r, "limitations.mains")["item"].append(
            {"linkId": "limitations.exemple_mains", "answer": [{"valueString": "Lâche sa tasse."}]}
        ),
        "business-rule", f"{L}.item[1].item[1]", "limitations.exemple_mains",
    ),
    "mois manquants": (
        lambda r: r["item"][3]["item"].pop(1),
        "business-rule", T, "duree.duree_mois",
    ),
    "exemple manquant d'un niveau grave": (
        lambda r: r["item"][2]["item"][0]["item"].pop(1),
        "business-rule", f"{L}.item[0]", "limitations.exemple_bouger",
    ),
    "page manquante": (
        lambda r: r["item"].pop(3),
        "required", "QuestionnaireResponse", "duree.contrainte",
    ),
    "statut abandonné": (
        lambda r: r.update(status="entered-in-error"),
        "not-supported", "QuestionnaireResponse.status", "entered-in-error",
    ),
    "statut inventé": (
        lambda r: r.update(status="fini"), "not-supported", "QuestionnaireResponse.status", "fini",
    ),
    "statut absent": (
        lambda r: r.pop("status"), "required", "QuestionnaireResponse.status", "status",
    ),
    "sans questionnaire": (
        lambda r: r.pop("questionnaire"), "required", "QuestionnaireResponse.questionnaire", "/Questionnaire/sr2100|",
    ),
    "questionnaire d'un autre": (
        lambda r: r.update(questionnaire="https://ailleurs.invalid/Questionnaire/x|1"),
        "not-supported", "QuestionnaireResponse.questionnaire", "n'est pas le nôtre",
    ),
    "version périmée": (
        lambda r: r.update(questionnaire=adresse("Questionnaire", "sr2100") + "|1999-01-01-00000000"),
        "conflict", "QuestionnaireResponse.questionnaire", "Le questionnaire a changé",
    ),
    "version tue": (
        lambda r: r.update(questionnaire=adresse("Questionnaire", "sr2100")),
        "conflict", "QuestionnaireResponse.questionnaire", "Dites la version",
    ),
    "rédigée demain": (
        lambda r: r.update(authored="2099-01-01"), "value", "QuestionnaireResponse.authored", "à venir",
    ),
    "date illisible": (
        lambda r: r.update(authored="hier"), "value", "QuestionnaireResponse.authored", "authored",
    ),
    "sans sujet": (
        lambda r: r.pop("subject"), "required", "QuestionnaireResponse.subject", "NamingSystem/dossier",
    ),
    "sujet d'un autre dossier": (
        lambda r: r["subject"]["identifier"].update(value="CSE-AUTRE"),
        "conflict", "QuestionnaireResponse.subject", "pas de la personne",
    ),
    "sujet d'un autre numéro d'assurance maladie": (
        lambda r: r.update(subject={"identifier": {"system": SYSTEME_NAM, "value": "AUTR80050599"}}),
        "conflict", "QuestionnaireResponse.subject", "pas de la personne",
    ),
    "sujet inconnu de la maison": (
        lambda r: r.update(subject={"reference": "Patient/12"}),
        "required", "QuestionnaireResponse.subject", "identifiant",
    ),
}  # fmt: skip


@pytest.mark.parametrize("cas", MAUVAISES)
def test_mauvaise_reponse(scene: Scene, bonne: Item, cas: str) -> None:
    mutation, sorte, chemin, mots = MAUVAISES[cas]
    mutation(bonne)
    trouves = issues(scene, json.loads(json.dumps(bonne)))
    assert [
        issue
        for issue in trouves
        if issue["code"] == sorte and issue["expression"][0].startswith(chemin) and mots in issue["diagnostics"]
    ], trouves


def test_tous_les_champs_fautifs_sont_dits_en_une_fois(scene: Scene, bonne: Item) -> None:
    changer(bonne, "diagnostics.libelle_1", valueString="A" * 301)
    changer(bonne, "duree.duree_mois", valueString="dix")
    bonne["item"].append({"linkId": "bidon"})
    trouves = issues(scene, bonne)
    assert [issue["code"] for issue in trouves] == ["too-long", "value", "not-found"]
    assert len({issue["expression"][0] for issue in trouves}) == 3


def test_le_numero_d_assurance_maladie_de_la_personne_suffit_et_ne_s_affiche_pas(scene: Scene, bonne: Item) -> None:
    bonne["subject"] = {"identifier": {"system": SYSTEME_NAM, "value": "AUTR80050599"}}
    assert scene.dossier.nam not in json.dumps(issues(scene, bonne))
    bonne["subject"]["identifier"]["value"] = scene.dossier.nam
    assert deposer(bonne, reference=scene.dossier.reference, personne=scene["clinicien"]).brouillon.version == 1


def test_un_seul_identifiant_discordant_suffit_a_refuser(scene: Scene, bonne: Item) -> None:
    bonne["subject"]["reference"] = "#p"
    bonne["contained"] = [
        {"resourceType": "Patient", "id": "p", "identifier": [{"system": SYSTEME_NAM, "value": "AUTR80050599"}]}
    ]
    assert [issue["code"] for issue in issues(scene, bonne)] == ["conflict"]


def test_le_html_colle_reste_du_texte(scene: Scene, bonne: Item) -> None:
    colle = "<p class=MsoNormal><b>Fibromyalgie</b><script>alert(1)</script></p>"
    changer(bonne, "diagnostics.libelle_1", valueString=colle)
    depot = deposer(bonne, reference=scene.dossier.reference, personne=scene["clinicien"])
    assert Saisie.lire(depot.brouillon.contenu).pages["diagnostics"]["libelle_1"] == colle
    page = session(scene["clinicien"]).get(f"/dossiers/{scene.dossier.reference}/sr2100/diagnostics/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("octets", "mots"),
    [
        (b"", "JSON lisible"),
        (b"\xff\xfe{", "JSON lisible"),
        (b'{"status": NaN}', "JSON lisible"),
        (b'{"status": "completed", "status": "in-progress"}', "status"),
        (b"[" * 200_000, "JSON lisible"),
        (b'{"n": ' + b"9" * 5000 + b"}", "JSON lisible"),
        (b" " * (OCTETS_MAX + 1), "2 Mo"),
    ],
)
def test_fichier_qui_n_est_pas_du_json_sans_equivoque(octets: bytes, mots: str) -> None:
    with pytest.raises(ReponseRefusee, match=mots):
        lire_json(octets)


@pytest.mark.parametrize("ressource", [None, [], 3, "x", {}, {"resourceType": "Patient"}, {"resourceType": ["a"]}])
def test_autre_chose_qu_une_reponse(scene: Scene, ressource: Any) -> None:
    [issue] = issues(scene, ressource)
    assert (issue["code"], "QuestionnaireResponse" in issue["diagnostics"]) == ("structure", True)


def test_utf8_avec_marque_est_lu() -> None:
    assert lire_json('{"é": 1}'.encode("utf-8-sig")) == {"é": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda dedans: st.lists(dedans, max_size=3) | st.dictionaries(st.text(max_size=8), dedans, max_size=3),
    max_leaves=6,
)
NOMS = (
    "item",
    "answer",
    "linkId",
    "contained",
    "subject",
    "identifier",
    "authored",
    "valueCoding",
    "_authored",
    "text",
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(donnees=st.data())
def test_n_importe_quelle_alteration_est_lue_ou_refusee_jamais_une_panne(
    scene: Scene, bonne: Item, donnees: st.DataObject
) -> None:
    """Un noeud quelconque remplacé par n'importe quoi : une saisie, ou des constats que R4 sait écrire."""
    ressource = json.loads(json.dumps(bonne))
    noeud: Any = ressource
    while donnees.draw(st.booleans(), label="plus bas"):
        suites = [dedans for dedans in (noeud.values() if isinstance(noeud, dict) else noeud) if dedans]
        suites = [dedans for dedans in suites if isinstance(dedans, dict | list)]
        if not suites:
            break
        noeud = donnees.draw(st.sampled_from(suites), label="noeud")
    if isinstance(noeud, dict):
        cles = st.sampled_from([*noeud, *NOMS]) if noeud else st.sampled_from(NOMS)
        noeud[donnees.draw(cles, label="clé")] = donnees.draw(JSON, label="valeur")
    else:
        noeud.append(donnees.draw(JSON, label="ajout"))
    constats = []
    try:
        pages = lire_reponse(ressource, scene.dossier, horloge.aujourd_hui()).saisie.pages
    except ReponseRefusee as refusee:
        pages, constats = {}, operation_outcome(refusee.problemes)["issue"]
    assert bool(pages) != bool(constats)
