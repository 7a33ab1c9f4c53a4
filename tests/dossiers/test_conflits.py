"""Conflit d'intérêts déclaré : la personne quitte le dossier, ne le voit plus, et ne peut se le faire confier."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from comptes.models import Role, Unite
from dossiers import verification as verifier
from dossiers.actes.travail import prendre_le_suivant
from dossiers.models import Attribution, ConflitInteret, Dossier
from dossiers.porte import executer
from socle.refus import Refus
from tests import fabrique_csems as csems
from tests.dossiers.scene import client, compte, monter

pytestmark = pytest.mark.django_db


def test_declarer_quitter_et_lever() -> None:
    scene = monter()
    navigateur = client(scene.agent)
    sommaire = reverse("dossier_sommaire", args=[scene.dossier.reference])
    geste = reverse("dossier_geste", args=[scene.dossier.reference, "conflit"])
    assert navigateur.get(geste).status_code == 200
    assert navigateur.post(geste, {"motif": "Une parente."}, follow=True).status_code == 200
    scene.dossier.refresh_from_db()
    assert scene.dossier.agent is None
    assert navigateur.get(sommaire).status_code == navigateur.get(geste).status_code == 404
    assert not Dossier.objects.visibles_par(scene.agent).exists()
    assert navigateur.post(reverse("rechercher"), {"q": scene.dossier.reference}).status_code == 200
    assert prendre_le_suivant(scene.agent) is None
    chef = compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)
    celui_du_chef, page = client(chef), reverse("equipe_conflits", args=[scene.dossier.reference])
    assert page in celui_du_chef.get(reverse("equipe_liste") + "?liste=conflits").content.decode()
    assert "Une parente." in celui_du_chef.get(page).content.decode()
    offerts = celui_du_chef.get(reverse("dossier_geste", args=[scene.dossier.reference, "attribuer"]))
    assert scene.agent.nom_complet not in offerts.content.decode()
    conflit = ConflitInteret.objects.get()
    assert celui_du_chef.post(page, {"conflit": conflit.pk}).status_code == 302
    assert navigateur.get(sommaire).status_code == 200
    assert prendre_le_suivant(scene.agent) == scene.dossier


def test_les_refus() -> None:
    scene = monter()
    chef = compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)
    executer("declarer_conflit", acteur=scene.agent, dossier=scene.dossier)
    for acte, qui, donnees, attendu in (
        ("attribuer_dossier", chef, {"agent": scene.agent}, "conflit_interet"),
        ("prendre_dossier", scene.agent, {}, "acces_refuse"),
        ("declarer_conflit", scene.dossier.prestataire, {}, "acces_refuse"),
        ("lever_conflit", chef, {}, "champ_manquant"),
        ("lever_conflit", chef, {"conflit": 0}, "champ_invalide"),
        ("lever_conflit", chef, {"conflit": "x"}, "champ_invalide"),
        ("lever_conflit", scene.agent, {"conflit": 0}, "acces_refuse"),
    ):
        with pytest.raises(Refus) as leve:
            executer(acte, acteur=qui, dossier=scene.dossier, **donnees)
        assert leve.value.code == attendu, acte


def test_un_evaluateur_quitte_et_ne_reprend_pas() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.pris(equipe)
    executer("declarer_conflit", acteur=equipe.medecin, dossier=dossier, motif="Un voisin.")
    assert not Attribution.objects.filter(
        dossier=dossier, qui=equipe.medecin, qualite=Attribution.Qualite.EVALUATEUR, au__isnull=True
    ).exists()
    assert not Dossier.objects.visibles_par(equipe.medecin).filter(pk=dossier.pk).exists()
    with pytest.raises(Refus) as leve:
        executer("prendre_en_evaluation", acteur=equipe.medecin, dossier=dossier)
    assert leve.value.code == "conflit_interet"
    remplacant = csems.compte(Role.MEDECIN_CSEMS, "Rosalie")
    executer("prendre_en_evaluation", acteur=remplacant, dossier=dossier)


def test_pendant_la_signature_le_chef_remplace() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.a_signer(equipe)
    with pytest.raises(Refus) as leve:
        executer("declarer_conflit", acteur=equipe.medecin, dossier=dossier)
    assert leve.value.code == "etat_interdit"


@pytest.mark.parametrize("valeur", ["x", "", None, True, 1.5, [], "²", "9" * 30, "-1"])
def test_ce_qui_n_est_pas_un_numero_ne_designe_rien(valeur: Any) -> None:
    assert verifier.numero(valeur) == 0
    assert verifier.numero(12) == verifier.numero("12") == 12
