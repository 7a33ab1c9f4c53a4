"""Deux dossiers d'une même personne : proposer, réunir, lire encore, défaire; et tout ce qui l'empêche."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from comptes.lecture import compte_systeme
from comptes.models import Compte, Role, Unite
from correspondance import composition
from dossiers.models import Dossier, Fusion, Piece
from dossiers.porte import executer
from espaces.views.connexion import trouver
from journal.models import Entree
from socle.champs import empreinte
from socle.refus import Refus
from tests.dossiers.scene import Scene, autre_dossier, client, compte, monter

pytestmark = pytest.mark.django_db


def doublon(scene: Scene) -> Dossier:
    """Un second dossier au même bureau, dont la demande est fermée."""
    double = autre_dossier(scene.bureau, scene.agent)
    executer("verser_piece", acteur=scene.agent, dossier=double, nature="Autre document", titre="Ancienne note")
    executer("fermer", acteur=scene.agent, dossier=double, motif="doublon")
    return double


def chef_de(scene: Scene) -> Compte:
    return compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)


def proposer(scene: Scene, double: Dossier, **donnees: Any) -> Fusion:
    voulu: dict[str, Any] = {"cible": scene.dossier, "motif": "Même personne."} | donnees
    fusion: Fusion = executer("proposer_fusion", acteur=scene.agent, dossier=double, **voulu)
    return fusion


def refus(acte: str, qui: Compte, dossier: Dossier, **donnees: Any) -> tuple[str, str]:
    with pytest.raises(Refus) as leve:
        executer(acte, acteur=qui, dossier=dossier, **donnees)
    return leve.value.code, leve.value.champ


def test_de_la_proposition_a_la_separation() -> None:
    scene = monter()
    double, chef = doublon(scene), chef_de(scene)
    geste = reverse("dossier_geste", args=[double.reference, "reunir"])
    navigateur, celui_du_chef = client(scene.agent), client(chef)
    rendue = navigateur.post(geste, {"cible": "1234", "motif": "Même NAM."})
    assert "Même NAM." in rendue.content.decode()
    assert list(rendue.context["form"].errors) == ["cible"]
    envoi = {"cible": scene.dossier.reference.lower().replace("-", " "), "motif": "Même NAM."}
    assert navigateur.post(geste, envoi).status_code == 302
    liste = celui_du_chef.get(reverse("equipe_liste") + "?liste=doublons").content.decode()
    page = reverse("equipe_fusion", args=[double.reference])
    assert page in liste
    assert "Même NAM." in celui_du_chef.get(page).content.decode()
    assert celui_du_chef.post(page, {"geste": "reunir"}).status_code == 302
    double.refresh_from_db()
    assert double.fusionne_dans == scene.dossier
    # La personne qui tient une vieille lettre arrive au dossier gardé.
    assert double.naissance is not None
    assert trouver(double.reference, double.naissance) == scene.dossier.prestataire
    # L'ancien numéro mène au dossier gardé; ses pages se lisent encore, et le disent.
    sommaire = reverse("dossier_sommaire", args=[double.reference])
    garde = reverse("dossier_sommaire", args=[scene.dossier.reference])
    assert navigateur.get(sommaire).headers["Location"] == garde
    assert "Dossiers réunis à celui-ci" in navigateur.get(garde).content.decode()
    pieces = navigateur.get(reverse("dossier_pieces", args=[double.reference])).content.decode()
    assert "Dossier réuni à un autre" in pieces
    assert "Ancienne note" in pieces
    assert navigateur.post(reverse("rechercher"), {"q": double.reference}).headers["Location"] == sommaire
    assert client(chef).post(page, {"geste": "defaire", "raison": ""}).status_code == 200
    assert client(chef).post(page, {"geste": "defaire", "raison": "Deux sœurs."}).status_code == 302
    double.refresh_from_db()
    assert not double.fusionne_dans_id
    assert navigateur.get(sommaire).status_code == 200
    faits = Entree.objects.filter(dossier=double, nature=Entree.Nature.ACTE).order_by("pk")
    actes = faits.filter(acte__contains="fusion").values_list("acte", flat=True)
    assert list(actes) == ["proposer_fusion", "fusionner_dossiers", "defaire_fusion"]


def test_le_geste_offre_les_dossiers_qui_ressemblent_et_dit_pourquoi() -> None:
    scene = monter()
    double = doublon(scene)
    Compte.objects.filter(pk=double.prestataire_id).update(telephone="418 555-0123")
    Compte.objects.filter(pk=scene.dossier.prestataire_id).update(telephone="(418) 555-0123")
    Dossier.objects.filter(pk__in=[double.pk, scene.dossier.pk]).update(nam_empreinte=empreinte("FICT80050599"))
    Dossier.objects.filter(pk=double.pk).update(nam=scene.dossier.nam)
    geste, navigateur = reverse("dossier_geste", args=[double.reference, "reunir"]), client(scene.agent)
    page = navigateur.get(geste).content.decode()
    assert f"{scene.dossier.reference} : même NAM" in page
    assert "checked" not in page
    tiers = autre_dossier(scene.bureau, scene.agent)
    gardee = scene.dossier.reference
    for envoi in ({}, {"parmi": gardee, "cible": tiers.reference}):
        rendue = navigateur.post(geste, {"motif": "Même NAM.", **envoi})
        assert list(rendue.context["form"].errors) == ["cible"], envoi
    assert navigateur.post(geste, {"motif": "Même NAM.", "parmi": gardee}).status_code == 302
    assert Fusion.objects.get().cible == scene.dossier


def test_rien_ne_change_de_dossier() -> None:
    scene = monter()
    double, chef = doublon(scene), chef_de(scene)
    avant = sorted(Piece.objects.values_list("pk", "dossier_id"))
    proposer(scene, double)
    executer("fusionner_dossiers", acteur=chef, dossier=double)
    assert sorted(Piece.objects.values_list("pk", "dossier_id")) == avant


def test_un_dossier_reuni_ne_se_travaille_plus() -> None:
    scene = monter()
    double, chef = doublon(scene), chef_de(scene)
    proposer(scene, double)
    executer("fusionner_dossiers", acteur=chef, dossier=double)
    for qui, acte, donnees in (
        (scene.agent, "deposer_demande", {"canal": "telephone", "type": "initiale"}),
        (scene.agent, "verser_piece", {"nature": "Autre document", "titre": "x"}),
        (chef, "attribuer_dossier", {"agent": scene.agent}),
        (double.prestataire, "consentir", {"objet": "joindre_clinicien"}),
    ):
        assert refus(acte, qui, double, **donnees)[0] == "etat_interdit", acte
    assert double not in Dossier.objects.visibles_par(scene.agent).pour_file()
    with composition.sans_pdf():  # ce qui était parti finit
        executer("emettre_lettres", acteur=compte_systeme(), dossier=double)


def test_ce_qui_vit_ne_se_reunit_pas() -> None:
    scene = monter()
    double, chef = doublon(scene), chef_de(scene)
    assert refus("proposer_fusion", scene.agent, scene.dossier, cible=double, motif="x")[0] == "etat_interdit"
    proposer(scene, double)
    assert refus("proposer_fusion", scene.agent, double, cible=scene.dossier, motif="x")[0] == "etat_interdit"
    # Une demande déposée entre la proposition et la réponse du chef arrête la réunion, et la page le dit.
    executer("deposer_demande", acteur=scene.agent, dossier=double, canal="telephone", type="initiale")
    assert refus("fusionner_dossiers", chef, double)[0] == "etat_interdit"
    page = client(chef).get(reverse("equipe_fusion", args=[double.reference])).content.decode()
    assert "Une demande vit dans ce dossier" in page
    assert "Réunir les dossiers</button>" not in page


def test_les_champs_et_les_droits() -> None:
    scene, ailleurs = monter(), monter()
    double, chef = doublon(scene), chef_de(scene)
    assert refus("proposer_fusion", scene.agent, double, motif="x") == ("champ_manquant", "cible")
    assert refus("proposer_fusion", scene.agent, double, cible=scene.dossier) == ("champ_manquant", "motif")
    assert refus("proposer_fusion", scene.agent, double, cible=double, motif="x") == ("champ_invalide", "cible")
    assert refus("proposer_fusion", scene.agent, double, cible=ailleurs.dossier, motif="x")[0] == "acces_refuse"
    assert (
        refus("proposer_fusion", scene.dossier.prestataire, double, cible=scene.dossier, motif="x")[0] == "acces_refuse"
    )
    assert refus("fusionner_dossiers", chef, double)[0] == "etat_interdit"
    proposer(scene, double)
    assert refus("fusionner_dossiers", scene.agent, double)[0] == "acces_refuse"
    assert refus("fusionner_dossiers", chef_de(ailleurs), double)[0] == "acces_refuse"
    assert refus("ecarter_fusion", chef, double) == ("champ_manquant", "raison")
    assert refus("defaire_fusion", chef, double, raison="x")[0] == "etat_interdit"
    executer("ecarter_fusion", acteur=chef, dossier=double, raison="Deux personnes.")
    double.refresh_from_db()
    assert double.fusionne_dans is None
    assert client(scene.agent).get(reverse("equipe_fusion", args=[double.reference])).status_code == 404
    # Écartée, une autre proposition peut naître.
    proposer(scene, double)
