"""Les mesures de la signature et du cahier, en version courte : de vrais actes, et rien n'en reste."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from bench import cahier, signature
from correspondance.models import Lettre
from cse.peuplement.chargement import charger
from decisions.models import Signature
from dossiers.models import Dossier
from tests.fabrique_csems import a_signer, creer_equipe

pytestmark = pytest.mark.django_db


def taire(_: str) -> None:
    """Ne rien dire du chargement."""


def test_signer_se_mesure_sur_la_base_peuplee_sans_rien_laisser() -> None:
    charger(300, taire)
    lettres = Lettre.objects.count()
    prises = signature.mesurer(scenes=1, repetitions=3)
    # Deux signatures, la première et celle qui scelle, trois fois chacune.
    assert len(prises.acte) == len(prises.nues) == 6
    assert 0 < min(prises.nues) <= prises.p95
    assert prises.ratio > 1
    assert (Dossier.objects.count(), Lettre.objects.count()) == (300, lettres)
    assert not Signature.objects.exists()


def test_le_rejeu_fait_ce_que_l_acte_a_fait() -> None:
    """Les mêmes lignes, sous les mêmes numéros, sans passer par l'acte."""
    equipe = creer_equipe()
    dossier = a_signer(equipe)
    suites = signature.lire_suites()
    point = transaction.savepoint()
    instructions = signature.capter(lambda: signature.signer(equipe.medecin, dossier, signature.PREMIERE))
    voulue = Signature.objects.values_list("pk", "signataire", "metier", "le").get()
    transaction.savepoint_rollback(point)
    assert not Signature.objects.exists()
    signature.remettre(suites)
    signature.rejouer(instructions)
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Signature.objects.values_list("pk", "signataire", "metier", "le").get() == voulue
    assert any(sql.startswith("SELECT") for sql, _, _ in instructions)


def test_le_cahier_se_mesure_sans_rien_laisser() -> None:
    prise = cahier.mesurer(pages=6, par_piece=3)
    assert prise.pages > 6
    assert prise.secondes > 0
    assert 5 < prise.memoire < 400
    assert not Dossier.objects.exists()


def test_une_numerisation_ne_se_comprime_plus() -> None:
    octets = cahier.numerisation(2, 1)
    assert len(octets) > 2 * 50_000
    assert octets != cahier.numerisation(2, 2)
