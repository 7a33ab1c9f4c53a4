"""Les pages des mandats : code, transmission, équipe, lettres types, témoignage, registre; erreurs près du champ."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest

from comptes.models import Compte, Organisme, Role
from dossiers import gabarits
from dossiers.models import CodeConfie, Echange, Mandat, Piece
from espaces.views import clinique_code, organisme_lettres, organisme_mandats, temoigner
from journal.models import Entree
from referentiels import lecture as referentiels
from referentiels.semence.mandats import GABARITS_CLINICIEN
from socle import horloge
from tests.acces.test_matrice_urls import JETON
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

base = pytest.mark.django_db
MAUVAIS = "ZZZZZ-ZZZZ0"


@pytest.fixture(autouse=True)
def _sans_plancher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Le plancher des réponses, éprouvé à part, n'a pas à ralentir les autres essais."""
    for module in (organisme_mandats, temoigner, clinique_code):
        monkeypatch.setattr(module, "PLANCHER", 0.0)


def mandatee(portees: list[str] | None = None, **champs: Any) -> Scene:
    scene = Scene().deposee()
    fin = horloge.jour_civil(scene.instant) + timedelta(days=90)
    portees = portees or ["voir_etat", "repondre"]
    scene.joue("ressource", "proposer_mandat", portees=portees, jusqu_au=fin, **champs)
    scene.joue("prestataire", "confirmer_mandat")
    return scene


def page(scene: Scene, suite: str = "") -> str:
    return f"/organisme/dossiers/{scene.dossier.reference}/{suite}"


def envoi(scene: Scene, **champs: Any) -> dict[str, Any]:
    return {
        "reference": scene.dossier.reference, "naissance_jour": "5", "naissance_mois": "5", "naissance_annee": "1980",
        "portees": ["voir_etat"], "mois": "6", **champs,
    }  # fmt: skip


# --- Demander, prendre -----------------------------------------------------------------------
@base
def test_connu_ou_non_la_reponse_prend_le_meme_temps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisme_mandats, "PLANCHER", 0.4)
    scene = Scene().deposee()
    client, durees = session(scene["ressource"]), []
    with horloge.figer(scene.instant):
        for champs in ({}, {"reference": "ZZZZ-ZZZZ"}, {"naissance_annee": "1981"}):
            debut = time.monotonic()
            assert client.post("/organisme/mandats/demander/", envoi(scene, **champs)).status_code == 302
            durees.append(time.monotonic() - debut)
    assert min(durees) >= 0.4


@base
def test_un_representant_choisit_son_titre_et_lit_la_preuve_demandee() -> None:
    scene = Scene().deposee()
    client = session(scene["representant"])
    with horloge.figer(scene.instant):
        vide = client.get("/organisme/mandats/demander/").content.decode()
        assert "Le jugement de nomination" in vide
        erreurs = client.post("/organisme/mandats/demander/", envoi(scene)).context["form"].errors
        assert erreurs["titre"] == ["Choisissez votre titre."]
        client.post("/organisme/mandats/demander/", envoi(scene, titre="procuration"))
        assert "la preuve de votre titre" in client.get("/organisme/mandats/demande-envoyee/").content.decode()
        ressource = session(scene["ressource"]).get("/organisme/mandats/demander/")
    assert Mandat.objects.get().titre == "procuration"
    assert "titre" not in ressource.context["form"].fields


@base
def test_le_recours_suppose_la_portee_et_ce_qui_est_ecrit_reste() -> None:
    scene = Scene().deposee()
    client = session(scene["ressource"])
    with horloge.figer(scene.instant):
        rendue = client.post("/organisme/mandats/demander/", envoi(scene, recours="on"))
        assert rendue.context["form"].errors["recours"]
        assert scene.dossier.reference in rendue.content.decode()
        bon = envoi(scene, recours="on", portees=["voir_etat", "demander_revision"])
        assert client.post("/organisme/mandats/demander/", bon).status_code == 302
    assert Mandat.objects.get().jusqu_a_fin_recours


@base
def test_la_personne_fait_un_code_et_l_intervenante_le_prend() -> None:
    scene = Scene().deposee()
    personne = session(scene["prestataire"], confirmee=True)
    adresse = "/suivi/personnes-ressources/confier/"
    with horloge.figer(scene.instant):
        assert personne.post(adresse, {"mois": "6"}).context["form"].errors["portees"]
        rendue = personne.post(adresse, {"portees": ["voir_etat", "voir_rapport_medical"], "mois": "3"})
        code = rendue.context["rendu"].imprime
        assert code in rendue.content.decode()
        assert "Vous avez déjà un code" in personne.get(adresse).content.decode()
        client = session(scene["ressource"])
        prendre = "/organisme/mandats/code/"
        assert "Comptez-les" in client.post(prendre, {"code": "abc"}).content.decode()
        assert "n&#x27;ouvre rien" in client.post(prendre, {"code": MAUVAIS}).content.decode()
        assert client.post(prendre, {"code": code}).headers["Location"] == page(scene)
        assert "Elle ne voit pas le rapport" not in personne.get("/suivi/personnes-ressources/").content.decode()
    assert Mandat.objects.get().jusqu_au == date(2026, 5, 2)


