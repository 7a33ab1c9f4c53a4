"""Aucun acte n'échappe aux suites au hasard : chacun a ses données, ou dit pourquoi il n'en a pas."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from dossiers.porte import ACTES
from tests.machine import machine

# Joués à vide seulement : un second dossier, un fichier ou une clinique hors de la scène leur manquent.
SANS_DONNEES = {
    "attribuer_dossier": "un agent d'un autre poste",
    "changer_coordonnees": "les coordonnées ont leurs essais",
    "clore_tache_de_lettre": "une lettre revenue",
    "constater_depart_clinicien": "un clinicien qui remplace",
    "defaire_fusion": "un second dossier",
    "ecarter_fusion": "un second dossier",
    "ecrire_a_la_clinique": "une clinique jointe par la poste",
    "effacer_brouillons": "le système, la nuit",
    "effacer_original": "un fichier gardé",
    "emettre_code": "une clinique jointe par la poste",
    "finir_mandats": "le système, quand un lien finit",
    "fusionner_dossiers": "un second dossier",
    "imprimer_trousse": "une impression",
    "juger_piece": "un fichier en quarantaine",
    "prendre_mandat": "un code remis en clair",
    "presenter_code": "un code remis en clair",
    "proposer_fusion": "un second dossier",
    "refuser_envoi": "un envoi interrompu",
    "signer_contribution": "un professionnel d'un autre titre",
    "temoigner": "un code remis en clair",
    "transferer_bureau": "un second bureau",
    "transmettre_mandat": "un second organisme",
}


def test_chaque_acte_qui_recoit_des_donnees_a_sa_fabrique() -> None:
    jouee = SimpleNamespace(personnes={}, dossier=None, instant=None)
    fabriques = set(machine.fabriques_de(None, jouee, date(2026, 2, 2), None))
    attendus = {nom for nom, acte in ACTES.items() if acte.parametres}
    assert attendus - fabriques == attendus & set(SANS_DONNEES)
    assert fabriques <= set(ACTES)
    assert set(SANS_DONNEES) <= set(ACTES)


def test_les_habitudes_ne_nomment_que_des_actes() -> None:
    assert {nom for noms in machine.HABITUDES.values() for nom in noms} <= set(ACTES)
