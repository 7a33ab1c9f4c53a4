"""Une intervenante, au téléphone (320 px) et sans JavaScript : du mandat obtenu à l'accès retiré."""

from __future__ import annotations

import io
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from comptes.models import Bureau, Compte, Role
from correspondance.models import Lettre
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Dossier, Mandat, Piece
from dossiers.porte import executer
from tests.outils_axe import debordements
from tests.parcours.parcours import Parcours
from tests.parcours.personnes import MOT_DE_PASSE
from tests.parcours.visite import ETROIT, Releve, Visite

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("resemer"),
]


class VisiteEtroite(Visite):
    """La même visite, la fenêtre toujours à 320 px."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.page.set_viewport_size({"width": ETROIT["width"], "height": ETROIT["height"]})

    def _etroit(self) -> None:
        for element in debordements(self.page):
            self._faute(f"déborde à 320 px : {element}")

    def photographier(self, nom: str) -> None:
        """Garder la page telle que le téléphone la montre."""
        if self.releve.captures is not None:
            self.page.screenshot(path=self.releve.captures / f"{nom}-320.png", full_page=True)


def photo() -> bytes:
    """Une photo de document, faite ici."""
    octets = io.BytesIO()
    Image.linear_gradient("L").resize((900, 1200)).convert("RGB").save(octets, "JPEG")
    return octets.getvalue()


def un_dossier() -> Dossier:
    """Une demande déposée à la maison, avec l'accord de joindre la clinique."""
    personne = Compte.objects.create_user(
        "paule@exemple.invalid", prenom="Paule", nom="Fictive", role=Role.PRESTATAIRE, canal_prefere="portail"
    )
    dossier = ouvrir_dossier(
        personne, acteur=personne, bureau_id=Bureau.objects.get().pk, region="06", naissance=date(1980, 5, 5)
    )
    executer("deposer_demande", acteur=personne, dossier=dossier, canal="en_ligne", type="initiale")
    executer("consentir", acteur=personne, dossier=dossier, objet="joindre_clinicien")
    return dossier


def entrer(visite: Visite, courriel: str) -> None:
    visite.ouvrir("/compte/login/")
    visite.remplir(login=courriel, password=MOT_DE_PASSE)
    visite.presser("Se connecter")


def demander(ressource: Visite, dossier: Dossier) -> None:
    """Le numéro et la date de naissance, dictés par la personne."""
    ressource.voit("Aucun mandat actif")
    ressource.suivre("Demander un mandat")
    ressource.photographier("ressource-demander")
    ressource.presser("Demander le mandat")
    ressource.voit("Erreur")
    ressource.remplir(
        reference=dossier.reference.lower(), naissance_jour="5", naissance_mois="mai", naissance_annee="1980",
        portees=["verser_pieces", "repondre"], mois="6",
    )  # fmt: skip
    ressource.presser("Demander le mandat")
    ressource.voit("La demande de mandat est envoyée")
    ressource.ouvrir("/organisme/")
    ressource.ne_voit_pas("Paule Fictive", dossier.reference)


