"""La clinique apprend ce qui manque avant une décision défavorable : une carte, jamais l'issue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from correspondance.models import Lettre, MessageCode
from dossiers.models import Demande, Tache
from socle import horloge
from tests.decisions.lecture import lu
from tests.fabriques import RAPPORT, REFUS, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
TITRE = "Ce qui manque avant la décision"


def _offerte() -> Scene:
    scene = Scene().en_concertation()
    scene.joue("medecin", "conclure_concertation", accord="oui")
    jour = scene.instant.date() + timedelta(days=8)
    scene.joue(
        "specialiste", "offrir_occasion", elements=["traitements_essayes"], jusqu_au=jour, appel_note="Appel fait."
    )
    return scene


def _lu(scene: Scene, suite: str = "") -> str:
    adresse = suite or f"/clinique/dossiers/{scene.dossier.reference}/"
    with horloge.figer(scene.instant):
        reponse = session(scene["clinicien"]).get(adresse)
    assert reponse.status_code == 200
    return lu(reponse)


def test_la_carte_dit_ce_qui_manque_et_rien_de_l_issue() -> None:
    scene = _offerte()
    page = _lu(scene)
    assert TITRE in page
    assert "Rien n'est décidé" in page
    assert "Écrire un nouveau rapport" in page
    carte = page[page.index(TITRE) : page.index("Joindre un document")].casefold()
    assert not [mot for mot in ("refus", "défavorable") if mot in carte]
    assert "Lire ce qui manque avant la décision" in _lu(scene, "/clinique/?vue=a-completer")


def test_avant_l_offre_il_n_y_a_pas_de_carte() -> None:
    assert TITRE not in _lu(Scene().en_concertation())


def test_l_accord_retire_ferme_la_carte() -> None:
    scene = _offerte()
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert TITRE not in _lu(scene)


def test_le_dernier_jour_compte_le_lendemain_non() -> None:
    scene = _offerte()
    scene.attendre(days=8)
    assert TITRE in _lu(scene)
    scene.attendre(days=1)
    assert TITRE not in _lu(scene)


def test_un_nouveau_rapport_repond_et_ferme_la_carte() -> None:
    scene = _offerte()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    assert TITRE not in _lu(scene)


def test_la_decision_scellee_ferme_la_carte() -> None:
    scene = _offerte()
    scene.joue("prestataire", "repondre_occasion", texte="Rien.")
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    assert TITRE in _lu(scene)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    assert TITRE not in _lu(scene)


def test_l_offre_ne_fait_naitre_ni_etat_ni_tache_et_une_seule_lettre(settings: object) -> None:
    scene = Scene().en_concertation()
    scene.joue("medecin", "conclure_concertation", accord="oui")
    avant = (list(Demande.objects.values_list("etat", flat=True)), Tache.objects.count(), Lettre.objects.count())
    settings.DEMONSTRATION = True  # type: ignore[attr-defined]
    jour = scene.instant.date() + timedelta(days=8)
    scene.joue("specialiste", "offrir_occasion", elements=["traitements_essayes"], jusqu_au=jour, appel_note="Appel.")
    apres = (list(Demande.objects.values_list("etat", flat=True)), Tache.objects.count(), Lettre.objects.count() - 1)
    assert apres == avant
    signal = MessageCode.objects.get(compte=scene["clinicien"])
    assert scene["prestataire"].nom not in signal.corps
