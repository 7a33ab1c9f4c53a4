"""Essais ratés, puis une pause : par compte, par adresse, partagée entre processus, finie seule."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from comptes import essais
from comptes.models import Compte, EssaiAcces, Role
from comptes.tentatives import ACTE_PAUSE
from journal.models import Entree
from socle import horloge

pytestmark = pytest.mark.django_db
DEPART = datetime.fromisoformat("2026-03-02T15:00:00+00:00")
USAGE = "essai"


def compte(rang: int = 1) -> Compte:
    return Compte.objects.create_user(email=f"c{rang}@exemple.invalid", nom=f"Fictif-{rang}", role=Role.CLINICIEN)


def rater(qui: Compte, minutes: float = 0, adresse: str = "192.0.2.1") -> datetime | None:
    with horloge.figer(DEPART + timedelta(minutes=minutes)):
        return essais.rater(USAGE, qui, essais.sources(USAGE, qui, adresse))


def pause(qui: Compte, minutes: float = 0, adresse: str = "192.0.2.1") -> datetime | None:
    with horloge.figer(DEPART + timedelta(minutes=minutes)):
        return essais.fin_de_pause(essais.sources(USAGE, qui, adresse))


def test_le_cinquieme_essai_ouvre_une_pause_de_quinze_minutes_qui_finit_seule() -> None:
    qui = compte()
    assert [rater(qui, minute) for minute in range(4)] == [None] * 4
    assert pause(qui, 3) is None
    fin = DEPART + timedelta(minutes=4 + 15)
    assert rater(qui, 4) == fin
    assert pause(qui, 18.9) == fin
    assert pause(qui, 19) is None
    # Après la pause, cinq essais neufs, pas un.
    assert [rater(qui, 19 + minute) for minute in range(4)] == [None] * 4
    assert rater(qui, 23) is not None


def test_des_essais_au_meme_instant_ne_prolongent_pas_la_pause() -> None:
    qui = compte()
    for _ in range(5):
        rater(qui)
    assert pause(qui, 14.99) is not None
    assert pause(qui, 15) is None
    assert rater(qui, 15) is None


def test_cinq_essais_etales_ne_ferment_rien() -> None:
    qui = compte()
    assert [rater(qui, 4 * rang) for rang in range(8)] == [None] * 8


def test_un_succes_efface_les_essais_du_compte_mais_non_ceux_de_l_adresse() -> None:
    qui = compte()
    for _ in range(4):
        rater(qui)
    with horloge.figer(DEPART):
        essais.oublier(essais.sources(USAGE, qui, "192.0.2.1")[0])
    assert EssaiAcces.objects.count() == 4
    assert rater(qui) is None


def test_la_pause_d_un_compte_ne_ferme_pas_son_collegue_mais_l_adresse_a_sa_limite() -> None:
    qui, collegue = compte(1), compte(2)
    for _ in range(5):
        rater(qui)
    assert pause(collegue) is None
    assert pause(qui, adresse="198.51.100.9") is not None
    for rang in range(3, 8):
        for _ in range(5):
            rater(compte(rang * 100 + EssaiAcces.objects.count()))
    assert pause(collegue) is not None
    assert pause(collegue, adresse="198.51.100.9") is None


def test_un_autre_usage_ne_compte_pas() -> None:
    qui = compte()
    for _ in range(5):
        rater(qui)
    with horloge.figer(DEPART):
        assert essais.fin_de_pause(essais.sources("autre", qui, "192.0.2.1")) is None


def test_la_pause_laisse_une_ligne_sans_adresse_et_une_alerte(caplog: pytest.LogCaptureFixture) -> None:
    qui = compte()
    for _ in range(5):
        rater(qui)
    ligne = Entree.objects.get(acte=ACTE_PAUSE)
    assert (ligne.acteur, ligne.nature, ligne.code_refus) == (qui, Entree.Nature.TENTATIVE, "acces_refuse")
    assert ligne.details["usage"] == USAGE
    assert "192.0.2.1" not in str(ligne.details)
    assert "192.0.2.1" not in caplog.text
    assert "trop de codes" in caplog.text
    assert not EssaiAcces.objects.filter(source__contains="192.0.2").exists()


def test_un_essai_ne_se_garde_qu_un_jour() -> None:
    qui = compte()
    rater(qui)
    rater(qui, 60 * 24 + 1)
    assert EssaiAcces.objects.count() == 2