@base
def test_la_personne_annule_son_code() -> None:
    scene = Scene().deposee()
    personne = session(scene["prestataire"], confirmee=True)
    with horloge.figer(scene.instant):
        for adresse in ("/suivi/personnes-ressources/confier/", "/suivi/personnes-ressources/temoin/"):
            personne.post(adresse, {"portees": ["voir_etat"], "mois": "3"})
            assert personne.post(adresse, {"annuler": "oui"}).headers["Location"] == adresse
    assert CodeConfie.objects.filter(annule_le__isnull=True).count() == 0
    assert CodeConfie.objects.count() == 2


@base
def test_cinq_mauvais_codes_ferment_la_page_un_temps() -> None:
    scene = Scene().deposee()
    client = session(scene["ressource"])
    with horloge.figer(scene.instant):
        codes = [client.post("/organisme/mandats/code/", {"code": MAUVAIS}).status_code for _ in range(5)]
        assert codes == [200] * 4 + [429]
        assert "Une pause" in client.get("/organisme/mandats/code/").content.decode()


@base
@pytest.mark.parametrize("usage", ["mandat", "temoignage"])
def test_s03_inconnu_echu_employe_annule_la_page_est_la_meme(usage: str, client: Any) -> None:
    scene = Scene().deposee()
    donne = {"portees": ["voir_etat"], "jusqu_au": horloge.jour_civil(scene.instant) + timedelta(days=90)}

    def confier() -> str:
        autres = donne if usage == "mandat" else {}
        return str(scene.joue("prestataire", "confier_code", usage=usage, **autres).imprime)

    employe = confier()
    CodeConfie.objects.update(utilise_le=scene.instant)
    annule = confier()
    scene.joue("prestataire", "annuler_code_confie", usage=usage)
    echu = confier()
    scene.attendre(days=40)
    visiteur = session(scene["ressource"]) if usage == "mandat" else client
    adresse = "/organisme/mandats/code/" if usage == "mandat" else "/temoigner/"
    with horloge.figer(scene.instant):
        pages = [visiteur.post(adresse, {"code": code}) for code in (MAUVAIS, employe, annule, echu)]
        lues = {
            JETON.sub(b"", page.content).replace(code.encode(), b"")
            for page, code in zip(pages, (MAUVAIS, employe, annule, echu), strict=True)
        }
    assert [page.status_code for page in pages] == [200] * 4
    assert len(lues) == 1
    assert b"ouvre rien" in lues.pop()


