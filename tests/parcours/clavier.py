"""Visiter le site sans souris : tabuler jusqu'à ce qui porte ce nom, puis agir d'une touche.

Chaque élément où la personne s'arrête doit montrer qu'il a le foyer et se trouver dans la fenêtre; un élément que
`BUDGET` touches n'atteignent pas arrête la visite. Source : WCAG 2.2, 2.1.1, 2.1.2, 2.4.7 et 2.4.11.
"""

from __future__ import annotations

from typing import Any

from django.test import Client
from playwright.sync_api import Browser, ElementHandle, Locator

from comptes.models import Compte
from tests.outils_connexion import entrer_comme
from tests.parcours.visite import Releve, Visite

BUDGET = 120  # tabulations pour atteindre un élément, où qu'il soit dans la page
ATTEINT = "element => element.contains(document.activeElement)"
# Le foyer se voit (un choix le montre par son étiquette) et n'est pas hors de la fenêtre.
CACHE = """() => {
  const ici = document.activeElement, boite = ici.getBoundingClientRect();
  const cerne = (noeud) => noeud && getComputedStyle(noeud).outlineStyle !== "none";
  if (boite.bottom <= 0 || boite.top >= innerHeight) return "hors de la fenêtre";
  return cerne(ici) || cerne(ici.closest("label")) ? "" : "sans marque de foyer";
}"""


class AuClavier(Visite):
    """Le navigateur d'une personne déjà entrée, qui n'a que son clavier."""

    def __init__(self, navigateur: Browser, qui: str, base: str, releve: Releve, compte: Compte) -> None:
        super().__init__(navigateur, qui, base, releve)
        self.tabulations = 0
        seance = entrer_comme(Client(), compte).cookies["sessionid"].value
        self.contexte.add_cookies([{"name": "sessionid", "value": seance, "url": base}])

    def verifier(self) -> None:
        """La page ouverte a un titre; axe et le reflux se jugent où chaque page est éprouvée."""
        if not self.page.locator("h1").count():
            self._faute("aucun titre de premier niveau")

    # --- Aller -------------------------------------------------------------------------
    def aller(self, element: Locator, touche: str = "Tab") -> ElementHandle:
        """Tabuler jusqu'à cet élément, ou jusqu'au premier arrêt de ce groupe."""
        voulu = element.element_handle()
        assert voulu is not None
        for _ in range(BUDGET):
            if voulu.evaluate(ATTEINT):
                self._juger_le_foyer()
                return voulu
            self.page.keyboard.press(touche)
            self.tabulations += 1
        raise AssertionError(f"{self.qui}, {self.page.url} : {element} ne s'atteint pas par {touche}")

    def _juger_le_foyer(self) -> None:
        if manque := self.page.evaluate(CACHE):
            self._faute(f"foyer {manque} : {self.page.evaluate('document.activeElement.outerHTML')[:160]}")

    def passer(self, nom: str) -> None:
        """Le lien d'évitement de ce nom, premier arrêt de la page ou peu après, mène au contenu qu'il annonce."""
        lien = self.page.get_by_role("link", name=nom)
        self.aller(lien)
        self.page.keyboard.press("Enter")
        cible = lien.get_attribute("href")
        assert self.page.evaluate("cible => document.activeElement.matches(cible)", cible), f"{nom} ne mène nulle part"

    # --- Agir --------------------------------------------------------------------------
    def _cliquer(self, element: Locator) -> None:
        """Suivre un lien ou presser un bouton : tabuler jusqu'à lui, puis Entrée."""
        self.aller(element)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.verifier()

    def deplier(self, titre: str) -> None:
        """Ouvrir un volet replié."""
        self.aller(self.page.locator("summary", has_text=titre))
        self.page.keyboard.press("Enter")

    def choisir(self, question: str, reponse: str, *, exact: bool = True) -> None:
        """Répondre par un bouton radio : Tab entre dans le groupe, les flèches le parcourent, Espace coche.

        `exact` : la réponse entière; sinon, ce qui suit un nom (un rôle) ne compte pas.
        """
        groupe = self.page.get_by_role("radiogroup", name=question)
        voulu = groupe.get_by_role("radio", name=reponse, exact=exact).element_handle()
        assert voulu is not None
        self.aller(groupe)
        for _ in range(groupe.get_by_role("radio").count()):
            if voulu.evaluate(ATTEINT):
                break
            self.page.keyboard.press("ArrowDown")
        if not voulu.is_checked():
            self.page.keyboard.press("Space")
        assert voulu.is_checked(), f"{self.qui}, {self.page.url} : « {reponse} » ne se coche pas"

    def cocher(self, nom: str) -> None:
        """Cocher une case."""
        case = self.page.get_by_role("checkbox", name=nom)
        self.aller(case)
        self.page.keyboard.press("Space")
        assert case.is_checked(), f"{self.qui}, {self.page.url} : « {nom} » ne se coche pas"

    def choisir_dans_la_liste(self, nom: str, choix: str) -> None:
        """Choisir dans une liste déroulante en tapant le début du choix."""
        liste = self.page.get_by_role("combobox", name=nom)
        self.aller(liste)
        self.page.keyboard.type(choix)
        assert liste.locator("option:checked").inner_text() == choix

    def ecrire(self, nom: str, texte: str) -> None:
        """Écrire dans le champ de ce nom, à la place de ce qui y est."""
        champ = self.page.get_by_role("textbox", name=nom)
        self.aller(champ)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(texte)
        assert champ.input_value() == texte

    def remplir(self, **champs: Any) -> None:
        """Au clavier, un champ se trouve par son étiquette : `ecrire`, `choisir`, `cocher`."""
        raise NotImplementedError

    def confirmer(self, mot_de_passe: str) -> None:
        """Redire son mot de passe : la signature l'exige, et garde ce qui était fait."""
        self.voit("Confirmez que c'est bien vous", "Ce que vous avez écrit est gardé")
        self.aller(self.page.get_by_label("Votre mot de passe"))
        self.page.keyboard.type(mot_de_passe)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.verifier()
