"""Ce qui a changé d'un rapport à l'autre, en mots, et la page qui le montre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dossiers.etats import Etat
from formulaires import comparaison, lecture, regles
from formulaires.models import RapportMedical
from formulaires.views.comparer import choisir
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

MOTS = comparaison.Mots(
    domaines={"bouger": "Bouger", "mains": "Se servir de ses mains"},
    niveaux={"legere": "Légère", "grave": "Grave"},
    contraintes={"severe": "Sévère", "temporaire": "Temporaire"},
    durees={"mois": "Un nombre de mois", "permanente": "Permanente", "indeterminee": "Indéterminée : inconnue"},
)


def dits(nouveau: dict[str, Any], ancien: dict[str, Any]) -> dict[str, list[tuple[str, str, str, str]]]:
    return {
        champ.nom: [(un.sujet, un.avant, un.maintenant, un.note) for un in champ.changements]
        for champ in comparaison.changements(nouveau, ancien, MOTS)
    }


def test_un_niveau_qui_change_se_dit_legere_puis_grave() -> None:
    avant = {"limitations": [{"domaine": "bouger", "niveau": "legere"}]}
    apres = {"limitations": [{"domaine": "bouger", "niveau": "grave", "exemple": "Dix pas."}]}
    assert dits(apres, avant) == {
        "limitations": [("Bouger", "Légère", "Grave", ""), ("Bouger, exemple", "Non écrit", "Dix pas.", "")]
    }


def test_un_domaine_de_plus_ou_de_moins_etait_ou_devient_non_evalue() -> None:
    avant = {"limitations": [{"domaine": "bouger", "niveau": "grave"}]}
    apres = {"limitations": [{"domaine": "mains", "niveau": "legere"}]}
    assert dits(apres, avant)["limitations"] == [
        ("Bouger", "Grave", "Non évalué", ""),
        ("Se servir de ses mains", "Non évalué", "Légère", ""),
    ]


def test_diagnostics_ajoutes_retires_reformules_et_principal() -> None:
    avant = {
        "diagnostics": [
            {"libelle": "Lombalgie", "code": "M54.5", "principal": True},
            {"libelle": "Asthme"},
            {"libelle": "Dépression", "code": "F33"},
        ]
    }
    apres = {
        "diagnostics": [
            {"libelle": "lombalgie ", "code": "M54.4"},
            {"libelle": "Trouble dépressif récurrent", "code": "F33", "principal": True},
            {"libelle": "Diabète", "code": "E11"},
        ]
    }
    assert dits(apres, avant)["diagnostics"] == [
        ("lombalgie ", "M54.5", "M54.4", "Code CIM-10"),
        ("Code F33", "Dépression", "Trouble dépressif récurrent", "Autre libellé"),
        ("Diabète (E11)", "", "", "Ajouté"),
        ("Asthme", "", "", "Retiré"),
        ("Diagnostic principal", "Lombalgie", "Trouble dépressif récurrent", ""),
    ]


def test_duree_contrainte_cumul_et_textes() -> None:
    avant = {"duree": {"type": "mois", "mois": 6}, "contrainte": "temporaire", "justification": "Un."}
    apres = {"duree": {"type": "permanente"}, "contrainte": "severe", "effet_cumulatif": True, "justification": "Deux."}
    trouves = comparaison.changements(apres, avant, MOTS)
    assert [(un.titre, un.changements[0].avant, un.changements[0].maintenant) for un in trouves] == [
        ("Durée des limitations", "6 mois", "Permanente"),
        ("Contrainte", "Temporaire", "Sévère"),
        ("Effet cumulatif", "Non", "Oui"),
        ("Justification", "Un.", "Deux."),
    ]
    assert [un.changements[0].textes for un in trouves] == [False, False, False, True]


@pytest.mark.parametrize("champ", regles.CHAMPS_RAPPORT)
def test_tout_champ_qui_differe_se_dit(champ: str) -> None:
    """Ce que la règle voit changer, la page le dit toujours : jamais une section vide."""
    valeurs: dict[str, tuple[Any, Any]] = {
        # Une ligne de plus, identique : la règle y voit un écart, sans ajout ni retrait.
        "diagnostics": ([{"libelle": "A", "principal": True}], [{"libelle": "A", "principal": True, "x": 1}]),
        "limitations": ([{"domaine": "bouger", "niveau": "grave"}], [{"domaine": "bouger", "niveau": "grave", "x": 1}]),
        "duree": ({"type": "mois", "mois": 3}, {"type": "mois", "mois": 4}),
        "contrainte": ("severe", "temporaire"),
        "effet_cumulatif": (True, False),
        "deterioration": (True, False),
    }
    avant, apres = valeurs.get(champ, ("un", "deux"))
    trouves = comparaison.changements({champ: apres}, {champ: avant}, MOTS)
    assert [un.nom for un in trouves] == [champ]
    assert trouves[0].changements


def test_deux_rapports_semblables_ne_disent_rien() -> None:
    avant = {**RAPPORT, "justification": "Oui "}
    assert comparaison.changements({**RAPPORT, "justification": "Oui"}, avant, MOTS) == []
    assert "Diagnostics" in comparaison.pareils(RAPPORT, avant)


@pytest.mark.parametrize(
    ("avant", "apres", "attendu"),
    [("", "", (2, 3)), ("1", "3", (1, 3)), ("3", "1", (1, 3)), ("2", "2", (1, 2)), ("1", "1", (1, 2)),
     ("x", "99", (2, 3)), ("", "1", (1, 2)), ("", "2", (1, 2))],
)  # fmt: skip
def test_choisir_deux_rapports(avant: str, apres: str, attendu: tuple[int, int]) -> None:
    rapports = [RapportMedical(pk=pk, version=pk) for pk in (3, 2, 1)]
    ancien, nouveau = choisir(rapports, avant, apres)
    assert (ancien.pk, nouveau.pk) == attendu


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    prete = Scene().complete()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def page(scene: Scene, qui: str, suite: str = "") -> Any:
    return session(scene[qui]).get(f"/dossiers/{scene.dossier.reference}/sr2100/comparer/{suite}")


def second(scene: Scene) -> None:
    scene.joue(
        "clinicien", "signer_sr2100",
        **{**RAPPORT, "limitations": [{"domaine": "bouger", "niveau": "legere"}], "justification": "Mieux <b>qu'hier"},
    )  # fmt: skip


def test_un_seul_rapport_le_dit(scene: Scene) -> None:
    assert "Un seul rapport est au dossier" in page(scene, "agent").content.decode()
    assert (
        "sr2100/comparer" not in session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/").content.decode()
    )


def test_la_page_dit_chaque_changement_et_ses_liens_y_menent(scene: Scene) -> None:
    second(scene)
    lue = page(scene, "agent").content.decode()
    assert '<span class="de">Grave</span>' in lue
    assert '<span class="vers">Légère</span>' in lue
    assert "Mieux &lt;b&gt;qu" in lue
    assert "<select" not in lue  # deux rapports : rien à choisir
    second(scene)
    assert page(scene, "agent").content.decode().count("<select") == 2
    for adresse in ("", "sr2100/rapport/", "triage/"):
        vue = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/{adresse}").content.decode()
        assert f"/dossiers/{scene.dossier.reference}/sr2100/comparer/" in vue, adresse


def test_qui_ne_lit_pas_le_rapport_ne_compare_rien(scene: Scene) -> None:
    second(scene)
    assert page(scene, "agent_ailleurs").status_code == 404
    assert page(scene, "medecin").status_code == 404
    assert page(scene, "ressource").status_code == 404
    assert page(scene, "clinicien").status_code == 200


def nouvelle_demande(scene: Scene) -> None:
    """Une demande de plus, sans rapport; les rapports d'avant restent au dossier."""
    demande = scene.demande
    type(demande).objects.filter(pk=demande.pk).update(etat=Etat.FERMEE, fermee_le=scene.instant)
    demande.pk, demande.rang = None, demande.rang + 1
    demande.save()


