"""Concurrence et pannes, sur de vraies pièces : fils, PostgreSQL, Redis, travailleur Celery tué.

Source : `epreuves.md` F01 à F06, C01, C03, C04.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from django.db import connection, connections

from comptes.models import Compte
from correspondance import actes as correspondance
from correspondance import relais
from correspondance.models import BacCourrier, Envoi, Lettre
from decisions.models import Decision, Signature
from dossiers.etats import Etat
from dossiers.porte import DejaFait
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.fabriques import REFUS, Scene

REPETITIONS = int(os.environ.get("REPETITIONS", "2"))
pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("resemer")]


def ensemble(*gestes: Callable[[], Any]) -> list[Any]:
    """Joue des gestes au même instant, chacun dans son fil et sa connexion; rend résultats ou exceptions."""
    barriere = threading.Barrier(len(gestes))
    issues: list[Any] = [None] * len(gestes)

    def jouer(rang: int, geste: Callable[[], Any]) -> None:
        try:
            barriere.wait(10)
            issues[rang] = geste()
        except (Refus, DejaFait) as refus:
            issues[rang] = refus
        finally:
            connections.close_all()

    fils = [threading.Thread(target=jouer, args=paire) for paire in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return issues


def codes(issues: list[Any]) -> list[str]:
    """Code de chaque refus, « fait » pour un succès, « deja » pour une soumission déjà reçue."""
    return sorted(
        issue.code if isinstance(issue, Refus) else "deja" if isinstance(issue, DejaFait) else "fait"
        for issue in issues
    )


def signer(jouee: Scene, par: str, **donnees: Any) -> Callable[[], Any]:
    """Le geste de signer un refus, prêt pour un fil."""
    return lambda: jouee.joue(par, "signer_decision", issue="non_reconnue", **{**REFUS, **donnees})


@pytest.mark.parametrize("essai", range(REPETITIONS))
def test_c01_deux_signatures_de_la_meme_personne_au_meme_instant(essai: int) -> None:
    jouee = Scene().a_signer()
    assert codes(ensemble(signer(jouee, "medecin"), signer(jouee, "medecin"))) == ["deja_signe", "fait"], essai
    assert Signature.objects.count() == 1
    assert not Lettre.objects.filter(modele="refus").exists()


@pytest.mark.parametrize("essai", range(REPETITIONS))
def test_c01_les_deux_evaluateurs_signent_au_meme_instant(essai: int) -> None:
    jouee = Scene().a_signer()
    assert codes(ensemble(signer(jouee, "medecin"), signer(jouee, "specialiste"))) == ["fait", "fait"], essai
    assert Decision.objects.filter(scellee_le__isnull=False).count() == 1
    assert Lettre.objects.filter(modele="refus").count() == 1
    assert jouee.demande.etat == Etat.NON_RECONNUES


@pytest.mark.parametrize("essai", range(REPETITIONS))
def test_c01_deux_issues_contraires_au_meme_instant_une_seule_passe(essai: int) -> None:
    jouee = Scene().a_signer()
    contraire = {"issue": "reconnue", "date_effet": "2026-02-02", "justification_date": "date de la demande"}
    issues = ensemble(
        signer(jouee, "medecin"), lambda: jouee.joue("specialiste", "signer_decision", motifs=[], **contraire)
    )
    assert codes(issues) == ["etat_interdit", "fait"], essai
    assert Signature.objects.count() == 1


def test_c03_la_meme_soumission_dans_deux_fils_n_a_qu_un_effet() -> None:
    jouee, cle = Scene().a_signer(), uuid4()
    assert codes(ensemble(signer(jouee, "medecin", cle=cle), signer(jouee, "medecin", cle=cle))) == ["deja", "fait"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("essai", range(REPETITIONS))
def test_c04_la_personne_se_desiste_pendant_la_derniere_signature(essai: int) -> None:
    jouee = Scene().a_signer()
    jouee.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    issues = ensemble(signer(jouee, "specialiste"), lambda: jouee.joue("prestataire", "se_desister"))
    assert codes(issues) == ["etat_interdit", "fait"], essai
    etat, refus = jouee.demande.etat, Lettre.objects.filter(modele="refus").count()
    fermetures = Lettre.objects.filter(modele="fermeture").count()
    assert (etat, refus, fermetures) in ((Etat.NON_RECONNUES, 1, 0), (Etat.FERMEE, 0, 1))


def test_f06_la_base_coupe_pendant_la_signature_tout_ou_rien() -> None:
    jouee, cle = Scene().a_signer(), uuid4()
    jouee.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    avant = Entree.objects.count()

    class Coupure(Exception):
        pass

    def couper(execute: Any, sql: str, params: Any, many: bool, contexte: Any) -> Any:
        if sql.startswith('INSERT INTO "correspondance_lettre"'):
            raise Coupure
        return execute(sql, params, many, contexte)

    with connection.execute_wrapper(couper), pytest.raises(Coupure):
        signer(jouee, "specialiste", cle=cle)()
    assert jouee.demande.etat == Etat.EN_ATTENTE_SIGNATURE
    assert Signature.objects.count() == 1
    assert Entree.objects.count() == avant
    signer(jouee, "specialiste", cle=cle)()
    with pytest.raises(DejaFait):
        signer(jouee, "specialiste", cle=cle)()
    assert Lettre.objects.filter(modele="refus").count() == 1


def au_portail(jouee: Scene) -> None:
    """La personne lit en ligne : sa lettre s'émet dès que le relais passe."""
    Compte.objects.filter(pk=jouee["prestataire"].pk).update(canal_prefere=Compte.Canal.PORTAIL)