def aider(ressource: Visite, dossier: Dossier) -> None:
    """Une photo, un portrait, une lettre à la clinique, et où en est le dossier."""
    ressource.ouvrir("/organisme/")
    ressource.suivre("Paule Fictive")
    ressource.voit("Prochaine étape", "Demande reçue")
    ressource.photographier("ressource-dossier")
    ressource.suivre("Ajouter un document")
    ressource.page.select_option('[name="nature"]', label="Lettre d'un employeur")
    ressource.remplir(titre="Lettre de fin d'emploi")
    ressource.page.set_input_files(
        'input[type="file"]', {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    ressource.presser("Ajouter le document")
    ressource.voit("Le document est arrivé", "Lettre de fin d'emploi", "En vérification")
    ressource.photographier("ressource-document")
    ressource.suivre("Revenir au dossier")
    ressource.suivre("Écrire un portrait de la situation")
    ressource.remplir(opinion="Elle tient à peine.")
    ressource.presser("Verser le portrait")
    ressource.voit("Écrivez au moins un fait")
    ressource.remplir(journee="Se lève à midi, se recouche à quinze heures.")
    ressource.presser("Verser le portrait")
    ressource.suivre("Écrire à la clinique")
    ressource.photographier("ressource-lettres")
    ressource.suivre("Rapport sans durée")
    ressource.photographier("ressource-lettre")
    ressource.voit("Rien de médical")
    ressource.ouvrir(f"/organisme/dossiers/{dossier.reference}/")
    ressource.voit("Document reçu", "Prochaine étape")


def retirer(personne: Visite, parcours: Parcours) -> None:
    """La personne met fin à l'accès, chez elle."""
    personne.ouvrir("/suivi/personnes-ressources/")
    personne.voit("Inès Canevas")
    personne.photographier("personne-mandats")
    personne.presser("Mettre fin à l'accès")
    parcours._confirmer_par_code(personne)
    personne.voit("L'accès est terminé")


def test_une_intervenante_au_telephone_sans_javascript(browser: Browser, live_server: Any) -> None:
    captures = os.environ.get("CAPTURES", "")
    releve = Releve(avec_script=False, captures=Path(captures) if captures else None)
    parcours = Parcours(browser, live_server.url, releve)
    dossier = un_dossier()
    parcours.reference = dossier.reference
    ressource = VisiteEtroite(browser, "ressource", live_server.url, releve)
    try:
        entrer(ressource, "ressource@exemple.invalid")
        demander(ressource, dossier)
        personne = parcours.chez("personne")
        personne.ouvrir("/suivi/personnes-ressources/")
        personne.presser("Accepter son aide")
        parcours._confirmer_par_code(personne)
        personne.voit("C'est confirmé")
        aider(ressource, dossier)
        retirer(personne, parcours)
    finally:
        sys.stdout.write("\n".join(dict.fromkeys(releve.fautes)))
    assert not releve.fautes
    assert ressource.page.viewport_size == ETROIT
    _, portrait = Piece.objects.order_by("pk")
    assert portrait.titre.startswith("Portrait de la situation")
    assert Lettre.objects.filter(modele="mandat_confirme").count() == 2
    # La page encore ouverte, et chaque lien qu'elle portait : la prochaine requête est un 404.
    adresses = {str(lien.get_attribute("href")) for lien in ressource.page.locator("main a").all()}
    siennes = {une for une in adresses if dossier.reference in une} | {f"/organisme/dossiers/{dossier.reference}/"}
    assert len(siennes) >= 6
    for une in sorted(siennes):
        reponse = ressource.page.goto(f"{live_server.url}{une}")
        assert reponse is not None
        assert reponse.status == 404, une
    ressource.page.goto(f"{live_server.url}/organisme/")
    ressource.ne_voit_pas("Paule Fictive")
    ressource.voit("Ce mandat a pris fin")


def test_la_personne_commence_le_mandat_avec_un_code(browser: Browser, live_server: Any) -> None:
    releve = Releve(avec_script=False, captures=None)
    parcours = Parcours(browser, live_server.url, releve)
    dossier = un_dossier()
    parcours.reference = dossier.reference
    personne = parcours.chez("personne")
    personne.ouvrir("/suivi/personnes-ressources/")
    personne.suivre("Demander de l'aide à quelqu'un")
    personne.presser("Faire mon code")
    parcours._confirmer_par_code(personne)
    code = personne.page.locator(".code-patient").inner_text()
    ressource = VisiteEtroite(browser, "ressource", live_server.url, releve)
    entrer(ressource, "ressource@exemple.invalid")
    ressource.suivre("Entrer un code")
    ressource.remplir(code=code.lower())
    ressource.presser("Prendre le mandat")
    ressource.voit("Le mandat est à vous", "Paule Fictive", "Prochaine étape")
    assert Mandat.objects.get().moyen == Mandat.Moyen.CODE
    personne.ouvrir("/suivi/personnes-ressources/")
    personne.suivre("Faire écrire un proche")
    personne.presser("Faire un code pour un proche")
    parcours._confirmer_par_code(personne)
    code = personne.page.locator(".code-patient").inner_text()
    proche = VisiteEtroite(browser, "proche", live_server.url, releve)
    proche.ouvrir("/temoigner/")
    proche.remplir(code=code)
    proche.presser("Continuer")
    proche.ne_voit_pas("Paule", dossier.reference)
    proche.remplir(temoin="Aline Témoin", lien="sœur", journee="Elle dort le jour.", vrai=True)
    proche.presser("Envoyer mon texte")
    proche.voit("Votre texte est reçu")
    assert Piece.objects.get().titre == "Témoignage de Aline Témoin (sœur)"
    assert not releve.fautes
