"""Les règles de cohérence à l'écran : interrompre, garder, se souvenir, le dire à chacun de ceux qui liront."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.models import Dossier
from formulaires.models import Brouillon, RapportMedical
from formulaires.reperes import ATTENDUS
from formulaires.saisie import Saisie
from socle import horloge
from tests.fabriques import RAPPORT, SR2105, Scene
from tests.formulaires.test_vues_sr2100 import PAGES, adresse, garder, remplir, session

pytestmark = pytest.mark.django_db
POINTS = "points-a-verifier/"
SEUL = {"libelle_1": "Fibromyalgie", "principal": "1", "effet_cumulatif": "on"}
DOUBLE = {"libelle_1": "Épilepsie", "libelle_2": "epilepsie ", "principal": "1"}
SIX_MOIS = {"duree_type": "mois", "duree_mois": "6", "contrainte": "severe", "traitements": "Deux essais"}


@pytest.fixture
def scene() -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def envoyer(client: Client, scene: Scene, etape: str, champs: dict[str, str], suite: str = "") -> str:
    """Envoie une page telle qu'elle vient d'être lue; rend l'adresse où « Continuer » mène."""
    lue = client.get(adresse(scene, f"{etape}/")).context["form"].initial["version"]
    reponse = client.post(adresse(scene, f"{etape}/{suite}"), {**champs, "version": lue})
    assert reponse.status_code == 302, etape
    return str(reponse.headers["Location"])


def test_la_contradiction_interrompt_des_qu_elle_est_entiere(scene: Scene) -> None:
    client = session(scene["clinicien"])
    envoyer(client, scene, "patient", PAGES["patient"])
    assert envoyer(client, scene, "diagnostics", SEUL) == adresse(scene, POINTS)
    page = client.get(adresse(scene, POINTS)).content.decode()
    assert "<h1>Un effet cumulatif, mais un seul diagnostic</h1>" in page
    assert f'{adresse(scene, "diagnostics/")}#id_effet_cumulatif"' in page
    assert garder(client, scene, "cumul_sans_second").headers["Location"] == adresse(scene, "limitations/")
    assert client.get(adresse(scene, POINTS)).headers["Location"] == adresse(scene, "limitations/")