def decider(jouee: Scene) -> None:
    """Les deux signatures, à l'heure vraie, pour que le relais trouve la lettre due."""
    for par in ("medecin", "specialiste"):
        jouee.instant = horloge.maintenant()
        signer(jouee, par)()


def travailleur(redis: str, reglages: str = "cse.reglages.essai") -> subprocess.Popen[bytes]:
    """Un vrai travailleur Celery, sur la base d'essai et le Redis de la course."""
    base = connection.settings_dict
    hote = base["HOST"]
    adresse = f"postgres://{base['USER']}:{base['PASSWORD']}@/{base['NAME']}?host={hote}&port={base['PORT']}"
    if not hote.startswith("/"):
        adresse = f"postgres://{base['USER']}:{base['PASSWORD']}@{hote}:{base['PORT']}/{base['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "cse", "worker", "--pool", "solo", "-l", "error", "-Q", "celery"],
        env={
            **os.environ,
            "DATABASE_URL": adresse,
            "REDIS_URL": redis,
            "DJANGO_SETTINGS_MODULE": reglages,
            "PYTHONWARNINGS": "ignore",
        },
    )


def attendre(condition: Callable[[], bool], secondes: float = 60) -> None:
    """Attend qu'une condition devienne vraie; échoue sinon."""
    fin = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < fin, "trop long"
        time.sleep(0.2)


def remis() -> int:
    return Envoi.objects.filter(etat=Envoi.Etat.REMIS).count()


@pytest.mark.redis
def test_un_vrai_travailleur_remet_la_decision_une_seule_fois(adresse_redis: str) -> None:
    jouee = Scene().a_signer()
    au_portail(jouee)
    decider(jouee)
    courtier = Celery(broker=adresse_redis, set_as_current=False)
    processus = travailleur(adresse_redis)
    try:
        for _ in range(3):
            courtier.send_task("correspondance.relayer")
        attendre(lambda: Envoi.objects.exists() and not Envoi.objects.exclude(etat=Envoi.Etat.REMIS).exists())
        courtier.send_task("correspondance.relayer")
        time.sleep(1)
    finally:
        processus.terminate()
        processus.wait(20)
    assert Lettre.objects.filter(modele="refus", emise_le__isnull=False).count() == 1
    assert Envoi.objects.count() == remis() > 0
    assert all(envoi.essais <= 1 for envoi in Envoi.objects.all())


@pytest.mark.redis
def test_f01_le_travailleur_tue_entre_le_rendu_et_la_note_laisse_une_seule_lettre(adresse_redis: str) -> None:
    jouee = Scene().a_signer()
    au_portail(jouee)
    decider(jouee)
    courtier = Celery(broker=adresse_redis, set_as_current=False)
    premier = travailleur(adresse_redis, "tests.epreuves.reglages_tue")
    courtier.send_task("correspondance.relayer")
    assert premier.wait(60) == -signal.SIGKILL
    en_cours = Envoi.objects.filter(etat=Envoi.Etat.EN_COURS)
    assert en_cours.exists()
    en_cours_au_depart = en_cours.count()
    assert BacCourrier.objects.count() == 1
    lettre = Lettre.objects.get(modele="refus")
    sha256 = lettre.sha256
    assert sha256
    en_cours.update(en_cours_depuis=horloge.maintenant() - timedelta(hours=1))  # le bail de l'envoi est échu
    second = travailleur(adresse_redis)
    try:
        courtier.send_task("correspondance.relayer")
        attendre(lambda: not Envoi.objects.exclude(etat=Envoi.Etat.REMIS).exists())
    finally:
        second.terminate()
        second.wait(20)
    lettre.refresh_from_db()
    assert lettre.sha256 == sha256
    assert Lettre.objects.filter(modele="refus").count() == 1
    assert Entree.objects.filter(acte="emettre_lettre", details__modele="refus").count() == 1
    cles = list(BacCourrier.objects.values_list("cle", flat=True))
    assert len(cles) == 1
    assert Envoi.objects.filter(essais__gt=1).count() == en_cours_au_depart


def test_f03_redis_absent_pendant_la_signature_la_decision_tient_et_la_lettre_part_ensuite(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jouee = Scene().a_signer()
    au_portail(jouee)
    monkeypatch.setattr(correspondance, "current_app", Celery(broker="redis://127.0.0.1:1/0", set_as_current=False))
    depart = time.monotonic()
    decider(jouee)
    assert time.monotonic() - depart < 5
    assert jouee.demande.etat == Etat.NON_RECONNUES
    assert Lettre.objects.filter(modele="refus", emise_le__isnull=True).count() == 1
    correspondance.emettre_portail()
    relais.relayer()
    assert Lettre.objects.filter(modele="refus", emise_le__isnull=False).count() == 1
    assert not Envoi.objects.exclude(etat=Envoi.Etat.REMIS).exists()
