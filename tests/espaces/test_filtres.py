"""Filtrer la file, garder un filtre, confier et relancer en lot; jamais une décision en lot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from comptes.models import Compte, Role
from dossiers.actes import filtres as actes
from dossiers.models import FILTRES_MAX, Alerte, Dossier, FiltreEnregistre, Relance
from dossiers.porte import executer
from espaces.filtres import Filtre
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.dossiers.scene import autre_dossier, client, compte, monter

pytestmark = pytest.mark.django_db
FILE = reverse("travail")


def references(qui: Compte, adresse: str) -> set[str]:
    page = client(qui).get(adresse)
    assert page.status_code == 200
    return {un.reference for un in page.context["page"].objets}


def test_filtrer_par_collegue_alerte_etat_et_retard() -> None:
    scene = monter()
    collegue = compte(Role.AGENT, bureau=scene.bureau, absent_jusqu_au=horloge.aujourd_hui())
    autre = autre_dossier(scene.bureau, collegue)
    executer("signaler_alerte", acteur=scene.agent, dossier=scene.dossier, code=Alerte.Code.DETRESSE)
    Dossier.objects.filter(pk=autre.pk).update(avant_le=horloge.aujourd_hui() - timedelta(days=1))
    siens, du_collegue = {scene.dossier.reference}, {autre.reference}
    assert references(scene.agent, f"{FILE}?file=tous") == siens | du_collegue
    assert references(scene.agent, f"{FILE}?file=tous&alerte=detresse") == siens
    assert references(scene.agent, f"{FILE}?file=tous&retard=oui") == du_collegue
    assert references(scene.agent, f"{FILE}?collegue={collegue.pk}") == du_collegue
    assert references(scene.agent, f"{FILE}?file=attente&collegue={collegue.pk}") == set()
    assert references(scene.agent, f"{FILE}?file=tous&etat=recue&alerte=detresse") == siens
    page = client(scene.agent).get(f"{FILE}?filtrer=oui").content.decode()
    assert f"{collegue.nom_complet} (absence)" in page


@pytest.mark.parametrize("brut", ["alerte=inconnue", "etat=' OR 1", "collegue=-1", "collegue=99999999999999", "file=x"])
def test_une_valeur_inconnue_se_tait(brut: str) -> None:
    scene = monter()
    assert scene.dossier.reference in references(scene.agent, f"{FILE}?{brut}")


def test_un_collegue_d_un_autre_bureau_ne_montre_rien() -> None:
    scene, ailleurs = monter(), monter()
    assert references(scene.agent, f"{FILE}?file=tous&collegue={ailleurs.agent.pk}") == set()


def test_garder_retrouver_et_retirer() -> None:
    scene, autre = monter(), monter()
    navigateur, page = client(scene.agent), reverse("travail_filtres")
    sans_nom = navigateur.post(page, {"nom": " ", "file": "tous", "alerte": "detresse"})
    assert list(sans_nom.context["form"].errors) == ["nom"]
    assert 'value="detresse"' in sans_nom.content.decode()
    garde = navigateur.post(page, {"nom": "Détresses du bureau", "file": "tous", "alerte": "detresse", "q": "Tremblay"})
    filtre = FiltreEnregistre.objects.get()
    assert garde.headers["Location"] == f"{FILE}?filtre={filtre.pk}"
    assert filtre.criteres == {"file": "tous", "alerte": "detresse"}
    assert references(scene.agent, f"{FILE}?filtre={filtre.pk}") == set()
    assert "Détresses du bureau" in navigateur.get(FILE).content.decode()
    assert client(autre.agent).get(f"{FILE}?filtre={filtre.pk}").status_code == 404
    client(autre.agent).post(page, {"retirer": filtre.pk})
    assert FiltreEnregistre.objects.count() == 1
    navigateur.post(page, {"retirer": filtre.pk})
    assert not FiltreEnregistre.objects.exists()
    lignes = Entree.objects.filter(acte__in=("garder_filtre", "retirer_filtre"))
    assert [ligne.details for ligne in lignes.order_by("pk")] == [{"filtre": filtre.pk}] * 2


def test_les_refus_d_un_filtre() -> None:
    scene = monter()
    for nom, criteres, code in (
        ("", {"file": "tous"}, "champ_manquant"),
        ("x" * 61, {"file": "tous"}, "champ_invalide"),
        ("x", {}, "champ_invalide"),
        ("x", {"nom_de_la_personne": "Tremblay"}, "champ_invalide"),
    ):
        with pytest.raises(Refus) as leve:
            actes.garder_filtre(scene.agent, nom=nom, criteres=criteres)
        assert leve.value.code == code
    for rang in range(FILTRES_MAX):
        actes.garder_filtre(scene.agent, nom=f"Filtre {rang}", criteres={"file": "tous"})
    with pytest.raises(Refus):
        actes.garder_filtre(scene.agent, nom="De trop", criteres={"file": "tous"})
    actes.garder_filtre(scene.agent, nom="Filtre 0", criteres={"file": "csems"})
    assert Filtre.lire(FiltreEnregistre.objects.get(nom="Filtre 0").criteres).file == "csems"


def test_confier_en_lot() -> None:
    scene, ailleurs = monter(), monter()
    second, collegue = autre_dossier(scene.bureau, scene.agent), compte(Role.AGENT, bureau=scene.bureau)
    navigateur, page = client(scene.agent), reverse("travail_lot")
    coches = [scene.dossier.reference, second.reference]
    base: dict[str, Any] = {"geste": "attribuer", "page": [*coches, ailleurs.dossier.reference], "file": "tous"}
    choix = navigateur.post(page, base)
    assert ailleurs.dossier.reference not in choix.content.decode()
    rendue = navigateur.post(page, {**base, "fait": "oui", "dossiers": coches[:1]})
    assert list(rendue.context["form"].errors) == ["agent"]
    envoi = {**base, "fait": "oui", "dossiers": coches, "agent": collegue.pk, "cle": str(uuid4())}
    envoi["lus"] = choix.context["form"].lus_maintenant
    assert navigateur.post(page, envoi).headers["Location"] == f"{FILE}?file=tous"
    assert set(Dossier.objects.filter(agent=collegue)) == {scene.dossier, second}
    assert navigateur.post(page, {**envoi, "dossiers": [ailleurs.dossier.reference]}).status_code == 200


@pytest.mark.parametrize("geste", ["signer_decision", "fermer", "declarer_complet", "", "prendre_dossier"])
def test_aucune_decision_en_lot(geste: str) -> None:
    scene = monter()
    envoi = {"geste": geste, "fait": "oui", "dossiers": [scene.dossier.reference]}
    assert client(scene.agent).post(reverse("travail_lot"), envoi).status_code == 404


def test_relancer_en_lot_dit_chaque_refus() -> None:
    scene = monter()
    second = autre_dossier(scene.bureau, scene.agent)
    executer(
        "demander_renseignement", acteur=scene.agent, dossier=scene.dossier, elements=["traitements_essayes"],
        a=scene.dossier.prestataire,
    )  # fmt: skip
    envoi = {
        "geste": "relancer", "fait": "oui", "cle": str(uuid4()),
        "dossiers": [scene.dossier.reference, second.reference],
    }  # fmt: skip
    navigateur = client(scene.agent)
    page = navigateur.post(reverse("travail_lot"), envoi).content.decode()
    assert f"{second.reference} : Aucun document n&#x27;est attendu" in page
    assert "1 relance." in page
    # Le même envoi, redit : la même relance, pas une seconde. Un envoi neuf : une seule par jour.
    navigateur.post(reverse("travail_lot"), envoi)
    encore = navigateur.post(reverse("travail_lot"), {**envoi, "cle": str(uuid4())}).content.decode()
    assert f"{scene.dossier.reference} : Une relance est déjà partie" in encore
    assert [une.renseignement.demande.dossier_id for une in Relance.objects.all()] == [scene.dossier.pk]
    faits = Entree.objects.filter(acte="relancer_renseignement", nature=Entree.Nature.ACTE)
    assert [un.dossier_id for un in faits] == [scene.dossier.pk]
