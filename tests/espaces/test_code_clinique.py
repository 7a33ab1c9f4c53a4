"""Les écrans du code de patient : la personne le fait, l'agent l'imprime, la clinique l'entre."""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from django.http import HttpResponse
from django.test import Client

from comptes.models import EssaiAcces, Permis
from comptes.tentatives import ACTE_PAUSE
from dossiers import codes
from dossiers.actes.codes import N_OUVRE_RIEN
from dossiers.models import CodePatient, Invitation
from dossiers.views.codes import page_feuille
from espaces.views import clinique_code
from journal.models import Entree
from socle import horloge
from tests.dossiers.test_code_patient import presente, prete, verifie
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
ENTRER = "/clinique/code/"
FAIRE, FEUILLE = "/suivi/clinicien/code/", "/suivi/clinicien/code.pdf"


@pytest.fixture(autouse=True)
def sans_attente(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clinique_code, "PLANCHER", 0.0)


def texte(page: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(page.content.decode())).replace("\u00a0", " ")


def entrer(scene: Scene, saisi: str, par: str = "clinicien", client: Client | None = None) -> HttpResponse:
    with horloge.figer(scene.instant):
        reponse: Any = (client or session(scene[par])).post(ENTRER, {"code": saisi})
    return reponse


# --- La clinique ---------------------------------------------------------------------------


def test_la_liste_vide_propose_le_code() -> None:
    scene = prete()
    with horloge.figer(scene.instant):
        page = texte(session(scene["clinicien"]).get("/clinique/"))
    assert "Aucun rapport à remplir. Avez-vous un code patient" in page
    assert f'href="{ENTRER}"' in page


def test_un_code_mene_a_la_premiere_page_du_rapport() -> None:
    scene = prete()
    emis = scene.joue("prestataire", "emettre_code")
    client = session(scene["clinicien"])
    reponse = entrer(scene, f" {emis.imprime.lower()} ", client=client)
    assert (reponse.status_code, reponse["Location"]) == (302, f"/dossiers/{scene.dossier.reference}/sr2100/")
    with horloge.figer(scene.instant):
        page = client.get(reponse["Location"], follow=True)
        assert page.status_code == 200
        assert scene["prestataire"].nom_complet in texte(page)
        assert scene.dossier.reference in texte(client.get("/clinique/"))


def test_tout_ce_qui_n_ouvre_pas_rend_la_meme_page() -> None:
    pages = set()
    for comment in ("inconnu", "echu", "employe", "remplace", "accord_retire"):
        scene = prete()
        emis = scene.joue("prestataire", "emettre_code")
        if comment == "echu":
            scene.attendre(days=91)
        elif comment == "employe":
            presente(scene, emis.code, "clinicien_ailleurs")
        elif comment == "remplace":
            scene.joue("agent", "emettre_code")
        elif comment == "accord_retire":
            scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
        saisi = codes.imprimer(codes.tirer()) if comment == "inconnu" else emis.imprime
        reponse = entrer(scene, saisi)
        page = texte(reponse)
        assert N_OUVRE_RIEN in page
        assert scene["prestataire"].nom_complet not in page
        for propre in (saisi, scene["clinicien"].nom_complet):
            page = page.replace(propre, "…")
        page = re.sub(r'name="(csrfmiddlewaretoken|cle)" value="[^"]*"|data-seance="\d+"|se ferme vers [^<]*', "", page)
        pages.add((reponse.status_code, page))
    assert len(pages) == 1
    assert pages.pop()[0] == 200


def test_cinq_essais_puis_une_pause_dite_avec_le_telephone_puis_tout_se_rouvre() -> None:
    scene = prete()
    emis = scene.joue("prestataire", "emettre_code")
    client = session(scene["clinicien"])
    for _ in range(4):
        assert entrer(scene, codes.tirer(), client=client).status_code == 200
    cinquieme = entrer(scene, codes.tirer(), client=client)
    assert cinquieme.status_code == 429
    assert "Une pause, après trop d'essais" in texte(cinquieme)
    assert 'href="tel:' in texte(cinquieme)
    assert Entree.objects.filter(acte=ACTE_PAUSE, acteur=scene["clinicien"]).count() == 1
    # Le bon code lui-même attend; la page aussi, en lecture.
    assert entrer(scene, emis.code, client=client).status_code == 429
    with horloge.figer(scene.instant):
        assert client.get(ENTRER).status_code == 429
    assert not Invitation.objects.exists()
    assert Entree.objects.filter(acte=ACTE_PAUSE).count() == 1
    # Le collègue, lui, continue.
    assert entrer(scene, codes.tirer(), "clinicien_ailleurs").status_code == 200
    scene.attendre(minutes=15)
    assert entrer(scene, emis.code, client=client).status_code == 302


