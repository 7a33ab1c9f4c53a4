"""« Prochaine étape » débloque le dossier; « Vous » n'est dit qu'à qui a encore le geste à faire."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dossiers import travaux
from dossiers.models import Dossier
from dossiers.pages import suite
from socle import horloge
from tests.fabriques import NON, REFUS, Scene

pytestmark = pytest.mark.django_db


def etape(scene: Scene) -> tuple[str, str]:
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    return dossier.balle, dossier.prochaine_etape


def a_vous(scene: Scene, *cles: str) -> list[str]:
    """Parmi ces personnes, celles à qui la page dit « Vous »."""
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    return [cle for cle in cles if suite(dossier, scene[cle]).balle.a_vous]


CHEFS = ("chef_bureau", "chef_csems", "chef_drra")
EVALUATEURS = ("medecin", "specialiste", "medecin2", "specialiste2")
REVISEURS = ("reviseur", "reviseuse", "reviseur2")


def test_une_revision_sans_reviseur_attend_son_affectation() -> None:
    scene = Scene().emise()
    scene.joue("prestataire", "demander_revision", motifs="Je conteste.")
    assert etape(scene) == ("drra", "Affecter les réviseurs")
    assert a_vous(scene, *REVISEURS, *CHEFS) == ["chef_drra"]
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    assert etape(scene) == ("drra", "Rendre la décision en révision")
    assert a_vous(scene, *REVISEURS, *CHEFS) == ["reviseur", "reviseuse"]


def test_apres_un_avis_la_balle_est_a_l_autre_evaluateur() -> None:
    scene = Scene().transmise()
    scene.joue("medecin", "prendre_en_evaluation")
    assert a_vous(scene, *EVALUATEURS) == ["medecin", "specialiste", "specialiste2"]
    scene.joue("specialiste", "prendre_en_evaluation")
    assert a_vous(scene, *EVALUATEURS) == ["medecin", "specialiste"]
    scene.avis("medecin")
    assert etape(scene) == ("csems", "Rendre l'avis socioprofessionnel")
    assert a_vous(scene, *EVALUATEURS) == ["specialiste"]
    scene.avis("specialiste")
    assert a_vous(scene, *EVALUATEURS) == ["medecin", "specialiste"]


def test_apres_un_desaccord_le_tiers_seul_debloque() -> None:
    scene = Scene().en_concertation()
    scene.joue("medecin", "conclure_concertation", accord="non")
    assert etape(scene) == ("csems", "Affecter un tiers évaluateur")
    assert a_vous(scene, *EVALUATEURS, *CHEFS) == ["chef_csems"]
    scene.joue("chef_csems", "affecter_evaluateur", evaluateur=scene["medecin2"], motif="Désaccord")
    assert (etape(scene)[1], a_vous(scene, *EVALUATEURS, *CHEFS)) == ("Rendre le tiers avis", ["medecin2"])


def test_une_evaluation_rouverte_rend_la_balle_aux_deux() -> None:
    scene = Scene().a_signer()
    scene.joue("medecin", "rouvrir_evaluation", motif="Une erreur.")
    assert a_vous(scene, *EVALUATEURS) == ["medecin", "specialiste"]


def test_l_occasion_en_cours_donne_la_balle_a_la_personne_jusqu_a_sa_date() -> None:
    scene = Scene().en_concertation()
    scene.joue("medecin", "conclure_concertation", accord="oui")
    assert a_vous(scene, *EVALUATEURS) == ["medecin", "specialiste"]
    fin = scene.instant.date() + timedelta(days=8)
    scene.joue(
        "specialiste", "offrir_occasion", elements=["evaluation_complementaire"], jusqu_au=fin, appel_note="Appel."
    )
    scene.joue("systeme", "emettre_lettres")
    assert etape(scene)[0] == "personne"
    assert Dossier.objects.get(pk=scene.dossier.pk).avant_le == fin
    assert a_vous(scene, *EVALUATEURS, "prestataire") == ["prestataire"]
    with horloge.figer(horloge.heure_locale(fin, 12, 0)):
        travaux.jouer()
    assert etape(scene)[0] == "personne"
    with horloge.figer(horloge.heure_locale(fin + timedelta(days=1), 0, 5)):
        travaux.jouer()
    assert etape(scene) == ("signataires", "Signer la décision")
    assert a_vous(scene, *EVALUATEURS, "prestataire") == ["medecin", "specialiste"]


def test_la_reponse_a_l_occasion_et_chaque_signature_deplacent_la_balle() -> None:
    scene = Scene().a_signer()
    assert a_vous(scene, *EVALUATEURS) == ["medecin", "specialiste"]
    scene.joue("specialiste", "signer_decision", issue="non_reconnue", **REFUS)
    assert etape(scene) == ("signataires", "Signer la décision : il manque la signature du médecin")
    assert a_vous(scene, *EVALUATEURS) == ["medecin"]


def test_en_revision_seul_l_autre_reviseur_a_encore_a_signer() -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    scene.joue("reviseuse", "rendre_revision", issue="confirmee")
    assert etape(scene) == ("drra", "Rendre la décision en révision : il manque la signature du médecin")
    assert a_vous(scene, *REVISEURS) == ["reviseur"]


def test_un_renseignement_n_est_attendu_que_de_son_destinataire() -> None:
    scene = Scene().en_evaluation()
    scene.joue("medecin", "demander_renseignement", elements=["duree_limitations"], a=scene["clinicien"])
    assert a_vous(scene, "clinicien", "clinicien_ailleurs", "prestataire") == ["clinicien"]


def test_sans_l_autre_avis_rendu_le_premier_avis_refait_ne_rend_pas_la_balle() -> None:
    scene = Scene().en_evaluation()
    scene.avis("medecin")
    scene.joue(
        "medecin", "rendre_avis", questions=NON, texte="Autre avis.", pieces_citees=["sr2100"],
        recommandation="ne_pas_reconnaitre",
    )  # fmt: skip
    assert a_vous(scene, *EVALUATEURS) == ["specialiste"]
