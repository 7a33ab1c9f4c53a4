"""La file filtrée, les lots, l'équipe et les doublons dans Chromium : axe, reflux à 320 px, gestes complets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comptes import absences
from comptes.models import Compte, Role, Unite
from dossiers.actes import filtres
from dossiers.models import Alerte, Dossier, Fusion
from dossiers.porte import executer
from dossiers.recherche import cle_de_tri, refaire_vocabulaire
from socle import horloge
from tests.dossiers.scene import Scene, autre_dossier, compte, monter
from tests.outils_navigateur import Ouvrir, juger

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def nommer(qui: Compte, prenom: str, nom: str, **champs: str) -> Compte:
    """La même personne, sous un nom fictif qui se lit bien à l'écran."""
    Compte.objects.filter(pk=qui.pk).update(prenom=prenom, nom=nom, **champs)
    qui.refresh_from_db()
    return qui


def equipe() -> tuple[Scene, Compte, Compte, list[Dossier]]:
    """Un bureau : un agent, un collègue absent qu'il remplace, leur chef, cinq dossiers."""
    scene = monter()
    agent = nommer(scene.agent, "Rosalie", "Fictif")
    collegue = nommer(compte(Role.AGENT, bureau=scene.bureau), "Théodore", "Prototype")
    chef = nommer(compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau), "Mireille", "Modèle")
    dossiers = [scene.dossier, *(autre_dossier(scene.bureau, agent) for _ in range(4))]
    for dossier, (prenom, nom) in zip(
        dossiers,
        (("Ursule", "Brindamour"), ("Marie-Ève", "St-Pierre"), ("Paul", "D'Amours"), ("Anne", "Côté"), ("Luc", "Roy")),
        strict=True,
    ):
        nommer(dossier.prestataire, prenom, nom, telephone="418 555-0123")
    executer("attribuer_dossier", acteur=chef, dossier=dossiers[1], agent=collegue)
    executer("signaler_alerte", acteur=agent, dossier=dossiers[0], code=Alerte.Code.DETRESSE)
    jour = horloge.aujourd_hui()
    Dossier.objects.filter(pk=dossiers[1].pk).update(avant_le=jour - timedelta(days=3))
    absences.declarer_absence(collegue, collegue, du=jour, au=jour + timedelta(days=9), remplacant=agent)
    return scene, collegue, chef, dossiers


@pytest.mark.lent
def test_la_file_se_filtre_se_garde_et_se_confie(ouvrir: Ouvrir) -> None:
    scene, collegue, _, dossiers = equipe()
    filtres.garder_filtre(scene.agent, nom="Détresses du bureau", criteres={"file": "tous", "alerte": "detresse"})
    page = ouvrir(scene.agent)
    page.goto(reverse("travail"))
    juger(page, "travail")
    page.get_by_role("link", name="Ses dossiers à faire").click()
    expect(page.get_by_role("link", name="Marie-Ève St-Pierre")).to_be_visible()
    expect(page.get_by_role("link", name="Ursule Brindamour")).to_have_count(0)
    juger(page, "travail-filtre")
    page.get_by_text("Changer ou garder ce filtre").click()
    page.get_by_label("Nom du filtre à garder").fill("Ceux de Théodore")
    page.get_by_role("button", name="Garder ce filtre").click()
    expect(page.get_by_role("link", name="Ceux de Théodore")).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Confier des dossiers de cette page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confier des dossiers")
    juger(page, "lot")
    page.get_by_role("button", name="Confier des dossiers").click()
    juger(page, "lot-erreurs")
    page.get_by_label("Marie-Ève St-Pierre").check()
    page.get_by_label("Confier à").select_option(str(scene.agent.pk))
    page.get_by_role("button", name="Confier des dossiers").click()
    expect(page.get_by_text("1 dossier confié.")).to_be_visible()
    dossiers[1].refresh_from_db()
    assert dossiers[1].agent == scene.agent
    assert collegue.dossiers_suivis.count() == 0