def test_un_choix_par_contradiction_et_chacun_au_rapport(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    for etape, champs in {**PAGES, "diagnostics": SEUL, "duree": SIX_MOIS}.items():
        envoyer(client, scene, etape, champs)
    page = client.get(adresse(scene, POINTS)).content.decode()
    assert "2 points à vérifier" in page
    assert "Vous avez écrit 6 mois" in page
    assert page.count("Garder tel quel") == page.count("Garder 6 mois") == 1
    assert f'{adresse(scene, "duree/")}?verifier#id_duree_type_0"' in page
    assert garder(client, scene, "cumul_sans_second").headers["Location"] == adresse(scene, POINTS)
    assert client.post(adresse(scene, "verifier/"), {}).headers["Location"] == adresse(scene, POINTS)
    assert garder(client, scene, "duree_incoherente").headers["Location"] == adresse(scene, "verifier/")
    verifier = client.get(adresse(scene, "verifier/"))
    assert [un.code for un, _ in verifier.context["gardes"]] == ["duree_incoherente", "cumul_sans_second"]
    client.post(adresse(scene, "verifier/"), {})
    rapport = RapportMedical.objects.get()
    assert rapport.avertissements == ["duree_incoherente", "cumul_sans_second"]
    for lecteur in (client, session(scene["agent"])):
        lu = lecteur.get(adresse(scene, "rapport/")).content.decode()
        assert "Le rapport dit « sévère » et 6 mois." in lu
        assert "ne nomme qu&#x27;un problème de santé" in lu


def test_le_choix_tombe_avec_la_reponse_et_seulement_elle(scene: Scene) -> None:
    client = session(scene["clinicien"])
    envoyer(client, scene, "diagnostics", DOUBLE)
    garder(client, scene, "diagnostics_identiques")
    assert envoyer(client, scene, "limitations", PAGES["limitations"]) == adresse(scene, "duree/")
    code = {**DOUBLE, "code_1": "G40"}
    assert envoyer(client, scene, "diagnostics", code) == adresse(scene, "limitations/")
    assert envoyer(client, scene, "diagnostics", {**code, "libelle_3": "Épilepsie"}) == adresse(scene, POINTS)


def test_une_page_perimee_ne_garde_rien(scene: Scene) -> None:
    """Un autre onglet a changé la réponse : « Garder » d'avant ne vaut pas pour elle."""
    client = session(scene["clinicien"])
    envoyer(client, scene, "diagnostics", DOUBLE)
    lue = client.get(adresse(scene, POINTS)).context["version"]
    envoyer(client, scene, "diagnostics", {**DOUBLE, "libelle_2": "ÉPILEPSIE"})
    page = client.post(adresse(scene, POINTS), {"garder": "diagnostics_identiques", "version": lue})
    assert page.status_code == 200
    assert "Rien n&#x27;est" in page.content.decode()
    inconnu = garder(client, scene, "traitements_absents")
    assert inconnu.headers["Location"] == adresse(scene, POINTS)
    assert Brouillon.objects.get().contenu["maintenir"] == []


def test_le_brouillon_d_avant_la_table_se_relit() -> None:
    assert Saisie.lire({"maintenir": True}).maintenir == ["duree_incoherente"]
    assert Saisie.lire({"maintenir": False}).maintenir == Saisie.lire({}).maintenir == []
    assert Saisie.lire({"maintenir": ["cumul_sans_second", "retiree", 3]}).maintenir == ["cumul_sans_second"]


def test_des_mois_ecrits_a_cote_de_permanente_ne_se_perdent_pas(scene: Scene) -> None:
    client = session(scene["clinicien"], confirmee=True)
    remplir(client, scene, duree={"duree_type": "permanente", "duree_mois": "18"})
    assert "« permanente » et 18 mois" in client.get(adresse(scene, POINTS)).content.decode()
    garder(client, scene, "permanente_avec_fin")
    assert "Permanente, et 18 mois" in client.get(adresse(scene, "verifier/")).content.decode()
    client.post(adresse(scene, "verifier/"), {})
    rapport = RapportMedical.objects.get()
    assert rapport.contenu["duree"] == {"type": "permanente", "mois": 18}
    assert rapport.avertissements == ["permanente_avec_fin"]


def test_remplacer_six_mois_par_permanente_ne_se_contredit_pas(scene: Scene) -> None:
    """Les mois d'avant, restés dans la case, suivent la durée qu'on remplace; un double envoi n'est pas un conflit."""
    client = session(scene["clinicien"])
    remplir(client, scene, duree=SIX_MOIS)
    lue = client.get(adresse(scene, "duree/")).context["form"].initial["version"]
    envoi = {**SIX_MOIS, "duree_type": "permanente", "version": lue}
    for _ in range(2):
        assert client.post(adresse(scene, "duree/"), envoi).headers["Location"] == adresse(scene, "verifier/")
    assert client.get(adresse(scene, "duree/")).context["form"]["duree_mois"].value() in (None, "")


def test_le_panneau_se_coche_et_la_verification_rappelle(scene: Scene) -> None:
    client = session(scene["clinicien"])
    depart = client.get(adresse(scene, "patient/")).context["reperes"]
    assert [un.texte for un in depart] == [un.texte for un in ATTENDUS]
    assert not any(un.fait or un.a_voir for un in depart)
    sans_traitement = {"duree_type": "indeterminee", "contrainte": "severe", "evolution": "Inconnue."}
    lignes = {"niveau_endurance": "moderee"}
    for etape, champs in {**PAGES, "limitations": lignes, "duree": sans_traitement}.items():
        envoyer(client, scene, etape, champs)
    panneau = {un.texte: un for un in client.get(adresse(scene, "patient/")).context["reperes"]}
    assert panneau["Un diagnostic principal"].fait
    assert panneau["Les traitements essayés"].a_voir
    assert panneau["Les traitements essayés"].url == f"{adresse(scene, 'duree/')}?verifier#id_traitements"
    assert panneau["Un exemple pour chaque niveau modéré ou grave"].url.endswith("#id_exemple_endurance")
    page = client.get(adresse(scene, "verifier/"))
    assert [un.code for un, _ in page.context["notes"]] == [
        "niveau_sans_exemple",
        "cumul_sans_explication",
        "traitements_absents",
    ]
    assert page.context["gardes"] == []
    assert envoyer(client, scene, "duree", {**sans_traitement, "traitements": "Aucun"}, "?verifier") == adresse(
        scene, "verifier/"
    )
    assert "traitements_absents" not in {un.code for un, _ in client.get(adresse(scene, "verifier/")).context["notes"]}


def test_le_diagnostic_de_la_liste_est_une_bonne_nouvelle(scene: Scene) -> None:
    client = session(scene["clinicien"])
    envoyer(client, scene, "diagnostics", {"libelle_1": "Cécité des deux yeux", "principal": "1"})
    page = client.get(adresse(scene, "limitations/"))
    assert "liste de démonstration" in page.content.decode()
    assert not any(un.a_voir for un in page.context["reperes"])


@pytest.mark.parametrize(
    ("maintenus", "avertissements"),
    [
        (None, []),
        (["cumul_sans_second"], ["cumul_sans_second"]),
        (["severe_sans_limitation", "duree_incoherente", "traitements_absents"], []),
        (["cumul_sans_second", "diagnostics_identiques", 7], ["cumul_sans_second"]),
    ],
)
def test_l_acte_ne_refuse_que_la_duree(maintenus: list[Any] | None, avertissements: list[str]) -> None:
    """Les autres contradictions sont reçues; maintenues et déclenchées seulement, elles avertissent."""
    scene = Scene().deposee()
    contenu = {**RAPPORT, "effet_cumulatif": True}
    assert scene.refuse("clinicien", "signer_sr2100", **contenu, maintenir_malgre=maintenus) == ""
    assert RapportMedical.objects.get().avertissements == avertissements
    court = {**RAPPORT, "duree": {"type": "mois", "mois": 6}}
    assert scene.refuse("clinicien", "signer_sr2100", **court, maintenir_malgre=maintenus) == (
        "" if maintenus and "duree_incoherente" in maintenus else "duree_incoherente"
    )


def test_l_agent_lit_ce_que_l_evaluateur_pourrait_chercher() -> None:
    scene = Scene().deposee()
    scene.joue(
        "clinicien", "signer_sr2100", **{**RAPPORT, "effet_cumulatif": True}, maintenir_malgre=["cumul_sans_second"]
    )
    with horloge.figer(scene.instant):
        page = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/")
        lus = {un.element: un.points for un in page.context["manques"]}
        assert set(lus) == {"limitations_fonctionnelles", "effet_cumulatif_explique", "traitements_essayes"}
        assert lus["effet_cumulatif_explique"][0].endswith("Relu et gardé tel quel.")
        assert "demander/" in page.content.decode()
        chef = session(scene["chef_bureau"]).get(f"/dossiers/{scene.dossier.reference}/")
    assert "pourrait chercher encore" in page.content.decode()
    assert "pourrait chercher encore" not in chef.content.decode()


def test_le_triage_le_redit_avant_de_transmettre() -> None:
    scene = Scene().complete()
    with horloge.figer(scene.instant):
        page = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/triage/")
    assert "pourrait chercher encore" in page.content.decode()


def test_le_refus_propose_ces_elements_sans_rien_cocher() -> None:
    scene = Scene().a_signer()
    with horloge.figer(scene.instant):
        client = session(scene["medecin"], confirmee=True)
        envoi = {"issue": "non_reconnue", "etape": "choisir"}
        page = client.post(f"/dossiers/{scene.dossier.reference}/decision/", envoi)
    champ = page.context["form"]["ce_qui_changerait"]
    choix = champ.field.choices
    assert [code for code, texte in choix if "relevé au rapport" in texte] == [code for code, _ in choix[:2]]
    assert {code for code, _ in choix[:2]} == {"limitations_fonctionnelles", "traitements_essayes"}
    assert not champ.value()


def test_la_reconduction_propose_les_memes() -> None:
    scene = Scene().emise()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "confirmer_situation", appel_note="Rien n'a changé.")
    scene.joue("agent", "declarer_complet")
    scene.joue("agent", "reconduire_refus")
    assert Dossier.objects.get(pk=scene.dossier.pk).sr2105.count() == len([SR2105])
    with horloge.figer(scene.instant):
        page = session(scene["agent"], confirmee=True).get(f"/dossiers/{scene.dossier.reference}/signer/")
    champ = page.context["form"]["ce_qui_changerait"]
    assert [code for code, texte in champ.field.choices if "relevé au rapport" in texte]
    assert not champ.value()
