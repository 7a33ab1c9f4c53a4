"""Ceux qui n'ont pas de clinicien : décliner, changer, les portes, la trousse, le dépôt avec la personne présente."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest

from comptes.models import Bureau, Compte, Permis
from dossiers.models import CodePatient, Consentement, Dossier, Invitation
from journal.models import Entree
from referentiels import lecture as referentiels
from referentiels.models import PorteSoins
from socle import horloge
from tests.fabriques import SR2105, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def jeu() -> Iterator[Scene]:
    """Un dossier reçu de Montréal (06), un médecin invité; l'horloge est celle de la scène."""
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def porte(code: str, region: str, **champs: Any) -> PorteSoins:
    """Une porte fictive."""
    porte_ = PorteSoins.objects.create(
        code=code, libelle=f"Porte {code} (fictive)", region=region, genre="ips", telephone="555 010-0100",
        description="Reçoit sans médecin de famille.", source="Essai", certitude="demonstration",
        en_vigueur_du=date(2020, 1, 1), **champs,
    )  # fmt: skip
    referentiels.invalider()
    return porte_


# --- Décliner, changer ---------------------------------------------------------------------
def test_decline_l_agent_lit_qui_et_pourquoi_et_la_personne_trouve_d_autres_portes(jeu: Scene) -> None:
    jeu.joue("clinicien", "decliner_rapport", motif="Je ne la connais pas assez.")
    tache = jeu.dossier.taches.get(code="invitation_declinee")
    assert tache.note == f"{jeu['clinicien'].nom_complet} : Je ne la connais pas assez."
    personne = session(jeu["prestataire"])
    accueil = personne.get("/suivi/").content.decode()
    assert "La personne choisie ne peut pas le remplir" in accueil
    assert "/suivi/clinicien/portes/" in accueil
    page = personne.get("/suivi/clinicien/").content.decode()
    assert jeu["clinicien"].nom_complet in page
    assert "Je ne la connais pas assez" not in page


def test_changer_de_clinicien_ferme_l_acces_et_se_refuse_deux_fois(jeu: Scene) -> None:
    personne, clinicien = session(jeu["prestataire"]), session(jeu["clinicien"])
    adresse = f"/clinique/dossiers/{jeu.dossier.reference}/"
    assert clinicien.get(adresse).status_code == 200
    envoi = {"clinicien": str(jeu["clinicien"].pk)}
    assert personne.post("/suivi/clinicien/changer/", envoi).status_code == 302
    assert clinicien.get(adresse).status_code == 404
    assert Invitation.objects.get(clinicien=jeu["clinicien"]).motif_declin == Invitation.RETIREE
    assert jeu.refuse("prestataire", "retirer_invitation", clinicien=jeu["clinicien"]) == "champ_invalide"
    assert jeu.refuse("prestataire", "retirer_invitation") == "champ_manquant"
    assert jeu.refuse("clinicien", "retirer_invitation", clinicien=jeu["clinicien"]) == "acces_refuse"
    page = personne.post("/suivi/clinicien/changer/", {"clinicien": "pas un nombre"}, follow=True)
    assert "Rien n&#x27;a changé" in page.content.decode()
    assert "La personne choisie ne peut pas" not in personne.get("/suivi/").content.decode()


def test_l_agent_retire_une_invitation_par_un_geste(jeu: Scene) -> None:
    agent, adresse = session(jeu["agent"]), f"/dossiers/{jeu.dossier.reference}/gestes/retirer-invitation/"
    assert jeu["clinicien"].nom_complet in agent.get(adresse).content.decode()
    assert agent.post(adresse, {"clinicien": str(jeu["clinicien"].pk)}).status_code == 302
    assert not Invitation.objects.filter(declinee_le__isnull=True).exists()


