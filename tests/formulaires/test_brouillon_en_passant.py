"""Le brouillon gardé pendant la saisie : rien que le champ en cours ne peut se perdre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dossiers.etats import Etat
from dossiers.models import Demande, Tache
from formulaires.models import Brouillon
from formulaires.saisie import BRUT_MAX
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import PAGES, adresse, session
from tests.outils_connexion import entrer_comme


def ecrit(etape: str) -> dict[str, str]:
    """Ce que le seul brouillon en base garde de cette page."""
    garde: dict[str, str] = Brouillon.objects.get().contenu["pages"].get(etape, {})
    return garde


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def test_en_passant_tout_se_garde_sans_juger(scene: Scene) -> None:
    client = session(scene["clinicien"])
    page = adresse(scene, "duree/")
    premiere = client.post(page, {"auto": "1", "version": "0", "duree_type": "mois", "duree_mois": "six"})
    assert premiere.json()["version"] == 1
    assert "Brouillon enregistré à" in premiere.json()["dit"]
    assert ecrit("duree") == {"duree_type": "mois", "duree_mois": "six"}
    assert Brouillon.objects.get().contenu["faites"] == []
    suite = client.post(page, {"auto": "1", "version": "1", "duree_type": "mois", "duree_mois": "6"})
    assert (suite.status_code, suite.json()["version"]) == (200, 2)
    for etape in ("patient", "diagnostics", "limitations"):
        client.post(adresse(scene, f"{etape}/"), PAGES[etape])
    assert client.get(adresse(scene)).context["suite"] == f"{page}#id_contrainte_0"


def test_une_page_finie_le_reste_si_elle_est_encore_valide(scene: Scene) -> None:
    client = session(scene["clinicien"])
    page = adresse(scene, "diagnostics/")
    client.post(page, {"version": "0", "libelle_1": "Lombalgie", "principal": "1"})
    client.post(page, {"auto": "1", "version": "1", "libelle_1": "Lombalgie basse", "principal": "1"})
    assert Brouillon.objects.get().contenu["faites"] == ["diagnostics"]
    client.post(page, {"auto": "1", "version": "2", "libelle_1": "", "principal": "1"})
    assert Brouillon.objects.get().contenu["faites"] == []


def test_deux_onglets_rien_n_est_ecrase(scene: Scene) -> None:
    client = session(scene["clinicien"])
    page = adresse(scene, "patient/")
    client.post(page, {"auto": "1", "version": "0", "suivi_depuis": "2019"})
    perime = client.post(page, {"auto": "1", "version": "0", "suivi_depuis": "2021"})
    assert perime.status_code == 409
    assert "les deux textes" in perime.json()["dit"]
    assert ecrit("patient") == {"suivi_depuis": "2019"}


def test_trop_long_est_dit_et_ne_coupe_rien(scene: Scene) -> None:
    client = session(scene["clinicien"])
    envoi = {"auto": "1", "version": "0", "traitements": "x" * (BRUT_MAX + 1)}
    assert client.post(adresse(scene, "duree/"), envoi).status_code == 422
    assert not Brouillon.objects.exists()


def test_autorisation_retiree_le_texte_revient_a_l_ecran(scene: Scene) -> None:
    client = session(scene["clinicien"])
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    envoi = {"libelle_1": "Lombalgie <b>basse</b>", "principal": "1", "version": "0"}
    page = client.post(adresse(scene, "diagnostics/"), envoi).content.decode()
    assert "autorisation de la personne manque" in page
    assert "Lombalgie &lt;b&gt;basse&lt;/b&gt;" in page
    assert not Brouillon.objects.exists()
    en_passant = client.post(adresse(scene, "diagnostics/"), {**envoi, "auto": "1"})
    assert "json" not in en_passant.headers["Content-Type"]


def test_la_demande_se_ferme_pendant_la_saisie(scene: Scene) -> None:
    """Tout reste gardé, la page le dit, et signer quand même avise l'agent."""
    client = session(scene["clinicien"])
    client.post(adresse(scene, "patient/"), PAGES["patient"])
    scene.joue("agent", "fermer", motif="desistement_ecrit")
    envoi = {"libelle_1": "Lombalgie <b>basse</b>", "principal": "1", "version": "1"}
    suivante = client.post(adresse(scene, "diagnostics/"), envoi, follow=True).content.decode()
    assert "Cette demande est fermée" in suivante
    assert ecrit("diagnostics")["libelle_1"] == "Lombalgie <b>basse</b>"
    assert not Tache.objects.filter(close_le__isnull=True).exists()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    assert Tache.objects.get(close_le__isnull=True).code == Tache.Code.RAPPORT_APRES_DECISION
    assert Demande.objects.get(dossier=scene.dossier).etat == Etat.FERMEE


