"""Une personne suit sa demande, de la référence imprimée sur une lettre à la décision, sans compte.

Sur un écran de 320 px, sans JavaScript, sans courriel ni téléphone : la lettre suffit.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from comptes.models import Compte
from correspondance import actes as courrier
from correspondance.models import OctetsLettre
from dossiers.porte import executer
from referentiels.actes import ecrire_delai_habituel
from socle import horloge
from tests.fabriques import RAPPORT, RECONNUE, SR2105, Scene
from tests.outils_axe import debordements, verifier_partout
from tests.outils_connexion import entrer_comme

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
TELEPHONE = {"width": 320, "height": 640}
ECRAN = {"width": 1280, "height": 800}


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Le téléphone d'une personne, sans JavaScript."""
    contexte = browser.new_context(
        base_url=live_server.url, locale="fr-CA", java_script_enabled=False, viewport=TELEPHONE  # type: ignore[arg-type]
    )  # fmt: skip
    yield contexte.new_page()
    contexte.close()


def _photographier(page: Page, nom: str) -> None:
    if dossier := os.environ.get("CAPTURES"):
        for taille in (ECRAN, TELEPHONE):
            page.set_viewport_size(taille)  # type: ignore[arg-type]
            page.screenshot(path=Path(dossier, f"sans-compte-{nom}-{taille['width']}.png"), full_page=True)


def texte_du_pdf(octets: bytes) -> str:
    """Le texte d'un PDF, page après page."""
    document = pypdfium2.PdfDocument(octets)
    texte = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return texte


def _imprimee(modele: str) -> str:
    """Le texte de la lettre telle qu'elle sort de l'imprimante."""
    octets = OctetsLettre.objects.filter(lettre__modele=modele).latest("pk")
    return texte_du_pdf(bytes(octets.pdf))


def _lire(motif: str, texte: str) -> str:
    trouve = re.search(motif, texte)
    assert trouve, texte
    return trouve[0]


def _demander(scene: Scene) -> None:
    scene.joue("prestataire", "deposer_demande", canal="telephone", type="initiale")
    scene.joue("prestataire", "consentir", objet="joindre_clinicien")
    scene.joue("agent", "prendre_dossier")
    executer("remettre_code_suivi", acteur=scene["agent"], dossier=scene.dossier, moyen="lettre")
    courrier.emettre_tout()