@pytest.mark.parametrize(
    "saisi",
    ["", "ABC", "7K2M9\x000101V", "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "A" * 1_000_000, "7K2M9-0101$", "\u202e7K2M90101V"],
)
def test_un_code_illisible_se_dit_pres_du_champ_et_ne_compte_pas(saisi: str) -> None:
    scene = prete()
    reponse = entrer(scene, saisi)
    assert reponse.status_code == 200
    assert reponse.context["form"].errors["code"]  # type: ignore[attr-defined]
    assert not EssaiAcces.objects.exists()
    assert not Entree.objects.filter(acte="presenter_code").exists()


def test_ce_qui_est_tape_reste_a_l_ecran() -> None:
    scene = prete()
    assert 'value="7k2m9 0101v"' in texte(entrer(scene, "7k2m9 0101v"))


@pytest.mark.parametrize(
    ("permis", "dit"),
    [
        ({"expire_le": date(2026, 2, 1)}, "a pris fin le"),
        ({"verifie_le": None}, "n'est pas encore vérifié"),
        (None, "Aucun permis n'est inscrit"),
    ],
)
def test_sans_permis_verifie_la_page_explique_et_ne_lit_aucun_code(permis: dict[str, Any] | None, dit: str) -> None:
    scene = prete()
    emis = scene.joue("prestataire", "emettre_code")
    if permis is None:
        Permis.objects.filter(compte=scene["clinicien"]).delete()
    else:
        verifie(scene["clinicien"], **permis)
    client = session(scene["clinicien"])
    with horloge.figer(scene.instant):
        vues = [client.get(ENTRER), *(client.post(ENTRER, {"code": saisi}) for saisi in (emis.code, codes.tirer()))]
    for vue in vues:
        assert vue.status_code == 200
        assert dit in texte(vue)
        assert 'name="code"' not in texte(vue)
        assert 'href="tel:' in texte(vue)
    assert not EssaiAcces.objects.exists()
    assert not Invitation.objects.exists()
    assert CodePatient.objects.get().utilise_le is None


@pytest.mark.parametrize("cle", ["prestataire", "agent", "medecin", "ressource", "administrateur"])
def test_la_page_est_fermee_aux_autres_roles(cle: str) -> None:
    scene = prete()
    assert session(scene[cle]).get(ENTRER).status_code == 404
    assert entrer(scene, codes.tirer(), cle).status_code == 404


def test_sans_seance_la_page_mene_a_la_connexion_qui_sait_garder_le_fragment(client: Client) -> None:
    reponse = client.get(ENTRER)
    assert reponse.status_code == 302
    assert "next=" in reponse["Location"]
    assert "js/code.js" in client.get(reponse["Location"]).content.decode()


# --- La personne ---------------------------------------------------------------------------


def test_la_personne_fait_un_code_le_voit_une_fois_et_l_imprime() -> None:
    scene = prete()
    client = session(scene["prestataire"])
    with horloge.figer(scene.instant):
        assert f'href="{FAIRE}"' in texte(client.get("/suivi/"))
        cle = client.get(FAIRE).context["form"]["cle"].value()
        page = client.post(FAIRE, {"cle": cle})
        code = page.context["rendu"]
        assert code.imprime in texte(page)
        assert "3 mai 2026" in texte(page)
        assert "<svg" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        # Le même envoi, rechargé, n'en fait pas un autre et ne le redit pas.
        encore = client.post(FAIRE, {"cle": cle})
        assert code.imprime not in texte(encore)
        assert "a déjà été montré" in texte(encore)
        assert code.imprime not in texte(client.get(FAIRE))
        assert "Un nouveau code le remplace" in texte(client.get(FAIRE))
        feuille = client.post(FEUILLE, {"code": code.imprime})
    assert CodePatient.objects.count() == 1
    assert feuille["Content-Type"] == "application/pdf"
    assert code.code not in str(dict(client.session))


def test_la_feuille_est_accessible_et_ne_nomme_personne() -> None:
    scene = prete()
    emis = scene.joue("prestataire", "emettre_code")
    with horloge.figer(scene.instant):
        reponse: Any = session(scene["prestataire"]).post(FEUILLE, {"code": emis.imprime})
    with pikepdf.open(io.BytesIO(reponse.content)) as lu:
        assert len(lu.pages) == 1
        assert str(lu.Root.Lang).startswith("fr")
        assert lu.Root.MarkInfo.Marked
        objets = [objet for objet in lu.objects if isinstance(objet, pikepdf.Dictionary)]
        figures = [objet for objet in objets if objet.get("/S") == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == ["Code QR : la page où la clinique entre ce code"]
    feuille = page_feuille(emis)
    assert emis.imprime in feuille
    for personnel in (scene["prestataire"].nom, scene["prestataire"].prenom, scene.dossier.reference):
        assert personnel not in feuille


def test_une_feuille_perimee_se_dit_et_ramene_a_la_page_du_code() -> None:
    scene = prete()
    ancien = scene.joue("prestataire", "emettre_code")
    scene.joue("prestataire", "emettre_code")
    client = session(scene["prestataire"])
    with horloge.figer(scene.instant):
        for saisi in (ancien.imprime, "", "x" * 5000, "\x00"):
            reponse = client.post(FEUILLE, {"code": saisi})
            assert (reponse.status_code, reponse["Location"]) == (302, FAIRE)
        assert "n'attend plus" in texte(client.get(FAIRE))


def test_sans_accord_la_personne_lit_comment_le_donner() -> None:
    scene = prete()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    client = session(scene["prestataire"])
    with horloge.figer(scene.instant):
        page = texte(client.get(FAIRE))
        assert 'href="/suivi/autorisations/"' in page
        assert "Faire mon code" not in page
        refusee = client.post(FAIRE, {"cle": ""})
        assert "Il nous faut d'abord votre accord" in texte(refusee)
    assert not CodePatient.objects.exists()


def test_sans_demande_il_n_y_a_pas_de_code() -> None:
    scene = Scene()
    with horloge.figer(scene.instant):
        assert session(scene["prestataire"]).get(FAIRE).status_code == 404


# --- L'agent -------------------------------------------------------------------------------


def test_l_agent_fait_un_code_et_l_imprime() -> None:
    scene = prete()
    client = session(scene["agent"])
    adresse = f"/dossiers/{scene.dossier.reference}/gestes/code-clinique/"
    feuille = f"/dossiers/{scene.dossier.reference}/code-clinique.pdf"
    with horloge.figer(scene.instant):
        assert adresse in texte(client.get(f"/dossiers/{scene.dossier.reference}/"))
        page = client.post(adresse, {"cle": ""})
        code = page.context["rendu"]
        assert code.imprime in texte(page)
        assert "Un nouveau le remplace" in texte(client.get(adresse))
        assert client.post(feuille, {"code": code.imprime})["Content-Type"] == "application/pdf"
        assert session(scene["agent_ailleurs"]).post(feuille, {"code": code.imprime}).status_code == 404
        perimee = client.post(feuille, {"code": codes.tirer()})
        assert (perimee.status_code, perimee["Location"]) == (302, adresse)
        assert client.get(feuille).status_code == 405
    presente(scene, code.code)


def test_sans_accord_l_agent_lit_comment_le_noter() -> None:
    scene = prete()
    scene.joue("agent", "retirer_consentement", objet="joindre_clinicien")
    adresse = f"/dossiers/{scene.dossier.reference}/gestes/code-clinique/"
    with horloge.figer(scene.instant + timedelta(minutes=1)):
        page = texte(session(scene["agent"]).get(adresse))
        assert f'href="/dossiers/{scene.dossier.reference}/gestes/consentir/"' in page
        assert "Le consentement de la personne manque" in texte(session(scene["agent"]).post(adresse, {"cle": ""}))
    assert not CodePatient.objects.exists()


# --- La personne-ressource -----------------------------------------------------------------


def _mandat(scene: Scene, portee: str) -> str:
    fin = scene.instant.date() + timedelta(days=100)
    scene.joue("ressource", "proposer_mandat", portees=[portee], jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    return f"/organisme/dossiers/{scene.dossier.reference}/"


def test_la_personne_ressource_fait_un_code_dans_son_mandat_sans_voir_l_etat() -> None:
    scene = prete()
    dossier = _mandat(scene, "repondre")
    client = session(scene["ressource"])
    with horloge.figer(scene.instant):
        assert f"{dossier}code/" in texte(client.get(dossier))
        cle = client.get(f"{dossier}code/").context["form"]["cle"].value()
        code = client.post(f"{dossier}code/", {"cle": cle}).context["rendu"]
        assert "a déjà été montré" in texte(client.post(f"{dossier}code/", {"cle": cle}))
        feuille = f"/dossiers/{scene.dossier.reference}/code-clinique.pdf"
        assert client.post(feuille, {"code": code.imprime})["Content-Type"] == "application/pdf"
        assert client.post(feuille, {"code": codes.tirer()})["Location"] == f"{dossier}code/"
    assert presente(scene, code.code).dossier == scene.dossier


def test_sans_la_portee_ou_sans_l_accord_elle_n_en_fait_pas() -> None:
    scene = prete()
    dossier = _mandat(scene, "voir_etat")
    with horloge.figer(scene.instant):
        assert session(scene["ressource"]).get(f"{dossier}code/").status_code == 404
    dossier = _mandat(scene, "repondre")
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    with horloge.figer(scene.instant):
        page = texte(session(scene["ressource"]).post(f"{dossier}code/", {"cle": ""}))
    assert "Il manque l'accord de la personne" in page
    assert not CodePatient.objects.exists()
