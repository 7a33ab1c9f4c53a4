"""La boîte d'envoi : une fois par clé, malgré les morts, les pannes et les doublons."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core import mail

from comptes.models import Compte, Role
from correspondance import actes, regles, relais, tasks
from correspondance.fournisseurs import DepotImpression, EchecRemise
from correspondance.models import BacCourrier, Canal, Envoi, Lettre, TacheHumaine
from socle import horloge
from socle.refus import Refus
from tests.correspondance.conftest import ICI, MARDI

pytestmark = pytest.mark.django_db


@pytest.fixture
def emise(preparer) -> Lettre:
    lettre = preparer()
    actes.emettre(lettre)
    return lettre


def seulement(settings, canal: str, classe: str) -> None:
    settings.CORRESPONDANCE_FOURNISSEURS = {canal: classe}


def test_la_poste_et_le_signal_partent_une_fois(emise):
    assert relais.relayer() == 2
    assert relais.relayer() == 0
    assert BacCourrier.objects.filter(lettre=emise, canal=Canal.POSTE).count() == 1
    (message,) = mail.outbox
    assert message.to == ["alizee@exemple.invalid"]
    assert message.subject == "Un nouveau message"
    assert emise.reference not in message.body + message.subject
    assert not emise.envois.exclude(etat=Envoi.Etat.REMIS).exists()


def test_un_echec_espace_les_essais_puis_confie_a_une_personne(emise, settings):
    """F08 : 72 heures d'essais, puis une tâche humaine; aucun échec silencieux."""
    seulement(settings, Canal.POSTE, f"{ICI}.EnPanne")
    emise.envois.filter(canal=Canal.COURRIEL).update(etat=Envoi.Etat.ECHEC, prochain_essai_le=None)
    instants, envoi = [], emise.envois.get(canal=Canal.POSTE)
    maintenant = MARDI
    while envoi.etat == Envoi.Etat.A_ENVOYER:
        maintenant = envoi.prochain_essai_le
        instants.append(maintenant)
        with horloge.figer(maintenant):
            relais.relayer()
        envoi.refresh_from_db()
    ecarts = [b - a for a, b in pairwise(instants[:-1])]
    assert ecarts == sorted(ecarts)
    assert maintenant == MARDI + regles.FENETRE
    assert (envoi.etat, envoi.erreur) == (Envoi.Etat.TACHE_HUMAINE, "serveur absent")
    tache = TacheHumaine.objects.get()
    assert (tache.genre, tache.envoi) == (TacheHumaine.Genre.AVISER, envoi)
    assert "Alizée" not in tache.script


def test_une_adresse_absente_va_tout_de_suite_a_une_personne(preparer):
    sans = Compte.objects.create_user(role=Role.INTERVENANT, nom="Sans adresse")
    lettre = preparer(destinataire=sans)
    actes.emettre(lettre)
    relais.relayer()
    assert TacheHumaine.objects.get().genre == TacheHumaine.Genre.ADRESSE
    assert lettre.envois.get().etat == Envoi.Etat.TACHE_HUMAINE


def test_une_faute_imprevue_est_reprise_et_ne_fuit_pas(emise, settings, caplog):
    settings.CORRESPONDANCE_FOURNISSEURS = {"poste": f"{ICI}.Fautif", "courriel": f"{ICI}.Compteur"}
    relais.relayer()
    envoi = emise.envois.get(canal=Canal.POSTE)
    assert (envoi.etat, envoi.erreur) == (Envoi.Etat.A_ENVOYER, "KeyError")
    assert emise.envois.get(canal=Canal.COURRIEL).etat == Envoi.Etat.REMIS
    assert "CANARI-7731" not in caplog.text


def test_f09_accepte_puis_expire_une_seule_impression(emise, settings):
    settings.CORRESPONDANCE_FOURNISSEURS = {"poste": f"{ICI}.AccepteEtExpire", "courriel": f"{ICI}.Compteur"}
    relais.relayer()
    del settings.CORRESPONDANCE_FOURNISSEURS
    with horloge.figer(MARDI + timedelta(hours=1)):
        relais.relayer()
    assert BacCourrier.objects.filter(canal=Canal.POSTE).count() == 1
    assert emise.envois.get(canal=Canal.POSTE).etat == Envoi.Etat.REMIS


