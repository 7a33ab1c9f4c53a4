"""Absences, passation, charge : qui peut recevoir un dossier, et à qui vont ceux d'une personne qui part."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from comptes import absences
from comptes.models import Compte, Role, Unite
from dossiers.charges import charges
from dossiers.models import Attribution, Dossier
from dossiers.porte import executer
from espaces import passation
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.dossiers.scene import Scene, autre_dossier, client, compte, monter

pytestmark = pytest.mark.django_db
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def jour(champ: str, lu: date) -> dict[str, str]:
    return {f"{champ}_jour": str(lu.day), f"{champ}_mois": MOIS[lu.month - 1], f"{champ}_annee": str(lu.year)}


def chef_de(scene: Scene) -> Compte:
    return compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)


def presente(qui: Compte, le: date) -> bool:
    return Compte.objects.filter(absences.presents(le), pk=qui.pk).exists()


def test_une_absence_vaut_de_son_premier_a_son_dernier_jour() -> None:
    scene, debut = monter(), horloge.aujourd_hui() + timedelta(days=3)
    fin = debut + timedelta(days=4)
    absences.declarer_absence(scene.agent, scene.agent, du=debut, au=fin)
    vues = {ecart: presente(scene.agent, debut + timedelta(days=ecart)) for ecart in (-1, 0, 4, 5)}
    assert vues == {-1: True, 0: False, 4: False, 5: True}
    assert Entree.objects.filter(acte="declarer_absence", acteur=scene.agent).count() == 1
    absences.finir_absence(scene.agent, scene.agent)
    assert presente(scene.agent, debut)


def test_les_refus_d_une_absence() -> None:
    scene, ailleurs, ce_jour = monter(), monter(), horloge.aujourd_hui()
    collegue = compte(Role.AGENT, bureau=scene.bureau)
    demain = ce_jour + timedelta(days=1)

    def refus(acteur: Compte, visee: Compte, du: date, au: date, remplacant: Compte | None = None) -> tuple[str, str]:
        with pytest.raises(Refus) as leve:
            absences.declarer_absence(acteur, visee, du=du, au=au, remplacant=remplacant)
        return leve.value.code, leve.value.champ

    assert refus(collegue, scene.agent, ce_jour, demain)[0] == "acces_refuse"
    assert refus(chef_de(ailleurs), scene.agent, ce_jour, demain)[0] == "acces_refuse"
    assert refus(scene.clinicien, scene.clinicien, ce_jour, demain)[0] == "acces_refuse"
    assert refus(scene.agent, scene.agent, demain, ce_jour) == ("champ_invalide", "au")
    assert refus(scene.agent, scene.agent, ce_jour - timedelta(days=3), ce_jour - timedelta(days=1))[1] == "au"
    assert refus(scene.agent, scene.agent, ce_jour, ce_jour + timedelta(days=400))[1] == "au"
    assert refus(scene.agent, scene.agent, ce_jour, demain, ailleurs.agent)[1] == "remplacant"
    assert refus(scene.agent, scene.agent, ce_jour, demain, scene.agent)[1] == "remplacant"
    absences.declarer_absence(chef_de(scene), scene.agent, du=ce_jour, au=demain, remplacant=collegue)
    with pytest.raises(Refus):
        absences.finir_absence(collegue, collegue)


def test_l_ecran_d_absence_garde_ce_qui_est_ecrit() -> None:
    scene, ce_jour = monter(), horloge.aujourd_hui()
    navigateur, page = client(scene.agent), reverse("absences")
    assert "aucune absence" in navigateur.get(page).content.decode()
    envers = {**jour("du", ce_jour + timedelta(days=2)), **jour("au", ce_jour)}
    rendue = navigateur.post(page, envers)
    assert list(rendue.context["form"].errors) == ["au"]
    assert str((ce_jour + timedelta(days=2)).year) in rendue.content.decode()
    assert navigateur.post(page, {**jour("du", ce_jour), **jour("au", ce_jour + timedelta(days=2))}).status_code == 302
    assert "Effacer l'absence" in navigateur.get(page).content.decode().replace("&#x27;", "'")
    celui_du_chef = client(chef_de(scene))
    assert scene.agent.nom_complet in celui_du_chef.get(page).content.decode()
    liste = celui_du_chef.get(reverse("equipe_liste") + "?liste=absents").content.decode()
    assert scene.dossier.reference in liste
    assert celui_du_chef.post(page, {"retour": scene.agent.pk}).status_code == 302
    assert presente(scene.agent, ce_jour)
    assert client(scene.dossier.prestataire).get(page).status_code == 404


def test_le_remplacant_voit_les_dossiers_a_faire_et_le_dossier_dit_qui_remplace() -> None:
    scene, ce_jour = monter(), horloge.aujourd_hui()
    collegue = compte(Role.AGENT, bureau=scene.bureau)
    fin = ce_jour + timedelta(days=2)
    absences.declarer_absence(scene.agent, scene.agent, du=ce_jour, au=fin, remplacant=collegue)
    navigateur = client(collegue)
    page = navigateur.get(reverse("travail")).content.decode()
    assert f"Vous remplacez <strong>{scene.agent.nom_complet}</strong>" in page
    siens = f"{reverse('travail')}?collegue={scene.agent.pk}"
    assert siens in page
    assert [un.reference for un in navigateur.get(siens).context["page"].objets] == [scene.dossier.reference]
    sommaire = navigateur.get(reverse("dossier_sommaire", args=[scene.dossier.reference])).content.decode()
    assert f"; {collegue.nom_complet} remplace" in sommaire
    assert "Vous remplacez" not in client(scene.agent).get(reverse("travail")).content.decode()


def test_un_chef_note_sa_propre_absence() -> None:
    scene, ce_jour = monter(), horloge.aujourd_hui()
    chef = chef_de(scene)
    navigateur, page = client(chef), reverse("absences")
    envoi = {"personne": chef.pk, **jour("du", ce_jour), **jour("au", ce_jour)}
    assert navigateur.post(page, envoi).status_code == 302
    assert not presente(chef, ce_jour)
    assert chef.nom_complet in navigateur.get(page).content.decode()
    assert navigateur.post(page, {"retour": chef.pk}).status_code == 302
    assert presente(chef, ce_jour)


def _portefeuille(scene: Scene, nombre: int) -> list[Dossier]:
    return [autre_dossier(scene.bureau, scene.agent) for _ in range(nombre - 1)] + [scene.dossier]


def test_remettre_un_portefeuille_au_moins_charge_sans_conflit() -> None:
    scene = monter()
    dossiers = _portefeuille(scene, 6)
    un, deux = (compte(Role.AGENT, bureau=scene.bureau) for _ in range(2))
    autre_dossier(scene.bureau, deux)
    executer("declarer_conflit", acteur=un, dossier=scene.dossier)
    navigateur, page = client(chef_de(scene)), reverse("equipe_passation")
    choix: dict[str, Any] = {"de": scene.agent.pk, "vers": [un.pk, deux.pk]}
    assert "6 demandes en cours" in navigateur.get(page).content.decode()
    assert list(navigateur.post(page, {"de": un.pk, "vers": [un.pk]}).context["form"].errors) == ["vers"]
    choix["cle"] = navigateur.get(page).context["form"]["cle"].value()
    arret = navigateur.post(page, choix)
    assert "Remettre 6 dossiers?" in arret.content.decode()
    assert Dossier.objects.filter(agent=scene.agent).count() == 6
    assert str(choix["cle"]) in arret.content.decode()
    fait = navigateur.post(page, {**choix, "confirme": "oui"})
    assert "6 dossiers remis" in fait.content.decode()
    assert not Dossier.objects.filter(agent=scene.agent).exists()
    scene.dossier.refresh_from_db()
    assert scene.dossier.agent == deux
    # Sept dossiers pour deux : la charge finale s'équilibre.
    assert sorted(charges(scene.bureau.pk).values()) == [3, 4]
    vivantes = Attribution.objects.filter(dossier__in=dossiers, qualite=Attribution.Qualite.AGENT, au__isnull=True)
    assert vivantes.count() == 6
    # Le même envoi reçu deux fois ne refait rien.
    avant = Entree.objects.filter(acte="attribuer_dossier").count()
    navigateur.post(page, {**choix, "confirme": "oui"})
    assert Entree.objects.filter(acte="attribuer_dossier").count() == avant


def test_la_passation_reprend_ou_elle_en_etait_et_dit_ce_qui_reste(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = monter()
    _portefeuille(scene, 5)
    monkeypatch.setattr(passation, "LOT", 2)
    chef, un = chef_de(scene), compte(Role.AGENT, bureau=scene.bureau)
    restes = [passation.remettre(chef, scene.agent, [un], {}, None).restent for _ in range(3)]
    assert restes == [3, 1, 0]


def test_un_dossier_que_personne_ne_peut_prendre_est_dit() -> None:
    scene = monter()
    un = compte(Role.AGENT, bureau=scene.bureau)
    executer("declarer_conflit", acteur=un, dossier=scene.dossier)
    remise = passation.remettre(chef_de(scene), scene.agent, [un], {}, None)
    assert [reference for reference, _ in remise.refus] == [scene.dossier.reference]
    assert remise.restent == 1


def test_la_charge_se_lit_au_moment_d_attribuer() -> None:
    scene = monter()
    page = client(chef_de(scene)).get(reverse("equipe_liste")).content.decode()
    assert f"{scene.agent.nom_complet}, 1 demande en cours" in page
    geste = reverse("dossier_geste", args=[scene.dossier.reference, "attribuer"])
    assert f"{scene.agent.nom_complet}, 1 demande en cours" in client(chef_de(scene)).get(geste).content.decode()


def test_la_passation_continue_sans_rien_rechoisir(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = monter()
    _portefeuille(scene, 3)
    monkeypatch.setattr(passation, "LOT", 2)
    un, navigateur, page = compte(Role.AGENT, bureau=scene.bureau), client(chef_de(scene)), reverse("equipe_passation")
    choix: dict[str, Any] = {"de": scene.agent.pk, "vers": [un.pk]}
    reste = navigateur.post(page, {**choix, "confirme": "oui"}).content.decode()
    assert "1 dossier de" in reste
    assert f'name="vers" value="{un.pk}"' in reste
    assert "Remettre 1 dossier?" in navigateur.post(page, choix).content.decode()