def test_un_mandat_n_ouvre_que_les_rapports_de_la_demande_en_cours(scene: Scene) -> None:
    """La personne a ouvert le rapport de sa demande, non ceux d'avant."""
    second(scene)
    jusqu_au = horloge.aujourd_hui() + timedelta(days=60)
    scene.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=jusqu_au)
    scene.joue("prestataire", "confirmer_mandat", portees_ajoutees=["voir_rapport_medical"])
    with horloge.figer(scene.instant + timedelta(hours=1)):
        assert page(scene, "ressource").context["champs"]
        nouvelle_demande(scene)
        assert page(scene, "ressource").status_code == 404
        assert page(scene, "agent").status_code == 200
        scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    with horloge.figer(scene.instant + timedelta(hours=1)):
        assert page(scene, "ressource").context["seul"].demande == scene.demande
        assert len(page(scene, "agent").context["choix"]) == 3


def test_une_demande_sans_rapport_n_a_rien_a_comparer(scene: Scene) -> None:
    """Ni phrase fausse au sommaire, ni lien qui ne mène à rien sur la comparaison."""
    second(scene)
    nouvelle_demande(scene)
    sommaire = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/").content.decode()
    assert "sr2100/comparer" not in sommaire
    lue = page(scene, "agent").content.decode()
    assert "sr2100/rapport" not in lue
    assert "sr2100/rapport" in page(scene, "clinicien").content.decode()


def test_lire_un_rapport_ne_dechiffre_que_le_sien(scene: Scene, django_assert_max_num_queries: Any) -> None:
    """Savoir s'il y en a un autre ne les lit pas."""
    second(scene)
    with django_assert_max_num_queries(1) as lues:
        assert lecture.se_comparent(scene.dossier, scene["agent"])
    assert "contenu_json" not in lues.captured_queries[0]["sql"]
    assert not lecture.se_comparent(scene.dossier, scene["clinicien_ailleurs"])
