"""Les affectations du chef d'équipe : deux onglets ne s'écrasent pas."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comptes.models import Role, Unite
from dossiers.models import Attribution
from dossiers.porte import executer
from tests.fabrique_csems import client_de, compte, creer_equipe, en_concertation, en_revision, pris

pytestmark = pytest.mark.django_db


def lire(client: Client, url: str) -> dict[str, Any]:
    """Ce que le formulaire de la page renverrait tel quel."""
    formulaire = client.get(url).context["form"]
    return {"affectation_lue": formulaire["affectation_lue"].value()}


def test_un_onglet_perime_n_ecrase_pas_l_affectation_des_reviseurs() -> None:
    equipe = creer_equipe()
    dossier = en_revision(equipe, affectee=False)
    autre = compte(Role.MEDECIN_DRRA, "Rosalie")
    client, url = client_de(equipe.chef_drra), f"/equipe/{dossier.reference}/reviseurs/"
    premier, second = lire(client, url), lire(client, url)
    choix = {"medecin": equipe.medecin_drra.pk, "specialiste": equipe.specialiste_drra.pk}
    assert client.post(url, {**premier, **choix}).status_code == 302
    conflit = client.post(url, {**second, **choix, "medecin": autre.pk})
    assert conflit.status_code == 409
    assert "Rosalie Fictif" in conflit.content.decode()
    assert "Irene Fictif" in conflit.content.decode()
    reviseurs = Attribution.objects.filter(dossier=dossier, qualite=Attribution.Qualite.REVISEUR, au__isnull=True)
    assert {une.qui for une in reviseurs} == {equipe.medecin_drra, equipe.specialiste_drra}
    # De la page à jour, réaffecter reste permis.
    assert client.post(url, {**lire(client, url), **choix, "medecin": autre.pk}).status_code == 302
    assert {une.qui for une in reviseurs.all()} == {autre, equipe.specialiste_drra}


def test_un_onglet_perime_n_ecrase_pas_l_agent_du_dossier() -> None:
    """Le geste « Attribuer le dossier » compare lui aussi ce que sa page a lu."""
    equipe = creer_equipe()
    dossier = pris(equipe)
    un, deux = (compte(Role.AGENT, prenom, bureau=equipe.bureau) for prenom in ("Rosalie", "Ludovic"))
    client, url = client_de(equipe.agent), f"/dossiers/{dossier.reference}/gestes/attribuer/"
    assert 'name="affectation_lue"' in client.get(url).content.decode()
    premier, second = lire(client, url), lire(client, url)
    assert client.post(url, {**premier, "agent": un.pk}).status_code == 302
    conflit = client.post(url, {**second, "agent": deux.pk})
    assert conflit.status_code == 409
    for nom in ("Rosalie Fictif", "Ludovic Fictif"):
        assert nom in conflit.content.decode()
    dossier.refresh_from_db()
    assert dossier.agent == un
    assert client.post(url, {**lire(client, url), "agent": deux.pk}).status_code == 302


def test_un_onglet_perime_n_ecrase_pas_l_evaluateur() -> None:
    equipe = creer_equipe()
    dossier = pris(equipe)
    un, deux = compte(Role.MEDECIN_CSEMS, "Rosalie"), compte(Role.MEDECIN_CSEMS, "Ludovic")
    client = client_de(compte(Role.CHEF_EQUIPE, "Cyrille", unite=Unite.CSEMS))
    url = f"/equipe/{dossier.reference}/evaluateur/"
    premier, second = lire(client, url), lire(client, url)
    assert client.post(url, {**premier, "evaluateur": un.pk, "motif": "Absence."}).status_code == 302
    assert client.post(url, {**second, "evaluateur": deux.pk, "motif": "Absence."}).status_code == 409
    en_charge = Attribution.objects.filter(dossier=dossier, qualite=Attribution.Qualite.EVALUATEUR, au__isnull=True)
    assert {une.qui for une in en_charge} == {un, equipe.specialiste}


def test_le_chef_du_centre_voit_un_desaccord_tant_qu_aucun_tiers_n_est_affecte() -> None:
    equipe = creer_equipe()
    dossier = en_concertation(equipe)
    tiers, chef = (
        compte(Role.MEDECIN_CSEMS, "Rosalie"),
        compte(Role.CHEF_EQUIPE, "Cyrille", unite=Unite.CSEMS),
    )
    client, liste = client_de(chef), "/equipe/dossiers/?liste=tiers"

    def montres() -> list[int]:
        return [un.pk for un in client.get(liste).context["page"].objets]

    assert montres() == []
    executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="non", note="Sur la durée.")
    assert montres() == [dossier.pk]
    assert f'href="/equipe/{dossier.reference}/evaluateur/"' in client.get(liste).content.decode()
    accueil = client.get("/equipe/").context["chiffres"]
    assert [(une.cle, une.valeur) for une in accueil if une.url == liste] == [("Tiers avis à confier", "1")]
    executer("affecter_evaluateur", acteur=chef, dossier=dossier, evaluateur=tiers, motif="Désaccord.")
    assert montres() == []
