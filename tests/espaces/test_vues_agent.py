"""La file de l'agent et la page du chef : requêtes constantes, pages par clé, rôles, attribution."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from comptes.models import Role, Unite
from dossiers import files as pages
from dossiers.models import Dossier
from espaces import files
from socle import horloge
from tests.dossiers.scene import autre_dossier, client, compte, monter
from tests.outils_requetes import requetes

pytestmark = pytest.mark.django_db
REQUETES_MAX = 15


def test_la_file_reste_en_quinze_requetes() -> None:
    scene = monter()
    navigateur = client(scene.agent)
    navigateur.get(reverse("travail"))
    adresses = [reverse("travail"), *(f"{reverse('travail')}?file={un.code}" for un in files.ONGLETS[1:])]
    avant = [requetes(navigateur, une) for une in adresses]
    for _ in range(4):
        autre_dossier(scene.bureau, scene.agent)
    assert [requetes(navigateur, une) for une in adresses] == avant
    assert max(avant) <= REQUETES_MAX


def test_la_file_est_a_l_agent_seul() -> None:
    scene = monter()
    for role in (Role.CLINICIEN, Role.INTERVENANT, Role.MEDECIN_CSEMS, Role.PRESTATAIRE):
        assert client(compte(role)).get(reverse("travail")).status_code == 404
        assert client(compte(role)).get(reverse("equipe")).status_code == 404
    assert client(scene.agent).get(reverse("equipe")).status_code == 404


def test_prendre_le_suivant_puis_file_vide() -> None:
    scene = monter()
    Dossier.objects.filter(pk=scene.dossier.pk).update(agent=None)
    navigateur = client(scene.agent)
    assert scene.dossier.reference in navigateur.post(reverse("prendre_suivant"))["Location"]
    assert navigateur.post(reverse("prendre_suivant"))["Location"] == reverse("travail")
    assert navigateur.get(reverse("prendre_suivant")).status_code == 405


def test_les_pages_par_cle_ne_perdent_ni_ne_repetent_personne() -> None:
    scene = monter()
    for rang in range(6):
        dossier = autre_dossier(scene.bureau, scene.agent)
        Dossier.objects.filter(pk=dossier.pk).update(
            avant_le=None if rang % 3 == 0 else date(2026, 1, 1) + timedelta(days=rang // 2)
        )
    attendus = list(files.du_bureau(scene.agent).pour_file().values_list("pk", flat=True))
    lus, curseur, dernier = [], "", None
    while True:
        page = pages.page_de_file(files.du_bureau(scene.agent), curseur, taille=2)
        lus += [un.pk for un in page.objets]
        if not page.suivants:
            dernier = page
            break
        curseur = page.suivants
    assert lus == attendus
    recules = [un.pk for un in dernier.objets]
    while dernier.precedents:
        dernier = pages.page_de_file(files.du_bureau(scene.agent), dernier.precedents, taille=2)
        recules = [un.pk for un in dernier.objets] + recules
    assert recules == attendus
    assert pages.page_de_file(files.du_bureau(scene.agent), "faux", taille=2).objets[0].pk == attendus[0]


def test_chercher_par_nom_reference_et_nam() -> None:
    scene, ailleurs = monter(), monter()
    navigateur, page = client(scene.agent), reverse("rechercher")
    for saisie in (scene.dossier.reference, "FICT 8005 0599", scene.dossier.prestataire.nom):
        assert scene.dossier.reference in navigateur.post(page, {"q": saisie})["Location"]
    assert "Aucun dossier" in navigateur.post(page, {"q": ailleurs.dossier.reference}).content.decode()
    assert navigateur.post(page, {"q": "\x00"}).status_code == 200


def test_chaque_nombre_du_chef_mene_a_sa_liste() -> None:
    scene = monter()
    chef = compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau)
    navigateur = client(chef)
    texte = navigateur.get(reverse("equipe")).content.decode()
    liens = re.findall(r'href="(/equipe/dossiers/\?liste=[a-z0-9-]+)"', texte)
    assert len(set(liens)) >= 10
    for lien in set(liens):
        assert navigateur.get(lien).status_code == 200


def test_attribuer_des_dossiers_coches_a_un_agent_present() -> None:
    scene = monter()
    absent = compte(Role.AGENT, bureau=scene.bureau, absent_jusqu_au=horloge.aujourd_hui())
    collegue = compte(Role.AGENT, bureau=scene.bureau)
    navigateur = client(compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau))
    page, envoi = reverse("equipe_liste"), {"dossiers": [scene.dossier.reference]}
    assert navigateur.post(page, envoi | {"agent": str(absent.pk)}).status_code == 200
    assert navigateur.post(page, envoi | {"agent": str(collegue.pk)}).status_code == 302
    scene.dossier.refresh_from_db()
    assert scene.dossier.agent_id == collegue.pk


def test_un_onglet_perime_n_ecrase_pas_l_attribution() -> None:
    scene = monter()
    premiere, seconde = (compte(Role.AGENT, bureau=scene.bureau) for _ in range(2))
    navigateur = client(compte(Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=scene.bureau))
    page = reverse("equipe_liste")
    lus = navigateur.get(page).context["form"].lus_maintenant
    envoi = {"dossiers": [scene.dossier.reference], "lus": lus}
    assert navigateur.post(page, envoi | {"agent": str(premiere.pk)}).status_code == 302
    refusee = navigateur.post(page, envoi | {"agent": str(seconde.pk)})
    assert "a changé de mains pendant ce temps" in refusee.content.decode()
    scene.dossier.refresh_from_db()
    assert scene.dossier.agent_id == premiere.pk
    # La page rendue est à jour : recommencer est un choix, et passe.
    relus = refusee.context["form"].lus_maintenant
    assert navigateur.post(page, envoi | {"agent": str(seconde.pk), "lus": relus}).status_code == 302
