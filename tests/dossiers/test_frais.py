"""Les frais demandés pour le rapport : une trace, jamais une promesse."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from dossiers.models import FraisRapport
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
FRAIS = {"montant": "45.50", "paye_le": "2026-01-30", "paye_a": "Clinique fictive"}


@pytest.mark.parametrize("par", ["prestataire", "agent"])
def test_notes_par_la_personne_ou_l_agent(par: str) -> None:
    jeu = Scene().deposee()
    frais = jeu.joue(par, "noter_frais_rapport", **FRAIS)
    assert (frais.montant, frais.paye_a, frais.note_par) == (Decimal("45.50"), "Clinique fictive", jeu[par])


@pytest.mark.parametrize(
    ("par", "change", "code"),
    [
        ("clinicien", {}, "acces_refuse"),
        ("agent_ailleurs", {}, "acces_refuse"),
        ("ressource", {}, "acces_refuse"),
        ("agent", {"montant": None}, "champ_manquant"),
        ("agent", {"paye_le": "hier"}, "champ_invalide"),
        ("agent", {"paye_a": " "}, "champ_manquant"),
        ("agent", {"montant": "0"}, "champ_invalide"),
        ("agent", {"montant": "-3"}, "champ_invalide"),
        ("agent", {"montant": "12.345"}, "champ_invalide"),
        ("agent", {"montant": "NaN"}, "champ_invalide"),
        ("agent", {"montant": "10000"}, "champ_invalide"),
        ("agent", {"paye_le": "2027-01-01"}, "champ_invalide"),
    ],
)
def test_refus(par: str, change: dict[str, Any], code: str) -> None:
    jeu = Scene().deposee()
    assert jeu.refuse(par, "noter_frais_rapport", **{**FRAIS, **change}) == code
    assert not FraisRapport.objects.exists()


def test_sans_demande_rien_ne_se_note() -> None:
    assert Scene().refuse("prestataire", "noter_frais_rapport", **FRAIS) == "etat_interdit"


def test_la_page_de_la_personne_lit_la_virgule_garde_ce_qui_est_ecrit_et_ne_promet_rien() -> None:
    jeu = Scene().deposee()
    with horloge.figer(jeu.instant + timedelta(hours=1)):
        client = session(jeu["prestataire"])
        page = client.get("/suivi/frais/").content.decode()
        assert "Rien de noté" in page
        assert "Nous ne savons pas encore si ces frais se remboursent" in page
        envoi = {"paye_le_jour": "30", "paye_le_mois": "1", "paye_le_annee": "2026", "paye_a": "Clinique fictive"}
        erreur = client.post("/suivi/frais/", {**envoi, "montant": "cher"}).content.decode()
        assert "par exemple 45,00" in erreur
        assert 'value="cher"' in erreur
        assert client.post("/suivi/frais/", {**envoi, "montant": "45,50 $"}).status_code == 302
        assert "45,50 $" in client.get("/suivi/frais/").content.decode()
        agent = session(jeu["agent"])
        adresse = f"/dossiers/{jeu.dossier.reference}/gestes/frais-rapport/"
        assert "45,50 $" in agent.get(adresse).content.decode()
        assert "Les frais sont notés" in agent.post(adresse, {**envoi, "montant": "20"}).content.decode()
    assert FraisRapport.objects.count() == 2


def test_qui_n_a_pas_pu_payer_le_note_et_l_agent_le_voit_au_sommaire() -> None:
    jeu = Scene().deposee()
    with horloge.figer(jeu.instant + timedelta(hours=1)):
        client, agent = session(jeu["prestataire"]), session(jeu["agent"])
        sommaire = f"/dossiers/{jeu.dossier.reference}/"
        assert "Frais demandés pour le rapport" not in agent.get(sommaire).content.decode()
        envoi = {"montant": "75", "paye_a": "Clinique fictive"}
        assert client.post("/suivi/frais/", envoi).status_code == 302
        assert "pas encore payé" in client.get("/suivi/frais/").content.decode()
        assert "75,00 $, Clinique fictive, pas encore payé." in agent.get(sommaire).content.decode()
    assert FraisRapport.objects.get().paye_le is None


def test_une_erreur_s_annule_par_la_personne_ou_l_agent_et_la_ligne_reste() -> None:
    jeu = Scene().deposee()
    premiers, seconds = (jeu.joue("prestataire", "noter_frais_rapport", **FRAIS) for _ in range(2))
    assert jeu.refuse("clinicien", "annuler_frais_rapport", frais=premiers.pk) == "acces_refuse"
    assert jeu.refuse("agent", "annuler_frais_rapport") == "champ_manquant"
    assert jeu.refuse("agent", "annuler_frais_rapport", frais="x") == "champ_invalide"
    autre = Scene().deposee()
    assert autre.refuse("agent", "annuler_frais_rapport", frais=premiers.pk) == "champ_invalide"
    with horloge.figer(jeu.instant + timedelta(hours=1)):
        client = session(jeu["prestataire"])
        assert (
            "C&#x27;est annulé" in client.post("/suivi/frais/", {"annuler": premiers.pk}, follow=True).content.decode()
        )
        encore = client.post("/suivi/frais/", {"annuler": premiers.pk}, follow=True).content.decode()
        assert "Rien n&#x27;a changé" in encore
        adresse = f"/dossiers/{jeu.dossier.reference}/gestes/annuler-frais/"
        agent = session(jeu["agent"])
        assert "45,50 $, Clinique fictive" in agent.get(adresse).content.decode()
        assert agent.post(adresse, {"frais": str(seconds.pk)}).status_code == 302
        assert "Rien de noté" in client.get("/suivi/frais/").content.decode()
    assert jeu.refuse("agent", "annuler_frais_rapport", frais=premiers.pk) == "champ_invalide"
    assert FraisRapport.objects.filter(annule_le__isnull=False).count() == 2


def test_notes_la_base_refuse_de_les_changer_et_de_les_effacer() -> None:
    jeu = Scene().deposee()
    siens = FraisRapport.objects.filter(pk=jeu.joue("agent", "noter_frais_rapport", **FRAIS).pk)
    for geste in (lambda: siens.update(montant=Decimal(1)), siens.delete):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            geste()