@base
def test_s03_un_code_qui_n_ouvre_pas_prend_le_meme_temps(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (organisme_mandats, temoigner):
        monkeypatch.setattr(module, "PLANCHER", 0.4)
    scene = Scene().deposee()
    visites = ((session(scene["ressource"]), "/organisme/mandats/code/"), (client, "/temoigner/"))
    with horloge.figer(scene.instant):
        for visiteur, adresse in visites:
            debut = time.monotonic()
            visiteur.post(adresse, {"code": MAUVAIS})
            assert time.monotonic() - debut >= 0.4


@base
def test_l_agent_fait_le_code_d_une_personne_sans_suivi() -> None:
    scene = Scene().deposee()
    agent = session(scene["agent"])
    geste = f"/dossiers/{scene.dossier.reference}/gestes/confier-code/"
    with horloge.figer(scene.instant):
        assert agent.post(geste, {"usage": "mandat"}).context["form"].errors["portees"]
        fait = agent.post(geste, {"usage": "mandat", "portees": ["voir_etat"], "mois": "6"})
        assert fait.context["rendu"].imprime in fait.content.decode()
        assert "voir_rapport_medical" not in agent.get(geste).content.decode()


@base
def test_l_agent_confirme_par_un_papier_choisi_parmi_les_pieces() -> None:
    scene = Scene().deposee()
    fin = horloge.jour_civil(scene.instant) + timedelta(days=90)
    scene.joue("representant", "proposer_mandat", portees=["voir_etat"], jusqu_au=fin, titre="tuteur")
    agent = session(scene["agent"])
    geste = f"/dossiers/{scene.dossier.reference}/gestes/confirmer-mandat/"
    champs = {"intervenant": str(scene["representant"].pk), "moyen": "papier", "preuve": "Jugement lu"}
    with horloge.figer(scene.instant):
        assert "Le jugement de nomination" in agent.get(geste).content.decode()
        assert agent.post(geste, champs).context["form"].errors["piece"]
        assert "Versez d" in str(agent.post(geste, {**champs, "moyen": "appel"}).context["form"].errors["piece"])
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Jugement")
    with horloge.figer(scene.instant):
        assert agent.post(geste, {**champs, "piece": str(piece.pk)}).status_code == 302
        assert "Un papier signé" in agent.get(f"/dossiers/{scene.dossier.reference}/acces/").content.decode()
    assert Mandat.objects.get().piece_preuve == piece


# --- Transmettre -----------------------------------------------------------------------------
@base
def test_transmettre_le_dit_a_la_personne_qui_refuse_en_un_clic() -> None:
    scene = mandatee()
    suite = Compte.objects.create_user(
        "suite@exemple.invalid", prenom="Suite", nom="Fictive", role=Role.INTERVENANT,
        organisme=scene["ressource"].organisme,
    )  # fmt: skip
    client = session(scene["ressource"])
    with horloge.figer(scene.instant):
        assert client.post(page(scene, "transmettre/"), {}).context["form"].errors["a"] == ["Choisissez un collègue."]
        assert client.post(page(scene, "transmettre/"), {"a": suite.pk}).headers["Location"] == "/organisme/"
        assert client.get(page(scene)).status_code == 404
        assert session(suite).get(page(scene)).status_code == 200
        personne = session(scene["prestataire"], confirmee=True)
        lue = personne.get("/suivi/personnes-ressources/").content.decode()
        assert f"remplace {scene['ressource'].nom_complet}" in lue
        neuf = Mandat.objects.latest("pk")
        personne.post("/suivi/personnes-ressources/", {"mandat": neuf.pk, "geste": "finir"})
        assert session(suite).get(page(scene)).status_code == 404


@base
def test_sans_collegue_la_page_le_dit() -> None:
    scene = mandatee()
    with horloge.figer(scene.instant):
        lue = session(scene["ressource"]).get(page(scene, "transmettre/")).content.decode()
    assert "Aucun autre collègue" in lue


@base
def test_le_gestionnaire_inscrit_un_collegue() -> None:
    scene = Scene()
    Compte.objects.filter(pk=scene["ressource"].pk).update(gestionnaire_organisme=True)
    client = session(scene["ressource"], confirmee=True)
    assert client.post("/organisme/equipe/", {"prenom": "A"}).context["form"].errors["email"]
    bon = {"prenom": "Neuve", "nom": "Fictive", "email": "neuve@exemple.invalid"}
    assert client.post("/organisme/equipe/", bon).status_code == 302
    assert client.post("/organisme/equipe/", bon).context["form"].errors["email"]
    assert Compte.objects.get(email="neuve@exemple.invalid").organisme == scene["ressource"].organisme
    assert session(scene["ressource_ailleurs"]).get("/organisme/equipe/").status_code == 404


# --- Les lettres types -----------------------------------------------------------------------
def test_au_moins_douze_situations_toutes_traduites_aux_champs_connus() -> None:
    assert len(GABARITS_CLINICIEN) >= 12
    for une in GABARITS_CLINICIEN:
        for champ in ("libelle", "situation", "texte"):
            assert une[champ], une["code"]
            assert une[f"{champ}_en"], une["code"]
        assert gabarits.champs_inconnus(une["texte"]) == gabarits.champs_inconnus(une["texte_en"]) == []
        assert "{personne}" in une["texte"]


def test_i04_un_champ_inconnu_ou_une_valeur_piegee_restent_du_texte() -> None:
    piege = "{reference} {{7*7}} {% load x %} %(x)s {0.__class__}"
    rendu = gabarits.remplir("{personne} · {inconnu} · {0}", {"personne": piege, "reference": "SECRET"})
    assert rendu == f"{piege} · {{inconnu}} · {{0}}"
    html = organisme_lettres.page(f"<script>{piege}</script>", "fr", "Titre")
    assert "<script>" not in html
    assert "49" not in html
    assert gabarits.champs_inconnus("{personne} {diagnostic}") == ["diagnostic"]


@base
@pytest.mark.parametrize("langue", ["fr", "en"])
def test_la_lettre_se_remplit_se_change_et_s_imprime(langue: str) -> None:
    scene = mandatee()
    client = session(scene["ressource"])
    with horloge.figer(scene.instant):
        liste = client.get(page(scene, "lettres-clinique/")).content.decode()
        assert liste.count("lettres-clinique/") >= 12
        adresse = page(scene, f"lettres-clinique/rapport_sans_duree/?langue={langue}")
        texte = client.get(adresse).context["form"]["texte"].value()
        assert scene["prestataire"].nom_complet in texte
        assert scene["clinicien"].nom_complet in texte
        assert not gabarits.champs_inconnus(texte)
        assert organisme_lettres.NUMERO_A_ECRIRE in texte
        Organisme.objects.filter(compte=scene["ressource"]).update(telephone="418 555-0190")
        assert "418 555-0190" in client.get(adresse).context["form"]["texte"].value()
        assert client.post(adresse, {"texte": "", "imprimer": "oui"}).context["form"].errors["texte"]
        recue = client.post(adresse, {"texte": f"{texte}\n\nAjout manuscrit.", "imprimer": "oui"})
    assert recue.headers["Content-Type"] == "application/pdf"
    lu = pypdfium2.PdfDocument(recue.content)[0].get_textpage().get_text_bounded()
    assert "Ajout manuscrit." in lu
    ligne = Entree.objects.get(acte="ecrire_a_la_clinique")
    assert ligne.details == {"gabarit": "rapport_sans_duree", "langue": langue}
    assert client.get(page(scene, "lettres-clinique/inconnue/")).status_code == 404


@base
def test_la_lettre_part_dans_l_application_avec_l_accord_seulement() -> None:
    scene = mandatee()
    client, adresse = session(scene["ressource"]), page(scene, "lettres-clinique/premier_rapport/")
    with horloge.figer(scene.instant):
        assert client.post(adresse, {"texte": "Bonjour", "envoyer": "oui"}).context["form"].errors["a"]
        bon = {"texte": "Bonjour", "envoyer": "oui", "a": scene["clinicien"].pk}
        assert client.post(adresse, bon).headers["Location"] == f"/dossiers/{scene.dossier.reference}/echanges/"
    assert (Echange.objects.get().a, Echange.objects.get().texte) == (scene["clinicien"], "Bonjour")
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with horloge.figer(scene.instant):
        assert "a" not in client.get(adresse).context["form"].fields
        assert client.post(adresse, bon).status_code == 200
    assert Echange.objects.count() == 1


# --- Le témoignage ---------------------------------------------------------------------------
@base
def test_un_proche_ecrit_sans_compte_et_ne_voit_rien(client: Any) -> None:
    scene = Scene().deposee()
    personne = session(scene["prestataire"], confirmee=True)
    with horloge.figer(scene.instant):
        code = personne.post("/suivi/personnes-ressources/temoin/", {}).context["rendu"].imprime
        assert "n&#x27;ouvre rien" in client.post("/temoigner/", {"code": MAUVAIS}).content.decode()
        ouverte = client.post("/temoigner/", {"code": code}).content.decode()
        for secret in (scene.dossier.reference, scene["prestataire"].nom, scene["prestataire"].prenom):
            assert secret not in ouverte
        ecrit = {"code": code, "temoin": "Aline", "lien": "sœur", "avis": "Elle tient à peine."}
        erreurs = client.post("/temoigner/", ecrit)
        assert set(erreurs.context["form"].errors) == {"vrai", "journee"}
        assert "Elle tient à peine." in erreurs.content.decode()
        envoi = {**ecrit, "vrai": "on", "journee": "Elle dort le jour."}
        assert "Votre texte est reçu" in client.post("/temoigner/", envoi).content.decode()
        assert "n&#x27;ouvre rien" in client.post("/temoigner/", envoi).content.decode()
    assert "Avis du proche\nElle tient à peine." in Piece.objects.get().texte


# --- Le registre -----------------------------------------------------------------------------
@base
def test_le_registre_se_lit_par_region_avec_sa_source() -> None:
    from cse.demo.organismes import SOURCE, inscrire_organismes

    scene = Scene()
    assert inscrire_organismes() >= 50
    assert inscrire_organismes() == 0
    regions = {une.code for une in referentiels.regions(horloge.aujourd_hui())}
    assert set(Organisme.objects.exclude(source="").values_list("region", flat=True)) <= regions
    assert not Compte.objects.filter(organisme__source=SOURCE).exists()
    personne = session(scene["prestataire"]).get("/suivi/personnes-ressources/organismes/?region=11").content.decode()
    assert "CJE des Îles" in personne
    assert "Carrefour Relance" not in personne
    assert "RSSMO" in personne
    agent = session(scene["agent"]).get("/organismes/?region=toutes").content.decode()
    assert "Carrefour Relance" in agent
    assert session(scene["clinicien"]).get("/organismes/").status_code == 404