# --- Les portes ----------------------------------------------------------------------------
def test_portes_de_ma_region_puis_partout_avec_le_telephone_en_lien(jeu: Scene) -> None:
    porte("ici", "06")
    porte("ailleurs", "03")
    porte("partout", "")
    porte("finie", "06", en_vigueur_au=date(2021, 1, 1))
    personne = session(jeu["prestataire"])
    page = personne.get("/suivi/clinicien/portes/").content.decode()
    assert page.index("Porte ici") < page.index("Porte partout")
    assert "Porte ailleurs" not in page
    assert "Porte finie" not in page
    assert 'href="tel:' in page
    assert "Ces endroits sont inventés" in page
    toutes = personne.get("/suivi/clinicien/portes/?region=toutes").content.decode()
    assert toutes.index("Porte ailleurs") < toutes.index("Porte ici") < toutes.index("Porte partout")
    for cle in ("agent", "ressource"):
        assert "Porte ici" in session(jeu[cle]).get("/portes/?region=06").content.decode()
    assert session(jeu["clinicien"]).get("/portes/").status_code == 404


def test_aucune_porte_se_dit_et_dirige(jeu: Scene) -> None:
    page = session(jeu["prestataire"]).get("/suivi/clinicien/portes/?region=10").content.decode()
    assert "Aucune porte connue dans la région Nord-du-Québec" in page
    assert "811" in page


# --- La trousse ----------------------------------------------------------------------------
def lu(octets: bytes) -> str:
    """Le nombre de pages et le titre suffisent ici; le texte est jugé sur le HTML."""
    with pikepdf.open(io.BytesIO(octets)) as document:
        assert document.Root.Lang is not None
        return f"{len(document.pages)} {document.Root.Lang}"


