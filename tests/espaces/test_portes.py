"""Ceux qui n'ont pas de clinicien : décliner, changer, les portes, la trousse, le dépôt avec la personne présente."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest

from comptes.models import Bureau, Compte, Permis
from dossiers.actes.demandes import deposer_en_presence
from dossiers.models import CodePatient, Consentement, DemandeRenseignement, Dossier, Invitation
from journal.actes import consigner
from journal.models import Entree
from referentiels import lecture as referentiels
from referentiels.models import PorteSoins
from socle import horloge
from socle.refus import Refus
from tests.fabriques import RAPPORT, SR2105, Scene
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
    jeu.joue("agent", "inviter_clinicien", clinicien=jeu["clinicien_ailleurs"])
    jeu.joue("clinicien_ailleurs", "decliner_rapport", motif="Je suis en congé.")
    tache.refresh_from_db()
    assert "Je ne la connais pas assez." in tache.note
    assert "Je suis en congé." in tache.note
    personne = session(jeu["prestataire"])
    accueil = personne.get("/suivi/").content.decode()
    assert "La personne choisie ne peut pas le remplir" in accueil
    assert "/suivi/clinicien/portes/" in accueil
    page = personne.get("/suivi/clinicien/").content.decode()
    assert jeu["clinicien"].nom_complet in page
    assert "Ces personnes ne peuvent pas remplir le rapport" in page
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


def test_deux_invites_sur_la_meme_page_se_retirent_chacun(jeu: Scene) -> None:
    """Retour arrière, puis l'autre : chaque invitation a son jeton, et l'accès cesse pour les deux."""
    jeu.joue("agent", "inviter_clinicien", clinicien=jeu["clinicien_ailleurs"])
    personne = session(jeu["prestataire"])
    invites = personne.get("/suivi/clinicien/").context["invites"]
    assert len(invites) == 2
    for _nom, _le, numero, cle in invites:
        personne.post("/suivi/clinicien/changer/", {"clinicien": str(numero), "cle": str(cle)})
    assert not Invitation.objects.filter(declinee_le__isnull=True).exists()


def test_retirer_un_clinicien_clot_ce_qui_lui_est_demande_et_dit_vrai(jeu: Scene) -> None:
    jeu.joue("clinicien", "signer_sr2100", **RAPPORT)
    jeu.joue("agent", "inviter_clinicien", clinicien=jeu["clinicien_ailleurs"])
    for cle in ("clinicien", "clinicien_ailleurs"):
        jeu.joue("agent", "demander_renseignement", elements=["duree_limitations"], a=jeu[cle])
    envoi = {"clinicien": str(jeu["clinicien"].pk)}
    page = session(jeu["prestataire"]).post("/suivi/clinicien/changer/", envoi, follow=True).content.decode()
    assert "déjà signé reste au dossier, et elle peut le relire" in page
    ouvertes = DemandeRenseignement.objects.filter(demande__dossier=jeu.dossier, close_le__isnull=True)
    assert [une.destinataire for une in ouvertes] == [jeu["clinicien_ailleurs"]]


def test_inviter_une_psychologue_n_arrete_pas_de_chercher_un_signataire(jeu: Scene) -> None:
    jeu.joue("prestataire", "retirer_invitation", clinicien=jeu["clinicien"])
    Permis.objects.filter(compte=jeu["clinicien_ailleurs"]).update(titre="psychologue")
    personne = session(jeu["prestataire"])
    q = jeu["clinicien_ailleurs"].nom
    cle = personne.post("/suivi/clinicien/", {"q": q}).context["form"]["cle"].value()
    envoi = {"q": q, "cle": str(cle), "clinicien": str(jeu["clinicien_ailleurs"].pk)}
    accueil = personne.post("/suivi/clinicien/", envoi, follow=True).content.decode()
    assert "Elle peut ajouter une contribution." in accueil
    assert "rien d&#x27;autre à faire pour le rapport" not in accueil
    assert "Il faut encore quelqu&#x27;un pour le rapport" in accueil
    jeu.joue("agent", "inviter_clinicien", clinicien=jeu["clinicien"])
    assert "Il faut encore quelqu&#x27;un" not in personne.get("/suivi/").content.decode()


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
    porte("orpheline", "99")
    assert "Porte orpheline" in personne.get("/suivi/clinicien/portes/?region=toutes").content.decode()
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
    assert "J'ai choisi ce qui suit." in rendus[0]
    assert "dernier rapport médical au dossier" not in rendus[0]
    imprimee = Entree.objects.get(acte="imprimer_trousse")
    assert imprimee.details == {"langue": "fr", "parties": ["suivis", "emplois"]}
    assert "Vit seule" not in rendus[0]
    assert "a…" in rendus[0]
    assert "Code pour la clinique" not in rendus[0]
    assert not CodePatient.objects.exists()
    personne.post("/suivi/clinicien/trousse/", {"langue": "en"})
    assert 'lang="en-CA"' in rendus[1]
    assert "My story" not in rendus[1]
    assert Entree.objects.filter(acteur=jeu["prestataire"], details__quoi="sr2105").exists()


def test_trousse_ce_que_dit_le_rapport_est_a_part_et_l_anglais_dit_la_langue_des_textes(
    jeu: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    jeu.joue("prestataire", "deposer_sr2105", **SR2105)
    jeu.joue("clinicien", "signer_sr2100", **RAPPORT)
    rendus: list[str] = []

    def rendre(html: str) -> bytes:
        rendus.append(html)
        return b"%PDF-"

    monkeypatch.setattr("espaces.views.trousse.pdf.rendre", rendre)
    personne = session(jeu["prestataire"])
    for langue in ("fr", "en"):
        personne.post("/suivi/clinicien/trousse/", {"langue": langue, "parties": ["emplois", "diagnostics"]})
    fr, en = rendus
    assert fr.index("Livreuse") < fr.index("Selon le dernier rapport médical au dossier") < fr.index("Discopathie")
    assert '<p lang="fr-CA">Discopathie' in en
    assert "ergothérapeute, travailleur social ou psychologue" in fr
    assert "occupational therapist, social worker or psychologist" in en


def test_trousse_un_code_demande_apres_le_retrait_de_l_accord_se_dit(jeu: Scene) -> None:
    personne = session(jeu["prestataire"])
    jeu.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    page = personne.post("/suivi/clinicien/trousse/", {"langue": "fr", "avec_code": "on"}).content.decode()
    assert "Un code ne peut plus s&#x27;ajouter" in page
    assert not Entree.objects.filter(acte="imprimer_trousse").exists()


@pytest.mark.parametrize(
    ("par", "donnees", "code"),
    [
        ("clinicien", {"langue": "fr"}, "acces_refuse"),
        ("agent_ailleurs", {"langue": "fr"}, "acces_refuse"),
        ("prestataire", {}, "champ_manquant"),
        ("agent", {"langue": "fr"}, "champ_manquant"),
        ("prestataire", {"langue": "es"}, "champ_invalide"),
        ("prestataire", {"langue": "fr", "parties": ["nas"]}, "champ_invalide"),
    ],
)
def test_trousse_refus(jeu: Scene, par: str, donnees: dict[str, Any], code: str) -> None:
    assert jeu.refuse(par, "imprimer_trousse", **donnees) == code


def test_trousse_avec_code_en_pdf_des_deux_langues(jeu: Scene) -> None:
    personne = session(jeu["prestataire"])
    for langue, attendu in (("fr", "2 fr-CA"), ("en", "2 en-CA")):
        reponse = personne.post("/suivi/clinicien/trousse/", {"langue": langue, "avec_code": "on"})
        assert lu(reponse.content) == attendu
    assert CodePatient.objects.filter(remplace_le__isnull=True).count() == 1


def test_trousse_de_l_agent_avec_l_accord_de_la_personne(jeu: Scene) -> None:
    jeu.joue("prestataire", "deposer_sr2105", **SR2105)
    jeu.joue("clinicien", "signer_sr2100", **RAPPORT)
    agent, adresse = session(jeu["agent"]), f"/dossiers/{jeu.dossier.reference}/trousse/"
    lectures = Entree.objects.filter(acteur=jeu["agent"], nature="consultation", details__quoi__startswith="sr2")
    avant = lectures.count()
    assert "Discopathie" in agent.get(adresse).content.decode()
    assert sorted(une.details["quoi"] for une in lectures[: lectures.count() - avant]) == ["sr2100", "sr2105"]
    page = agent.post(adresse, {"langue": "fr"}).content.decode()
    assert "Demandez-lui, puis cochez" in page
    assert agent.post(adresse, {"langue": "fr", "accord": "on"}).content.startswith(b"%PDF")
    assert Entree.objects.get(acte="imprimer_trousse").details["accord"] is True
    assert session(jeu["agent_ailleurs"]).get(adresse).status_code == 404
    assert session(jeu["clinicien"]).get(adresse).status_code == 404


# --- Le dépôt avec la personne présente ----------------------------------------------------
def depot(jeu: Scene, **change: str) -> dict[str, str]:
    bureau = Bureau.objects.get(pk=jeu.dossier.bureau_id)
    return {
        "prenom": "Zoé", "nom": "Inventée", "naissance_jour": "4", "naissance_mois": "3", "naissance_annee": "1979",
        "nam": "INVZ79530408", "telephone": "555 010-0101", "bureau": str(bureau.pk), "presente": "on",
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
    assert dossier.courante.canal == "clinique"
    tache = dossier.taches.get(code="depot_a_confirmer")
    assert tache.note == jeu["clinicien"].nom_complet
    rapport = client.get(reponse.headers["Location"], follow=True).content.decode()
    assert f"son numéro de dossier : {dossier.reference}" in rapport
    encore = client.post("/clinique/nouvelle-demande/", envoi)
    assert encore.headers["Location"] == reponse.headers["Location"]
    assert Dossier.objects.filter(prestataire__nom="Inventée").count() == 1


def test_un_dossier_qui_existe_ne_s_ouvre_pas_par_ici_puis_une_pause(jeu: Scene) -> None:
    client, avant = session(medecin_verifie(jeu)), Dossier.objects.count()
    for _ in range(4):
        page = client.post("/clinique/nouvelle-demande/", depot(jeu, nam=jeu.dossier.nam, nam_vu=jeu.dossier.nam))
        assert "un code patient ouvre son rapport" in page.content.decode()
        assert jeu["prestataire"].nom_complet not in page.content.decode()
    assert (
        client.post("/clinique/nouvelle-demande/", depot(jeu, nam=jeu.dossier.nam, nam_vu=jeu.dossier.nam)).status_code
        == 429
    )
    assert client.post("/clinique/nouvelle-demande/", depot(jeu)).status_code == 429
    assert Dossier.objects.count() == avant
    traces = Entree.objects.filter(dossier=jeu.dossier, acteur=jeu["clinicien"], acte="deposer_en_presence")
    assert [une.nature for une in traces] == ["tentative"] * 5  # le cinquième essai met en pause
    histoire = session(jeu["agent"]).get(f"/dossiers/{jeu.dossier.reference}/historique/").content.decode()
    assert "Refusé : dépôt d&#x27;une demande, en clinique" in histoire


def test_un_refus_laisse_une_tentative_et_le_nombre_du_jour_arrete(jeu: Scene) -> None:
    envoi: dict[str, Any] = {
        "personne": {"prenom": "Zoé", "nom": "Inventée", "telephone": "", "adresse": ""},
        "identite": {"naissance": date(1979, 3, 4), "nam": "", "region": "06"},
        "bureau_id": jeu.dossier.bureau_id,
    }
    siennes = Entree.objects.filter(acteur=jeu["clinicien"], acte="deposer_en_presence", nature="tentative")
    with pytest.raises(Refus) as refus:
        deposer_en_presence(jeu["clinicien"], **envoi)
    assert (refus.value.code, siennes.get().code_refus) == ("signataire_non_autorise", "signataire_non_autorise")
    medecin = medecin_verifie(jeu)
    maximum = int(referentiels.regle("depots_en_presence_max_jour", horloge.aujourd_hui()))
    deposer_en_presence(medecin, **envoi)
    for _ in range(maximum - 2):
        consigner("deposer_en_presence", acteur=medecin, nature="tentative", code_refus="etat_interdit")
    envoi["identite"] = {**envoi["identite"], "naissance": date(1979, 3, 5)}
    with pytest.raises(Refus) as refus:
        deposer_en_presence(medecin, **envoi)
    assert refus.value.code == "etat_interdit"
    assert str(maximum) in str(refus.value)
    with horloge.figer(horloge.maintenant() + timedelta(days=1)):
        assert deposer_en_presence(medecin, **envoi) is not None


def test_un_nam_qui_surprend_se_dit_une_fois_puis_se_garde(jeu: Scene) -> None:
    client = session(medecin_verifie(jeu))
    page = client.post("/clinique/nouvelle-demande/", depot(jeu, nam="FAUX99010199"))
    assert "déposez de nouveau pour le garder" in page.content.decode()
    vu = page.context["form"].nam_vu
    assert client.post("/clinique/nouvelle-demande/", depot(jeu, nam="FAUX99010199", nam_vu=vu)).status_code == 302


def test_sans_accord_ni_permis_rien_n_est_depose_et_tout_reste_ecrit(jeu: Scene) -> None:
    client = session(jeu["clinicien"])
    sans_permis = client.post("/clinique/nouvelle-demande/", depot(jeu)).content.decode()
    assert "Comment le prouver" in sans_permis
    for ecrit in ("Inventée", "INVZ79530408", "555 010-0101"):
        assert ecrit in sans_permis
    Permis.objects.filter(compte=jeu["clinicien"]).update(verifie_le=date(2025, 1, 1), expire_le=date(2026, 1, 31))
    echu = client.post("/clinique/nouvelle-demande/", depot(jeu)).content.decode()
    assert "a pris fin le" in echu
    assert "31 janvier 2026" in echu
    Permis.objects.filter(compte=jeu["clinicien"]).update(expire_le=None)
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


# --- Le menu -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cle", "page", "lien"),
    [
        ("agent", "/travail/", "/portes/"),
        ("ressource", "/organisme/", "/portes/"),
        ("medecin", "/evaluation/", "/appels-des-cliniciens/"),
        ("chef_csems", "/equipe/", "/appels-des-cliniciens/"),
        ("administrateur", "/appels-des-cliniciens/", "/appels-des-cliniciens/"),
    ],
)
def test_le_menu_mene_aux_portes_et_aux_appels(jeu: Scene, cle: str, page: str, lien: str) -> None:
    assert f'href="{lien}"' in session(jeu[cle]).get(page).content.decode()