def test_une_reservation_encore_chaude_n_est_pas_reprise(emise):
    assert len(relais.reserver(10)) == 2
    with horloge.figer(MARDI + regles.BAIL - timedelta(seconds=1)):
        assert relais.reserver(10) == []
    with horloge.figer(MARDI + regles.BAIL):
        assert len(relais.reserver(10)) == 2


def test_un_relais_en_retard_n_ecrase_pas_la_reprise(emise):
    """Le premier relais, reprise faite par un second, ne note plus rien."""
    ancien = relais.reserver(1)[0]
    with horloge.figer(MARDI + regles.BAIL):
        relais.relayer()
    relais._reporter(ancien, "trop tard")
    ancien.refresh_from_db()
    assert ancien.etat == Envoi.Etat.REMIS


def test_reessayer_rouvre_la_fenetre_avec_la_meme_cle(emise, settings):
    settings.CORRESPONDANCE_FOURNISSEURS = {"poste": f"{ICI}.Refuse", "courriel": f"{ICI}.Compteur"}
    relais.relayer()
    envoi = emise.envois.get(canal=Canal.POSTE)
    cle = envoi.cle
    with horloge.figer(MARDI + timedelta(days=10)):
        envoi = actes.reessayer(envoi)
        assert (envoi.etat, envoi.cle, envoi.essais) == (Envoi.Etat.A_ENVOYER, cle, 0)
        with pytest.raises(Refus):
            actes.reessayer(envoi)


def test_clore_une_tache_exige_de_dire_ce_qui_a_ete_fait(emise, settings, personne):
    settings.CORRESPONDANCE_FOURNISSEURS = {"poste": f"{ICI}.Refuse", "courriel": f"{ICI}.Compteur"}
    relais.relayer()
    tache = TacheHumaine.objects.get()
    with pytest.raises(Refus) as refus:
        actes.clore_tache(tache, personne, "  ")
    assert (refus.value.code, refus.value.champ) == ("champ_manquant", "note")
    close = actes.clore_tache(tache, personne, "Jointe par téléphone.")
    assert close.close_le == MARDI
    assert emise.envois.get(canal=Canal.POSTE).etat == Envoi.Etat.ECHEC
    with pytest.raises(Refus):
        actes.clore_tache(tache, personne, "Encore.")


def test_le_lot_postal_ne_part_qu_un_jour_ouvrable(preparer):
    lettre = preparer()
    with horloge.figer(horloge.heure_locale(date(2026, 9, 26), 17, 30)):
        tasks.lot_postal()
    lettre.refresh_from_db()
    assert not lettre.est_emise
    with horloge.figer(horloge.heure_locale(date(2026, 9, 28), 17, 30)):
        tasks.lot_postal()
    lettre.refresh_from_db()
    assert lettre.jour_emission == date(2026, 9, 28)


def test_t06_une_levee_manquee_se_rattrape_le_lendemain(preparer):
    lettre = preparer()
    with horloge.figer(MARDI + timedelta(minutes=5)):
        tasks.relayer()
        lettre.refresh_from_db()
        assert not lettre.est_emise
    with horloge.figer(horloge.heure_locale(date(2026, 9, 23), 9, 0)):
        tasks.relayer()
    lettre.refresh_from_db()
    assert lettre.jour_emission == date(2026, 9, 23)
    assert BacCourrier.objects.filter(canal=Canal.POSTE).count() == 1


def test_le_depot_d_impression_ecrit_le_pdf_entier_une_fois(emise, settings, tmp_path):
    settings.CORRESPONDANCE_DEPOT = str(tmp_path)
    settings.CORRESPONDANCE_FOURNISSEURS = {"poste": "correspondance.fournisseurs.DepotImpression"}
    depot, envoi = DepotImpression(), emise.envois.get(canal=Canal.POSTE)
    for _ in range(2):
        depot.remettre(envoi, envoi.cle)
    (fichier,) = tmp_path.iterdir()
    assert hashlib.sha256(fichier.read_bytes()).hexdigest() == emise.sha256
    assert "Alizée" not in fichier.name
    settings.CORRESPONDANCE_DEPOT = str(tmp_path / "absent")
    with pytest.raises(EchecRemise, match="dépôt"):
        depot.remettre(envoi, envoi.cle)
