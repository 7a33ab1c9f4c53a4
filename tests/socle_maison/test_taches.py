"""L'horaire : chaque entrée nomme une tâche qui existe et que l'on peut appeler ainsi."""

from __future__ import annotations

import inspect

import pytest
from django.conf import settings

from cse.celery import application

ENTREES = sorted(settings.CELERY_BEAT_SCHEDULE)


def test_l_horaire_est_celui_de_la_conception() -> None:
    taches = {entree["task"]: str(entree["schedule"]) for entree in settings.CELERY_BEAT_SCHEDULE.values()}
    assert taches["correspondance.relayer"] == "10.0"
    assert taches["journal.sceller"] == "60.0"
    assert "30 17 * * *" in taches["correspondance.lot_postal"]
    assert "5 0 * * *" in taches["dossiers.constater_echeances"]
    assert "referentiels.calculer_delais" in taches


@pytest.mark.parametrize("nom", ENTREES)
def test_une_entree_a_une_tache_de_signature_valide(nom: str) -> None:
    application.loader.import_default_modules()
    entree = settings.CELERY_BEAT_SCHEDULE[nom]
    tache = application.tasks[entree["task"]]
    signature = inspect.signature(tache.run)
    signature.bind(*entree.get("args", ()), **entree.get("kwargs", {}))
