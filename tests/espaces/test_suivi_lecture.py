"""La page de la personne dit un seul moment, même si la lettre part pendant qu'elle se compose."""

from __future__ import annotations

import pytest

from dossiers.models import Dossier
from espaces import suivi
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
ATTEND = "Une décision est prise. Elle vous sera envoyée par lettre."


def test_une_lettre_emise_entre_deux_lectures_ne_contredit_pas_la_page() -> None:
    scene = Scene().decidee()
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert dossier.courante_lue is not None  # lue avant l'émission
    assert suivi.suivi(dossier)[0].phrase == ATTEND
    scene.joue("systeme", "emettre_lettres")
    page, _ = suivi.suivi(dossier)
    assert page.geste is not None
    assert page.geste.titre == "Votre lettre est arrivée"
    assert page.phrase == "La décision est rendue. Elle est dans votre lettre."
    assert [etape.titre for etape in page.etapes if etape.etat != "faite"] == []


def test_une_demande_lue_avant_la_signature_ne_montre_pas_sa_decision() -> None:
    scene = Scene().a_signer()
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert dossier.courante_lue is not None
    for par in ("medecin", "specialiste"):
        motifs = {"motifs": ["contraintes_non_severes"], "ce_qui_changerait": ["evaluation_complementaire"]}
        scene.joue(par, "signer_decision", issue="non_reconnue", **(motifs if par == "medecin" else {}))
    scene.joue("systeme", "emettre_lettres")
    page, lettres = suivi.suivi(dossier)
    assert page.phrase == "Votre demande est à l'étude."
    assert page.lettre is None
    assert not [une for une in lettres if une.modele == "refus"]


def test_l_ancienne_lettre_n_annonce_pas_la_revision() -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    scene.joue("reviseuse", "rendre_revision", issue="confirmee")
    scene.joue("reviseur", "rendre_revision", issue="confirmee")
    page, _ = suivi.suivi(Dossier.objects.get(pk=scene.dossier.pk))
    assert page.phrase == "La révision est terminée. La réponse vous sera envoyée par lettre."
    assert page.geste is None
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    assert dossier.courante_lue is not None
    scene.joue("systeme", "emettre_lettres")
    page, _ = suivi.suivi(dossier)
    assert page.phrase == "La décision en révision est rendue. Elle est dans votre lettre."
    assert page.geste is not None
