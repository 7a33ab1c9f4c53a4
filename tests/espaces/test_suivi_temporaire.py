"""Ce que la personne lit quand sa contrainte temporaire arrive à sa fin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptes.models import Compte
from socle import horloge
from tests.decisions.scene_temporaire import FIN, accordee, au, confirmee, nuit, proposee, sha
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


def suivi(scene: Scene) -> str:
    with horloge.figer(scene.instant + timedelta(minutes=5)):
        page = session(scene["prestataire"]).get("/suivi/").content.decode()
    return page.replace("&#x27;", "'").replace("\xa0", " ")


def test_rien_avant_la_question_ni_a_une_premiere_demande() -> None:
    assert "Votre contrainte temporaire va" not in suivi(au(accordee(), FIN - timedelta(days=60)))
    assert "contrainte temporaire" not in suivi(Scene().deposee())


def test_la_clinique_est_interrogee_et_la_personne_n_a_rien_a_faire() -> None:
    page = suivi(proposee())
    assert "Votre contrainte temporaire va jusqu'au 1er juin 2026." in page
    assert "Nous avons demandé à votre clinique si elle est toujours valable. Vous n'avez rien à faire." in page


def test_en_anglais_pour_qui_a_choisi_l_anglais() -> None:
    scene = proposee()
    Compte.objects.filter(pk=scene["prestataire"].pk).update(langue="en")
    page = suivi(scene)
    assert "It lasts until June 1, 2026." in page
    assert "We asked your clinic if it is still valid. You have nothing to do." in page
    assert '<html lang="en-CA">' in page


def test_apres_la_confirmation_sans_rien_promettre() -> None:
    scene = confirmee()
    page = suivi(scene)
    assert "Votre clinique a dit qu'elle est toujours valable." in page
    assert "Si elle est renouvelée, la suite commence le lendemain." in page
    # La suite d'une contrainte temporaire n'exige pas de redire ses études et ses emplois.
    assert "Parlez-nous de vos études" not in page
    scene.joue("agent", "accorder_renouvellement", mois=3)
    assert "Votre clinique a dit" not in suivi(scene)


def test_confirmee_apres_la_fin_ne_dit_pas_le_lendemain() -> None:
    scene = au(proposee(), FIN + timedelta(days=2))
    scene.joue("clinicien", "renouveler_temporaire", mois=3, rapport_vu=sha(scene))
    page = suivi(scene)
    assert "était prévue jusqu'au 1er juin 2026" in page
    assert "commence le lendemain" not in page


def test_non_confirmee_qui_appeler() -> None:
    scene = proposee()
    scene.joue("clinicien", "ne_pas_confirmer_temporaire", raison="terminee")
    page = suivi(scene)
    assert "n'a pas confirmé" in page
    assert "Un agent vous appellera." in page
    assert "terminée" not in page  # ce que la clinique a choisi se dit de vive voix


def test_sans_accord_ou_sans_reponse_appeler() -> None:
    scene = proposee()
    assert "n'a pas encore répondu" in suivi(au(scene, FIN + timedelta(days=1)))
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert "Nous ne pouvons pas joindre votre clinique" in suivi(scene)


def test_un_rapport_complet_est_recu() -> None:
    scene = proposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    assert "Votre clinique a envoyé un nouveau rapport." in suivi(scene)


def test_une_demande_plus_recente_efface_la_carte() -> None:
    scene = proposee()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    assert "toujours valable" not in suivi(scene)


def test_plusieurs_de_suite_proposent_une_evaluation() -> None:
    scene = proposee()
    assert "évaluation des contraintes sévères" not in suivi(scene)
    scene.joue("clinicien", "renouveler_temporaire", mois=2, rapport_vu=sha(scene))
    scene.joue("agent", "accorder_renouvellement", mois=2)
    scene.joue("systeme", "emettre_lettres")
    nuit(au(scene, FIN + timedelta(days=30)))
    page = suivi(scene)
    assert "vous pouvez demander une évaluation des contraintes sévères" in page
    assert "Demander un appel" in page
