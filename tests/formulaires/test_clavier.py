"""Le SR-2100 rempli et signé au clavier seul, avec et sans JavaScript, dans Chromium.

Budget : au plus 25 arrêts (éléments où il faut agir) et 140 touches hors du texte écrit
(`ecrans-et-lettres.md` B6.14 et D).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from formulaires.models import RapportMedical
from tests.fabriques import Scene
from tests.outils_connexion import entrer_comme

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]
ARRETS_MAX, TOUCHES_MAX = 25, 140
PASSE = "phrase-fictive-de-passe-42"
DOMAINES = ("bouger", "mains", "endurance", "concentration", "emotions", "interactions", "organisation", "sens")
NIVEAUX = ("aucune", "legere", "moderee", "grave", "ne_sait_pas")


class Clavier:
    """Une personne qui n'a que son clavier; elle compte ses arrêts et ses touches."""

    def __init__(self, page: Page) -> None:
        self.page, self.touches, self.arrets = page, 0, 0

    def presser(self, touche: str, fois: int = 1) -> None:
        """Une touche hors du texte : Tab, flèche, espace, Entrée."""
        for _ in range(fois):
            self.page.keyboard.press(touche)
            self.touches += 1

    def aller(self, selecteur: str) -> None:
        """Tabuler jusqu'à cet élément."""
        for _ in range(TOUCHES_MAX):
            if self.page.evaluate("choix => document.activeElement.matches(choix)", selecteur):
                self.arrets += 1
                return
            self.presser("Tab")
        raise AssertionError(f"{selecteur} ne s'atteint pas au clavier")

    def sauter(self, lien: str) -> None:
        """Un lien d'évitement; la page suivante s'ouvre au même endroit, l'ancre reste dans l'adresse."""
        self.aller(lien)
        self.presser("Enter")

    def ecrire(self, texte: str) -> None:
        """Le texte lui-même ne compte pas."""
        self.page.keyboard.type(texte)

    def choisir(self, groupe: str, rang: int) -> None:
        """Un bouton radio : l'espace prend le premier, les flèches descendent."""
        self.aller(f'input[name="{groupe}"]')
        self.presser("Space") if rang == 0 else self.presser("ArrowDown", rang)

    def envoyer(self) -> None:
        """Entrée, dans un champ : le bouton principal de la page."""
        with self.page.expect_navigation():
            self.presser("Enter")


@pytest.fixture(params=[True, False], ids=["avec-javascript", "sans-javascript"])
def clavier(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[tuple[Clavier, Scene]]:
    """Un clinicien invité, sa séance ouverte, sa liste à l'écran."""
    scene = Scene().deposee()
    clinicien = scene["clinicien"]
    clinicien.set_password(PASSE)
    clinicien.save()
    contexte = browser.new_context(base_url=live_server.url, locale="fr-CA", java_script_enabled=request.param)
    seance = entrer_comme(Client(), clinicien).cookies["sessionid"].value
    contexte.add_cookies([{"name": "sessionid", "value": seance, "url": live_server.url}])
    page = contexte.new_page()
    page.goto(f"/dossiers/{scene.dossier.reference}/sr2100/")
    yield Clavier(page), scene
    contexte.close()


def test_remplir_et_signer_au_clavier_seul(clavier: tuple[Clavier, Scene]) -> None:
    main, scene = clavier
    main.sauter("a.saut")
    main.aller("#id_bien_mon_patient")
    main.presser("Space")
    main.envoyer()

    main.aller("#id_libelle_1")
    main.ecrire("Trouble dépressif majeur récurrent")
    main.envoyer()

    for rang, domaine in enumerate(DOMAINES):
        main.choisir(f"niveau_{domaine}", 2 if rang < 3 else 0)
        if rang < 3:
            main.aller(f"#id_exemple_{domaine}")
            main.ecrire("Ne tient pas plus de quinze minutes.")
    main.envoyer()

    main.choisir("duree_type", 0)
    main.aller("#id_duree_mois")
    main.ecrire("24")
    main.choisir("contrainte", 1)
    main.aller("#id_traitements")
    main.ecrire("Deux antidépresseurs et une thérapie, effet partiel.")
    main.aller('form .actions [type="submit"]')
    main.envoyer()

    main.sauter('a[href="#signature"]')
    main.aller('.actions button[type="submit"]')
    main.envoyer()
    main.aller('input[type="password"]')
    main.ecrire(PASSE)
    main.envoyer()

    rapport = RapportMedical.objects.get(demande__dossier=scene.dossier)
    assert rapport.contenu["duree"] == {"type": "mois", "mois": 24}
    assert [ligne["niveau"] for ligne in rapport.contenu["limitations"]] == ["moderee"] * 3 + ["aucune"] * 5
    assert "signe" in main.page.url
    print(f"\n{main.arrets} arrêts, {main.touches} touches")
    assert main.arrets <= ARRETS_MAX
    assert main.touches <= TOUCHES_MAX
