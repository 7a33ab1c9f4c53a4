"""Une requête gardée composée : composée une fois, lue à chaque fois."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from comptes.models import Bureau
from socle import requetes_pretes
from socle.requetes_pretes import ICI, lire


@pytest.fixture(autouse=True)
def _vide() -> Iterator[None]:
    requetes_pretes.oublier()
    yield
    requetes_pretes.oublier()


@pytest.mark.django_db
def test_composee_une_fois_et_relue_a_chaque_fois() -> None:
    compositions = []

    def composer() -> Any:
        compositions.append(1)
        return Bureau.objects.filter(pk=ICI).values_list("nom")

    un = Bureau.objects.create(code="un", nom="Un", region="06", telephone="514 555-0101")
    deux = Bureau.objects.create(code="deux", nom="Deux", region="06", telephone="514 555-0102")
    assert lire("bureau", composer, {ICI: un.pk}) == [("Un",)]
    assert lire("bureau", composer, {ICI: deux.pk}) == [("Deux",)]
    Bureau.objects.filter(pk=deux.pk).update(nom="Autre")
    assert lire("bureau", composer, {ICI: deux.pk}) == [("Autre",)]
    assert lire("bureau", composer) == []
    assert compositions == [1]


@pytest.mark.django_db
def test_une_requete_qui_ne_rend_jamais_rien_ne_va_pas_en_base(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert lire("rien", lambda: Bureau.objects.none().values_list("nom")) == []
        assert lire("rien", lambda: Bureau.objects.none().values_list("nom")) == []


@pytest.mark.django_db
def test_ce_qui_est_garde_est_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requetes_pretes, "GARDEES", 2)
    compositions: list[int] = []
    for rang in (1, 2, 1, 3, 1, 2):

        def composer(rang: int = rang) -> Any:
            compositions.append(rang)
            return Bureau.objects.filter(pk=rang).values_list("pk")

        lire(rang, composer)
    assert compositions == [1, 2, 3, 2]


@pytest.mark.django_db
def test_elle_se_compte_comme_les_autres(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as lues:
        lire("compte", lambda: Bureau.objects.filter(pk=ICI).values_list("nom"), {ICI: 1})
    assert "comptes_bureau" in lues[0]["sql"]
