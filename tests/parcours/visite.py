"""Visiter le site comme une personne : ouvrir, remplir, presser; chaque page neuve est vérifiée au passage.

Une faute de page ne coupe pas le parcours : elle s'ajoute à la liste commune, lue à la fin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response

from tests.outils_axe import debordements, violations

LARGE = {"width": 1280, "height": 900}
ETROIT = {"width": 320, "height": 800}
CODE_BRUT = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}|\d+")
ATTENTE = 30_000  # ms : une machine chargée reste lente, non fautive


@dataclass
class Releve:
    """Ce qu'une course a trouvé : les fautes, et les pages déjà vérifiées."""

    avec_script: bool = True
    captures: Path | None = None
    fautes: list[str] = field(default_factory=list)
    vues: set[tuple[str, str]] = field(default_factory=set)
    raccourcis: set[str] = field(default_factory=set)


class Visite:
    """Le navigateur d'une personne, dans son propre contexte."""

    def __init__(self, navigateur: Browser, qui: str, base: str, releve: Releve) -> None:
        self.qui, self.base, self.releve = qui, base, releve
        self.contexte: BrowserContext = navigateur.new_context(
            java_script_enabled=releve.avec_script,
            locale="fr-CA",
            reduced_motion="reduce",
            viewport={"width": LARGE["width"], "height": LARGE["height"]},
        )
        self.contexte.set_default_timeout(ATTENTE)
        self.page: Page = self.contexte.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda erreur: self._faute(f"erreur de script : {erreur}"))
        self.page.on("response", self._reponse)

    # --- Relever -----------------------------------------------------------------------
    def _faute(self, texte: str) -> None:
        self.releve.fautes.append(f"{self.qui} · {urlsplit(self.page.url).path} · {texte}")

    def _console(self, message: ConsoleMessage) -> None:
        # Une CSP enfreinte arrive aussi par la console, comme erreur.
        if message.type == "error":
            self._faute(f"console : {message.text}")

    def _reponse(self, reponse: Response) -> None:
        if reponse.status >= 400:
            self._faute(f"réponse {reponse.status} de {urlsplit(reponse.url).path}")

    def verifier(self) -> None:
        """Juger la page ouverte, une fois par adresse et par titre."""
        self.releve.raccourcis.update(self.raccourcis())
        titre = self.page.locator("h1").first.inner_text() if self.page.locator("h1").count() else ""
        sorte = (f"{self.qui} {REFERENCE.sub('…', urlsplit(self.page.url).path)}", titre)
        if sorte in self.releve.vues:
            return
        self.releve.vues.add(sorte)
        if not titre:
            self._faute("aucun titre de premier niveau")
        if not self.page.title().strip():
            self._faute("titre de fenêtre vide")
        if (langue := self.page.locator("html").get_attribute("lang")) != "fr-CA":
            self._faute(f"langue « {langue} »")
        for code in sorted(set(CODE_BRUT.findall(self.texte()))):
            self._faute(f"code brut « {code} »")
        # Sans JavaScript, axe n'a pas d'horloge : la course avec JavaScript juge les mêmes pages.
        if self.releve.avec_script:
            for manque in violations(self.page):
                self._faute(f"axe : {manque}")
        self._etroit()

    def _etroit(self) -> None:
        self.page.set_viewport_size({"width": ETROIT["width"], "height": ETROIT["height"]})
        for element in debordements(self.page):
            self._faute(f"déborde à 320 px : {element}")
        self.page.set_viewport_size({"width": LARGE["width"], "height": LARGE["height"]})

    def photographier(self, nom: str) -> None:
        """Garder la page aux deux largeurs, si un dossier de captures est donné."""
        if self.releve.captures is None:
            return
        for largeur in (LARGE, ETROIT):
            self.page.set_viewport_size({"width": largeur["width"], "height": largeur["height"]})
            self.page.screenshot(path=self.releve.captures / f"{nom}-{largeur['width']}.png", full_page=True)
        self.page.set_viewport_size({"width": LARGE["width"], "height": LARGE["height"]})

    # --- Agir --------------------------------------------------------------------------
    def ouvrir(self, chemin: str) -> None:
        """Ouvrir une adresse, comme par un signet."""
        self.page.goto(f"{self.base}{chemin}")
        self.verifier()

    def suivre(self, nom: str) -> None:
        """Suivre un lien, par son texte."""
        self._cliquer(self.page.get_by_role("link", name=nom).first)

    def presser(self, nom: str) -> None:
        """Presser un bouton d'envoi, par son texte."""
        self._cliquer(self.page.get_by_role("button", name=nom).first)

    def _cliquer(self, element: Locator) -> None:
        with self.page.expect_navigation():
            element.click()
        self.verifier()

    def remplir(self, **champs: Any) -> None:
        """Remplir des champs par leur nom; vrai coche, une liste coche chacune de ses valeurs."""
        for nom, valeur in champs.items():
            if valeur is True:
                self.page.locator(f'[name="{nom}"]').check()
            elif isinstance(valeur, list):
                for une in valeur:
                    self.page.locator(f'[name="{nom}"][value="{une}"]').check()
            elif self.page.locator(f'[name="{nom}"]').first.get_attribute("type") == "radio":
                self.page.locator(f'[name="{nom}"][value="{valeur}"]').check()
            else:
                self.page.locator(f'[name="{nom}"]').fill(str(valeur))

    def confirmer_identite(self, mot_de_passe: str) -> None:
        """Redire son mot de passe, si la page le demande avant de signer."""
        case = self.page.locator('[name="confirmation_mot_de_passe-password"]')
        if case.count():
            case.fill(mot_de_passe)
            self.presser("Confirmer mon identité")

    # --- Lire --------------------------------------------------------------------------
    def texte(self) -> str:
        """Le texte visible de la page, sans espace insécable."""
        lu: str = self.page.locator("body").inner_text()
        return re.sub(r"\s+", " ", lu.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))

    def raccourcis(self) -> set[str]:
        """Les touches qui agissent sur la page ouverte."""
        return {str(lie.get_attribute("data-raccourci")) for lie in self.page.locator("[data-raccourci]").all()}

    def voit(self, *morceaux: str) -> None:
        """Exiger que chaque morceau soit lisible à l'écran."""
        lu = self.texte()
        manque = [morceau for morceau in morceaux if morceau not in lu]
        assert not manque, f"{self.qui}, {self.page.url} : {manque} absent de : {lu[:2500]}"

    def ne_voit_pas(self, *morceaux: str) -> None:
        """Exiger qu'aucun morceau ne soit lisible à l'écran."""
        lu = self.texte()
        trouves = [morceau for morceau in morceaux if morceau in lu]
        assert not trouves, f"{self.qui}, {self.page.url} : {trouves} visible"