# --- Dans Chromium -----------------------------------------------------------------------
navigateur = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


def entrer(browser: Browser, base: str, scene: Scene) -> tuple[BrowserContext, Page]:
    """Une fenêtre neuve, au nom du clinicien."""
    contexte = browser.new_context(base_url=base, locale="fr-CA")
    seance = entrer_comme(Client(), scene["clinicien"]).cookies["sessionid"].value
    contexte.add_cookies([{"name": "sessionid", "value": seance, "url": base}])
    return contexte, contexte.new_page()


class TestCoupures:
    """La fenêtre, le serveur ou la séance tombe : au plus le champ en cours se perd."""

    pytestmark = navigateur

    def test_la_fenetre_se_ferme(self, browser: Browser, live_server: Any) -> None:
        scene = Scene().deposee()
        contexte, page = entrer(browser, live_server.url, scene)
        page.goto(adresse(scene, "duree/"))
        page.get_by_label("Traitements essayés et leur effet").fill("Physiothérapie, sans effet.")
        page.get_by_label("Évolution attendue").press_sequentially("Stable")
        expect(page.locator("[data-brouillon-dit]")).to_contain_text("Brouillon enregistré à")
        contexte.close()
        contexte, page = entrer(browser, live_server.url, scene)
        page.goto(adresse(scene, "duree/"))
        expect(page.get_by_label("Traitements essayés et leur effet")).to_have_value("Physiothérapie, sans effet.")
        contexte.close()

    def test_le_serveur_tombe_puis_revient(self, browser: Browser, live_server: Any) -> None:
        scene = Scene().deposee()
        contexte, page = entrer(browser, live_server.url, scene)
        page.goto(adresse(scene, "duree/"))
        page.route("**/*", lambda route: route.abort())
        page.get_by_label("Traitements essayés et leur effet").fill("Deux essais.")
        page.get_by_label("Évolution attendue").focus()
        expect(page.get_by_role("alert")).to_contain_text("Votre texte reste à l'écran")
        page.unroute("**/*")
        page.get_by_label("Évolution attendue").fill("Stable.")
        page.get_by_label("Limitations présentes depuis").focus()
        expect(page.locator("[data-brouillon-dit]")).to_contain_text("Brouillon enregistré à")
        expect(page.locator("[data-brouillon-alerte]")).to_be_hidden()
        assert ecrit("duree")["traitements"] == "Deux essais."
        contexte.close()

    def test_la_seance_se_ferme(self, browser: Browser, live_server: Any) -> None:
        scene = Scene().deposee()
        contexte, page = entrer(browser, live_server.url, scene)
        page.goto(adresse(scene, "duree/"))
        page.get_by_label("Traitements essayés et leur effet").fill("Deux essais.")
        page.get_by_label("Évolution attendue").focus()
        expect(page.locator("[data-brouillon-dit]")).to_contain_text("Brouillon enregistré à")
        Session.objects.all().delete()
        page.get_by_label("Évolution attendue").fill("Stable.")
        page.get_by_label("Limitations présentes depuis").focus()
        expect(page.get_by_role("alert")).to_contain_text("Votre texte reste à l'écran")
        assert ecrit("duree") == {"traitements": "Deux essais."}
        contexte.close()

    def test_continuer_tout_de_suite_ne_se_contredit_pas(self, browser: Browser, live_server: Any) -> None:
        scene = Scene().deposee()
        contexte, page = entrer(browser, live_server.url, scene)
        page.goto(adresse(scene, "patient/"))
        page.get_by_label("Suivi depuis").fill("mars 2020")
        page.get_by_label("C'est bien mon patient").check()
        page.get_by_role("button", name="Continuer vers les diagnostics").click()
        page.wait_for_url("**/diagnostics/**")
        assert ecrit("patient") == {"suivi_depuis": "mars 2020", "bien_mon_patient": "on"}
        contexte.close()
