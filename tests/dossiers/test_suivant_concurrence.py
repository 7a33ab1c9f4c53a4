"""« Prendre le suivant » en même temps : chacun a le sien, personne n'attend l'autre."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from comptes.models import Role
from dossiers.actes import travail
from dossiers.models import Attribution, Dossier
from journal.models import Entree
from tests.dossiers.scene import autre_dossier, compte, monter

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.usefixtures("resemer")]


def en_meme_temps(agents: list[Any]) -> list[Dossier | None]:
    """Chaque agent prend le suivant dans son propre fil, tous partis ensemble."""
    depart, pris = threading.Barrier(len(agents)), []

    def prendre(agent: Any) -> None:
        try:
            depart.wait(60)
            pris.append(travail.prendre_le_suivant(agent))
        finally:
            connections.close_all()

    fils = [threading.Thread(target=prendre, args=(agent,)) for agent in agents]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(120)
    return pris


def liberer(nombre: int) -> tuple[Any, list[int]]:
    """Une scène dont la file de l'équipe a `nombre` dossiers, dans l'ordre où ils se prennent."""
    scene = monter()
    for _ in range(nombre - 1):
        autre_dossier(scene.bureau, scene.agent)
    Attribution.objects.all().delete()
    Dossier.objects.update(agent=None)
    ordre = Dossier.objects.pour_file().filter(balle="agent").values_list("pk", flat=True)
    return scene, list(ordre)


def test_pendant_que_l_un_prend_l_autre_a_le_suivant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Les deux tiennent leur dossier au même instant : sans `SKIP LOCKED`, le second attendrait le premier."""
    scene, ordre = liberer(3)
    rencontre, executer = threading.Barrier(2), travail.executer

    def ensemble(*args: Any, **donnees: Any) -> Any:
        rencontre.wait(40)
        return executer(*args, **donnees)

    monkeypatch.setattr(travail, "executer", ensemble)
    pris = en_meme_temps([compte(Role.AGENT, bureau=scene.bureau) for _ in range(2)])
    assert sorted(un.pk for un in pris if un) == sorted(ordre[:2])


def test_plus_d_agents_que_de_dossiers() -> None:
    scene, ordre = liberer(5)
    agents = [compte(Role.AGENT, bureau=scene.bureau) for _ in range(8)]
    pris = en_meme_temps(agents)
    assert len(pris) == 8
    assert sorted(un.pk for un in pris if un) == sorted(ordre)
    assert Entree.objects.filter(acte="prendre_dossier", nature=Entree.Nature.ACTE).count() == 5
    assert Dossier.objects.filter(agent__in=agents).values("agent").distinct().count() == 5
