"""« Choisir une personne » : deux entrées ne se confondent jamais."""

from __future__ import annotations

import pytest

from comptes.models import Clinique, Compte, Role
from espaces.views.demonstration import _personnes, details

pytestmark = pytest.mark.django_db


def test_deux_homonymes_du_meme_lieu_se_distinguent() -> None:
    lieu = Clinique.objects.create(nom="Clinique fictive")
    comptes = [
        Compte.objects.create_user(
            email=f"homonyme.{rang}@exemple.invalid", prenom="Ève", nom=nom, role=Role.CLINICIEN, clinique=lieu
        )
        for rang, nom in enumerate(("Homonyme", "Homonyme", "Unique"))
    ]
    lus = details(comptes)
    assert len(set(lus)) == 3
    assert [str(comptes[rang].email) in lu for rang, lu in enumerate(lus)] == [True, True, False]


def test_le_prenom_et_le_nom_ensemble_trouvent_la_personne() -> None:
    compte = Compte.objects.create_user(
        email="zoe@exemple.invalid", prenom="Zoé", nom="Libre-Essai", role=Role.PRESTATAIRE
    )
    for ecrit in ("Zoé Libre-Essai", "libre-essai zoé", "Zoé", "Libre"):
        assert list(_personnes(ecrit)) == [compte], ecrit
    assert not _personnes("Zoé Autrenom").exists()