def _entrer(page: Page) -> str:
    """Par ce que disent les deux lettres, rien d'autre."""
    reference = _lire(r"\b[2-9B-Z]{4}-[2-9B-Z]{4}\b", _imprimee("accuse_reception"))
    code = _lire(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", _imprimee("code_suivi"))
    page.goto("/suivi/connexion/")
    page.get_by_label("Votre numéro de dossier").fill(reference)
    page.locator("[name=naissance_jour]").fill("5")
    page.locator("[name=naissance_mois]").fill("mai")
    page.locator("[name=naissance_annee]").fill("1980")
    page.get_by_role("button", name="Recevoir un code", exact=True).click()
    page.get_by_label("Votre code").fill(code)
    page.get_by_role("button", name="Entrer").click()
    expect(page).to_have_url(re.compile("/suivi/$"))
    return reference


def _sur_un_ecran(page: Page, *textes: str) -> None:
    """Chaque texte se voit sans défiler, à 1280 × 800; la page tient dans 320 px."""
    page.set_viewport_size(ECRAN)  # type: ignore[arg-type]
    for texte in textes:
        boite = page.get_by_text(texte).first.bounding_box()
        assert boite is not None, texte
        assert boite["y"] + boite["height"] <= ECRAN["height"], texte
    page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
    assert debordements(page) == []


def _renseignement(page: Page, scene: Scene) -> None:
    """Une question : une photo, plus de temps, de l'aide; elle prend du temps, puis répond."""
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["prestataire"])
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nous attendons une réponse de vous")
    _sur_un_ecran(page, "À vous", "Envoyer une photo", "De l'aide")
    _photographier(page, "question")
    page.get_by_role("button", name="Plus de temps").click()
    expect(page.get_by_text("Nous attendons votre réponse le")).to_be_visible()
    page.get_by_role("link", name="Répondre").click()
    page.locator("textarea").first.fill("Physiothérapie, deux essais.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    page.goto("/suivi/")


def _decider(page: Page, scene: Scene) -> None:
    """Jusqu'à la signature : la page ne dit rien du résultat."""
    scene.joue("prestataire", "deposer_sr2105", **SR2105)
    scene.joue("agent", "declarer_complet")
    scene.joue("agent", "transmettre_csems")
    scene.joue("medecin", "prendre_en_evaluation")
    scene.joue("specialiste", "prendre_en_evaluation")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est à l'étude.")
    _sur_un_ecran(page, "Au centre d'évaluation", "Décision par lettre", "Délai habituel")
    scene.avis("medecin", "reconnaitre")
    scene.avis("specialiste", "reconnaitre")
    scene.joue("medecin", "conclure_concertation", accord="oui")
    scene.joue("medecin", "signer_decision", issue="reconnue", **RECONNUE)
    scene.joue("specialiste", "signer_decision", issue="reconnue")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Elle vous sera envoyée par lettre")
    assert "reconnu" not in page.locator("main").inner_text().lower()


def test_de_la_lettre_a_la_decision(page: Page) -> None:
    scene = Scene(instant=horloge.maintenant() - timedelta(days=3), avec_pdf=True)
    Compte.objects.filter(pk=scene["prestataire"].pk).update(
        email=None, telephone="", telephone_texto="", adresse="1, rue de l'Essai\nVille-Fictive (Québec)  G0X 0X0"
    )
    ecrire_delai_habituel("decision", 74, 118, 212)
    _demander(scene)
    assert _entrer(page) == scene.dossier.reference
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous avons reçu votre demande.")
    _sur_un_ecran(
        page, "Nous avons reçu votre demande", "À qui d'agir ?", scene["agent"].nom_complet, "Et ensuite ?",
        "De 11 à 17 semaines après la demande", "212 demandes semblables",
    )  # fmt: skip
    _photographier(page, "recue")
    scene.joue("agent", "inviter_clinicien", clinicien=scene["clinicien"])
    _renseignement(page, scene)
    _decider(page, scene)
    courrier.emettre_tout()
    page.reload()
    _photographier(page, "decision")
    page.get_by_role("link", name="Lire la décision").first.click()
    page.get_by_role("link", name="Lire la décision").first.click()
    expect(page.locator("main")).to_contain_text("Votre demande est acceptée.")


def test_la_page_s_imprime_sur_une_feuille(browser: Browser, live_server: Any) -> None:
    """La question posée, le délai, la lettre et qui appeler : une feuille, au format lettre."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=20)).deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["prestataire"])
    scene.joue("systeme", "emettre_lettres")
    contexte = browser.new_context(base_url=live_server.url, locale="fr-CA", viewport=ECRAN)  # type: ignore[arg-type]
    client = entrer_comme(Client(), scene["prestataire"])
    contexte.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = contexte.new_page()
    page.goto("/suivi/")
    imprimee = page.pdf(format="Letter", margin={"top": "1.5cm", "bottom": "1.5cm", "left": "1.5cm", "right": "1.5cm"})
    feuilles = len(pypdfium2.PdfDocument(imprimee))
    if dossier := os.environ.get("CAPTURES"):
        Path(dossier, "suivi-imprime.pdf").write_bytes(imprimee)
    texte = texte_du_pdf(imprimee)
    for attendu in ("Nous attendons une réponse de vous", "À qui d", "Délai habituel", scene.dossier.reference):
        assert attendu in texte
    assert feuilles == 1
    contexte.close()


@pytest.mark.lent
def test_les_pages_de_choix_sont_accessibles(browser: Browser, live_server: Any) -> None:
    """axe, 320 px et 1280 px, des pages neuves de la personne et du chef."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=20)).deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene["prestataire"])
    plainte = scene.joue("prestataire", "deposer_plainte", sujet="accueil", texte="On m'a raccroché au nez.")
    reference = scene.dossier.reference
    for qui, adresses in {
        "prestataire": ["suivi/", "suivi/annonce/", "suivi/argent/", "suivi/plainte/", "suivi/coordonnees/"],
        "agent": [f"dossiers/{reference}/gestes/code-suivi/", f"dossiers/{reference}/gestes/plus-de-temps/"],
        "chef_bureau": ["equipe/plaintes/", f"equipe/{reference}/plaintes/{plainte.pk}/"],
    }.items():
        contexte = browser.new_context(base_url=live_server.url, locale="fr-CA", viewport=ECRAN)  # type: ignore[arg-type]
        client = entrer_comme(Client(), scene[qui])
        contexte.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = contexte.new_page()
        for adresse in adresses:
            page.goto(f"/{adresse}")
            verifier_partout(page)
            if dossier := os.environ.get("CAPTURES"):
                for taille in (ECRAN, TELEPHONE):
                    page.set_viewport_size(taille)  # type: ignore[arg-type]
                    nom = adresse.strip("/").replace("/", "-").replace(reference, "ref")
                    page.screenshot(path=Path(dossier, f"{nom}-{taille['width']}.png"), full_page=True)
        if qui == "prestataire":
            client.post("/suivi/langue/", {"langue": "en"})
            for adresse in ("suivi/", "suivi/coordonnees/", f"dossiers/{reference}/repondre/"):
                page.goto(f"/{adresse}")
                expect(page.locator("html")).to_have_attribute("lang", "en-CA")
                verifier_partout(page)
        contexte.close()


def test_l_anglais_se_choisit_d_un_bouton(page: Page, live_server: Any) -> None:
    """Avant d'entrer puis une fois entrée, sans JavaScript, à 320 px; « Quitter rapidement » reste en haut."""
    scene = Scene(instant=horloge.maintenant() - timedelta(days=3)).deposee()
    page.goto("/suivi/connexion/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Follow my request")
    expect(page.get_by_role("link", name="Leave quickly")).to_be_in_viewport()
    assert debordements(page) == []
    client = entrer_comme(Client(), scene["prestataire"])
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto("/suivi/plainte/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Me plaindre du service")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Complain about the service")
    page.get_by_role("button", name="Send my complaint").click()
    expect(page.get_by_role("link", name="Choose what comes closest.")).to_be_visible()
    assert debordements(page) == []
    _photographier(page, "plainte-en")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Me plaindre du service")
