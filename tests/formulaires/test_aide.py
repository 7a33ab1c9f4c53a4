"""« Bien remplir », les appels des cliniciens, le temps des pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils.html import strip_tags

from formulaires import appels, mesure
from formulaires.actes.appels import noter_appel
from formulaires.actes.mesure import noter
from formulaires.models import AppelClinicien, MesurePage
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import PAGES, adresse, session

pytestmark = pytest.mark.django_db
APPEL: dict[str, Any] = {"qui": "medecin", "sujet": "capacite_de_travail", "reponse": "Elle n'est pas demandée."}
MOTS_PAR_MINUTE = 200


def corps(page: str) -> str:
    return strip_tags(re.search(r"<main.*?</main>", page, re.DOTALL)[0])  # type: ignore[index]


def test_la_page_se_lit_sans_connexion_en_trois_minutes() -> None:
    page = Client().get("/bien-remplir/")
    assert page.status_code == 200
    assert len(re.findall(r"[\wÀ-ÿ’']+", corps(page.content.decode()))) <= 3 * MOTS_PAR_MINUTE
    assert corps(page.content.decode()).count("Exemple fictif") == 2


def test_un_sujet_qui_revient_entre_dans_l_aide_et_en_sort_apres_la_periode() -> None:
    jeu, client = Scene(), Client()
    with horloge.figer(jeu.instant):
        for _ in range(appels.seuil() - 1):
            noter_appel(jeu["chef_csems"], **APPEL)
        assert "Souvent demandé" not in client.get("/bien-remplir/").content.decode()
        noter_appel(jeu["medecin"], **APPEL)
        for _ in range(appels.seuil()):
            noter_appel(jeu["medecin"], **{**APPEL, "sujet": "autre"})
        page = corps(client.get("/bien-remplir/").content.decode())
        assert "On croit devoir juger la capacité de travail" in page
        assert "Autre sujet" not in page
    with horloge.figer(jeu.instant + timedelta(days=91)):
        assert "Souvent demandé" not in client.get("/bien-remplir/").content.decode()


@pytest.mark.parametrize(
    ("qui", "change", "code"),
    [
        ("clinicien", {}, "acces_refuse"),
        ("agent", {}, "acces_refuse"),
        ("medecin", {"reponse": " "}, "champ_manquant"),
        ("medecin", {"sujet": "lune"}, "champ_invalide"),
        ("medecin", {"qui": "Dr Untel"}, "champ_invalide"),
        ("medecin", {"mal_compris": "a" * 301}, "champ_invalide"),
    ],
)
def test_refus_d_un_appel(qui: str, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refus) as refus:
        noter_appel(Scene()[qui], **{**APPEL, **change})
    assert refus.value.code == code
    assert not AppelClinicien.objects.exists()


def test_noter_un_appel_a_l_ecran_une_seule_fois_et_une_ligne_au_journal() -> None:
    jeu = Scene()
    client = session(jeu["chef_csems"])
    vide = client.get("/appels-des-cliniciens/")
    assert "Aucun appel noté" in vide.content.decode()
    envoi = {**APPEL, "mal_compris": "Croyait devoir juger.", "cle": str(vide.context["form"]["cle"].value())}
    for _ in range(2):
        assert client.post("/appels-des-cliniciens/", envoi).status_code == 302
    assert AppelClinicien.objects.count() == 1
    assert Entree.objects.filter(acte="noter_appel_clinicien", dossier=None).count() == 1
    page = client.post("/appels-des-cliniciens/", {"reponse": "Gardée."}).content.decode()
    assert "Choisissez le sujet de l&#x27;appel." in page
    assert "Gardée." in page
    assert session(jeu["agent"]).get("/appels-des-cliniciens/").status_code == 404


# --- Le temps des pages --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("secondes", "code"),
    [(-1, ""), (0, "t030"), (29, "t030"), (30, "t060"), (119, "t120"), (600, "plus"), (4 * 3600, "")],
)
def test_tranches(secondes: int, code: str) -> None:
    assert mesure.tranche(secondes) == code


def test_continuer_compte_une_fois_sans_personne_et_le_jeton_faux_ne_compte_pas() -> None:
    jeu = Scene().deposee()
    with horloge.figer(jeu.instant):
        client = session(jeu["clinicien"])
        debut = client.get(adresse(jeu, "patient/")).context["debut"]
    with horloge.figer(jeu.instant + timedelta(seconds=45)):
        envoi: dict[str, Any] = {**PAGES["patient"], "version": "0", "debut": debut}
        erreur = client.post(adresse(jeu, "patient/"), {"version": "0", "debut": debut})
        assert erreur.context["debut"] == debut
        assert client.post(adresse(jeu, "patient/"), {**envoi, "auto": "1"}).status_code == 200
        assert not MesurePage.objects.exists()
        assert client.post(adresse(jeu, "patient/"), {**envoi, "version": "1"}).status_code == 302
        lues = MesurePage.objects.values_list("page", "tranche", "nombre")
        assert list(lues) == [("patient", "t060", 1)]
        assert {champ.name for champ in MesurePage._meta.get_fields()} == {"id", "jour", "page", "tranche", "nombre"}
        for faux in ("", "abc", f"{debut}x"):
            noter("patient", faux)
        noter("inconnue", debut)
        assert list(lues.all()) == [("patient", "t060", 1)]
        temps = {un.titre: un for un in mesure.temps_par_page()}
    assert (temps["Patient"].total, temps["Patient"].milieu) == (1, "30 s à 1 min")
    assert temps["Diagnostics"].total == 0


def test_seule_une_page_gardee_compte_et_un_compteur_en_panne_n_arrete_personne(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jeu = Scene().deposee()
    with horloge.figer(jeu.instant):
        client = session(jeu["clinicien"])
        debut = client.get(adresse(jeu, "patient/")).context["debut"]
        envoi: dict[str, Any] = {**PAGES["patient"], "debut": debut}
        assert client.post(adresse(jeu, "patient/"), {**envoi, "version": "0", "auto": "1"}).status_code == 200
        autre = {**envoi, "version": "0", "suivi_depuis": "2019"}
        assert client.post(adresse(jeu, "patient/"), autre).status_code == 409
        assert not MesurePage.objects.exists()

        def panne(**_quoi: Any) -> None:
            raise DatabaseError("compteur")

        monkeypatch.setattr(MesurePage.objects, "get_or_create", panne)
        assert client.post(adresse(jeu, "patient/"), {**autre, "version": "1"}).status_code == 302
        assert "2019" in client.get(adresse(jeu, "patient/")).content.decode()


def test_le_temps_se_lit_chez_le_chef() -> None:
    MesurePage.objects.create(jour=horloge.aujourd_hui(), page="duree", tranche="t120", nombre=7)
    MesurePage.objects.create(jour=date(2020, 1, 1), page="duree", tranche="plus", nombre=99)
    page = session(Scene()["chef_csems"]).get("/appels-des-cliniciens/").content.decode()
    assert "1 à 2 min : 7" in page
    assert "99" not in corps(page)