def test_la_recherche_montre_les_homonymes_et_les_fautes(ouvrir: Ouvrir) -> None:
    scene, _, _, dossiers = equipe()
    nommer(dossiers[4].prestataire, "Ursule", "Brindamour")
    for dossier in dossiers:
        qui = dossier.prestataire
        qui.refresh_from_db()
        Dossier.objects.filter(pk=dossier.pk).update(cle_tri=cle_de_tri(qui.nom, qui.prenom))
    refaire_vocabulaire()
    page = ouvrir(scene.agent)
    page.goto(reverse("rechercher"))
    page.get_by_label("Nom, numéro de dossier, NAM ou NAS").fill("brindamor ursule")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("link", name="Ursule Brindamour")).to_have_count(2)
    juger(page, "recherche")
    page.goto(reverse("dossier_nouveau"))
    page.get_by_label("Prénom").fill("Ursule")
    page.get_by_label("Nom", exact=True).fill("Brindamor")
    naissance = page.get_by_role("group", name="Date de naissance")
    naissance.get_by_label("Jour").fill("5")
    naissance.get_by_label("Mois").fill("mai")
    naissance.get_by_label("Année").fill("1980")
    juger(page, "nouveau-chercher")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Nom à une lettre près, même date de naissance").first).to_be_visible()
    juger(page, "nouveau")


@pytest.mark.lent
def test_le_chef_reunit_remet_et_note_les_absences(ouvrir: Ouvrir) -> None:
    scene, collegue, chef, dossiers = equipe()
    garde, double = dossiers[0], dossiers[4]
    executer("fermer", acteur=scene.agent, dossier=double, motif="doublon")
    Dossier.objects.filter(pk__in=[garde.pk, double.pk]).update(naissance=date(1980, 5, 5))
    nommer(double.prestataire, "Ursule", "Brindamour")
    Dossier.objects.filter(pk__in=[garde.pk, double.pk]).update(cle_tri="brindamour ursule")
    refaire_vocabulaire()
    agent = ouvrir(scene.agent)
    agent.goto(reverse("dossier_geste", args=[double.reference, "reunir"]))
    juger(agent, "reunir")
    agent.get_by_label("Ursule Brindamour").check()
    agent.get_by_label("Comment savez-vous").fill("Même nom et même naissance, confirmés au téléphone.")
    agent.get_by_role("button", name="Proposer de réunir les dossiers").click()
    expect(agent.get_by_text("Votre chef d'équipe verra la proposition.")).to_be_visible()
    agent.goto(reverse("dossier_geste", args=[dossiers[2].reference, "conflit"]))
    juger(agent, "conflit")
    agent.get_by_label("Quel est le lien").fill("Une parente.")
    agent.get_by_role("button", name="Quitter ce dossier").click()
    page = ouvrir(chef)
    page.goto(reverse("equipe"))
    juger(page, "equipe")
    page.goto(reverse("equipe_liste") + "?liste=doublons")
    juger(page, "equipe-doublons")
    page.get_by_role("link", name="Ursule Brindamour").click()
    juger(page, "fusion")
    page.get_by_role("button", name="Réunir les dossiers").click()
    expect(page.get_by_text("Les dossiers sont réunis.")).to_be_visible()
    assert Fusion.objects.get().retenue is True
    page.goto(reverse("equipe_fusion", args=[double.reference]))
    juger(page, "fusion-faite")
    page.goto(reverse("equipe_conflits", args=[dossiers[2].reference]))
    juger(page, "conflits")
    page.goto(reverse("absences"))
    juger(page, "absences")
    page.goto(reverse("equipe_passation"))
    juger(page, "passation")
    page.get_by_label("De qui remettre les dossiers?").select_option(str(collegue.pk))
    page.get_by_label("Rosalie Fictif").check()
    page.get_by_role("button", name="Continuer").click()
    juger(page, "passation-arret")
    page.get_by_role("button", name="Remettre les dossiers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 dossier remis")
    juger(page, "passation-faite")