def test_trousse_ce_qui_est_coche_et_rien_d_autre(jeu: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    jeu.joue("prestataire", "deposer_sr2105", **SR2105, suivis="a " * 900)
    rendus: list[str] = []

    def rendre(html: str) -> bytes:
        rendus.append(html)
        return b"%PDF-"

    monkeypatch.setattr("espaces.views.trousse.pdf.rendre", rendre)
    personne = session(jeu["prestataire"])
    reponse = personne.post("/suivi/clinicien/trousse/", {"langue": "fr", "parties": ["emplois", "suivis"]})
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert "Livreuse, 2005 à 2018" in rendus[0]
    assert "Vit seule" not in rendus[0]
    assert "a…" in rendus[0]
    assert "Code pour la clinique" not in rendus[0]
    assert not CodePatient.objects.exists()
    personne.post("/suivi/clinicien/trousse/", {"langue": "en"})
    assert 'lang="en-CA"' in rendus[1]
    assert "My story" not in rendus[1]
    assert Entree.objects.filter(acteur=jeu["prestataire"], details__quoi="sr2105").exists()


def test_trousse_avec_code_en_pdf_des_deux_langues(jeu: Scene) -> None:
    personne = session(jeu["prestataire"])
    for langue, attendu in (("fr", "2 fr-CA"), ("en", "2 en-CA")):
        reponse = personne.post("/suivi/clinicien/trousse/", {"langue": langue, "avec_code": "on"})
        assert lu(reponse.content) == attendu
    assert CodePatient.objects.filter(remplace_le__isnull=True).count() == 1


def test_trousse_de_l_agent_avec_l_accord_de_la_personne(jeu: Scene) -> None:
    agent, adresse = session(jeu["agent"]), f"/dossiers/{jeu.dossier.reference}/trousse/"
    page = agent.post(adresse, {"langue": "fr"}).content.decode()
    assert "Demandez-lui, puis cochez" in page
    assert agent.post(adresse, {"langue": "fr", "accord": "on"}).content.startswith(b"%PDF")
    assert session(jeu["agent_ailleurs"]).get(adresse).status_code == 404
    assert session(jeu["clinicien"]).get(adresse).status_code == 404


# --- Le dépôt avec la personne présente ----------------------------------------------------
def depot(jeu: Scene, **change: str) -> dict[str, str]:
    bureau = Bureau.objects.get(pk=jeu.dossier.bureau_id)
    return {
        "prenom": "Zoé", "nom": "Inventée", "naissance_jour": "4", "naissance_mois": "3", "naissance_annee": "1979",
        "nam": "INVZ79530412", "telephone": "555 010-0101", "bureau": str(bureau.pk), "presente": "on",
        "accord": "on", **change,
    }  # fmt: skip


def medecin_verifie(jeu: Scene) -> Compte:
    Permis.objects.filter(compte=jeu["clinicien"]).update(verifie_le=date(2025, 1, 1))
    return jeu["clinicien"]


def test_en_une_visite_jusqu_au_rapport(jeu: Scene) -> None:
    client = session(medecin_verifie(jeu))
    page = client.get("/clinique/nouvelle-demande/")
    assert "Le Ministère peut joindre mon professionnel" in page.content.decode()
    envoi = depot(jeu, cle=str(page.context["form"]["cle"].value()))
    reponse = client.post("/clinique/nouvelle-demande/", envoi)
    dossier = Dossier.objects.get(prestataire__nom="Inventée")
    assert reponse.headers["Location"] == f"/dossiers/{dossier.reference}/sr2100/"
    accord = Consentement.objects.get(dossier=dossier)
    assert (accord.objet, accord.recueilli_par) == ("joindre_clinicien", jeu["clinicien"])
    assert "oral" in accord.preuve
    assert dossier.courante is not None
    assert dossier.courante.canal == "comptoir"
    assert client.get(reponse.headers["Location"], follow=True).status_code == 200
    encore = client.post("/clinique/nouvelle-demande/", envoi)
    assert encore.headers["Location"] == reponse.headers["Location"]
    assert Dossier.objects.filter(prestataire__nom="Inventée").count() == 1


def test_un_dossier_qui_existe_ne_s_ouvre_pas_par_ici_puis_une_pause(jeu: Scene) -> None:
    client, avant = session(medecin_verifie(jeu)), Dossier.objects.count()
    for _ in range(4):
        page = client.post("/clinique/nouvelle-demande/", depot(jeu, nam=jeu.dossier.nam))
        assert "un code patient ouvre son rapport" in page.content.decode()
        assert jeu["prestataire"].nom_complet not in page.content.decode()
    assert client.post("/clinique/nouvelle-demande/", depot(jeu, nam=jeu.dossier.nam)).status_code == 429
    assert client.post("/clinique/nouvelle-demande/", depot(jeu)).status_code == 429
    assert Dossier.objects.count() == avant


def test_sans_accord_ni_permis_rien_n_est_depose_et_tout_reste_ecrit(jeu: Scene) -> None:
    client = session(jeu["clinicien"])
    assert "Comment le prouver" in client.post("/clinique/nouvelle-demande/", depot(jeu)).content.decode()
    client = session(medecin_verifie(jeu))
    page = client.post("/clinique/nouvelle-demande/", depot(jeu, accord="", presente="")).content.decode()
    assert "Lisez-lui le texte, puis cochez" in page
    assert 'value="Inventée"' in page
    assert not Dossier.objects.filter(prestataire__nom="Inventée").exists()


def test_l_accord_oral_n_ouvre_jamais_un_dossier_qui_existe(jeu: Scene) -> None:
    envoi = {"canal": "comptoir", "type": "initiale", "consentement_oral": True}
    neuf = Scene()
    assert neuf.refuse("agent", "deposer_demande", **envoi) == "champ_invalide"
    neuf.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
    neuf.joue("agent", "fermer", motif="inactivite")
    assert neuf.refuse("clinicien", "deposer_demande", **{**envoi, "type": "nouvelle"}) == "champ_invalide"
    assert not Invitation.objects.filter(demande__dossier=neuf.dossier).exists()
