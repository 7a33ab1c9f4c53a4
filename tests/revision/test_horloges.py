"""Le jour d'une révision est le même, qu'elle soit lue seule avec ses réceptions ou dans une file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dossiers.porte import executer
from revision import files, lecture
from revision.models import Revision
from socle import horloge
from tests import fabrique_csems as csems

pytestmark = pytest.mark.django_db


def test_le_depart_suit_ce_que_la_personne_a_verse_pendant_son_delai() -> None:
    equipe = csems.creer_equipe()
    dossier = csems.recevable(equipe)
    maintenant, jour = horloge.maintenant(), horloge.aujourd_hui()
    Revision.objects.update(
        recue_le=jour - timedelta(days=40), delai_demande_le=maintenant - timedelta(days=30), delai_jusqu_au=jour
    )
    with horloge.figer(maintenant - timedelta(days=10)):
        executer("verser_piece", acteur=dossier.prestataire, dossier=dossier, nature="Autre", titre="Lettre")
    en_file = Revision.objects.select_related("demande").get()
    seule = lecture.revision_du_reviseur(dossier, equipe.medecin_drra)
    assert seule is not None
    assert files.horloges([seule])[seule.pk] == files.horloges([en_file])[en_file.pk]
    assert files.horloges([seule])[seule.pk].depart.jour == jour - timedelta(days=10)
    assert files.horloges([seule])[seule.pk].demander is not None
