"""Le peuplement : chargé par COPY, le même à chaque fois, conforme aux contraintes, hors scellement."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from correspondance.models import Lettre
from cse.peuplement import faits
from cse.peuplement.chargement import CONTRAINTES, INDEX, charger
from dossiers.models import Demande, Dossier, Piece
from journal.actes import sceller, verifier_chaine
from journal.models import Entree

VOLUME = 400
JOUR = date(2026, 11, 20)
TABLES = ["dossiers_dossier", "journal_entree", "correspondance_lettre"]


def taire(_: str) -> None:
    """Ne rien dire du chargement."""


def _sans_parure(definition: str) -> str:
    """Retirer conversions et parenthèses : PostgreSQL 16 ne réécrit pas un prédicat comme il l'a lu."""
    return re.sub(r"::[a-z ]+(\[\])?|[()\[\]]", "", definition)


def _structure() -> list[tuple[str, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(CONTRAINTES, [TABLES])
        contraintes = curseur.fetchall()
        curseur.execute(INDEX, [TABLES])
        return sorted((*noms, _sans_parure(definition)) for *noms, definition in [*contraintes, *curseur.fetchall()])


def test_asymetrique_et_deterministe() -> None:
    bureaux = Counter(faits.bureau_de(i) for i in range(20_000))
    assert 0.13 < bureaux[0] / 20_000 < 0.17
    assert len(bureaux) == faits.BUREAUX
    assert max(nombre for rang, nombre in bureaux.items() if rang) < 600
    assert [faits.fait(i, JOUR) for i in range(50)] == [faits.fait(i, JOUR) for i in range(50)]
    assert len({faits.reference(i, 8) for i in range(50_000)}) == 50_000
    assert sum(part for _, part in faits.PARTS) == 100


@pytest.mark.django_db
def test_tout_ce_qui_est_promis_est_charge() -> None:
    avant = _structure()
    charger(VOLUME, taire)
    assert _structure() == avant
    assert Dossier.objects.count() == Demande.objects.count() == VOLUME
    assert Entree.objects.count() == VOLUME * faits.LIGNES + 2 * faits.LIGNES_LOURDES
    lourd, ordinaire = Dossier.objects.order_by("pk")[:2]
    assert (lourd.pieces.count(), ordinaire.pieces.count()) == (faits.PIECES_LOURDES, faits.PIECES_ORDINAIRES)
    assert Piece.objects.count() == (VOLUME - 2) * faits.PIECES + faits.PIECES_LOURDES + faits.PIECES_ORDINAIRES
    assert Lettre.objects.count() == VOLUME * 3 // 2
    assert not Lettre.objects.filter(octets__isnull=False).exists()
    for dossier in Dossier.objects.all()[:60]:
        assert dossier.demandes.get().etat == dossier.etat
        dossier.full_clean(exclude=["nam", "nas", "annonce"])
    dernier = Dossier.objects.order_by("-pk").values_list("pk", flat=True).first()
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval(pg_get_serial_sequence('dossiers_dossier', 'id'))")
        assert curseur.fetchone()[0] > dernier


@pytest.mark.django_db
def test_le_peuplement_reste_hors_scellement() -> None:
    charger(20, taire)
    assert sceller() is None
    assert verifier_chaine() == []


@pytest.mark.django_db
def test_une_base_peuplee_est_refusee() -> None:
    charger(20, taire)
    with pytest.raises(CommandError, match="porte déjà des dossiers"):
        call_command("peupler", volume=20)
    with pytest.raises(CommandError, match="le volume va de"):
        call_command("peupler", volume=0)
